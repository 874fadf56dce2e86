from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path

import pytest

from tests.commands.conftest import Run
from tests.rag import texts


def files_of(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file below, with its time and content."""
    return {str(p): (p.stat().st_mtime_ns, p.read_bytes()) for p in folder.rglob("*") if p.is_file()}


def spoil(data: Path, snapshot_id: str) -> None:
    path = data / "snapshots" / snapshot_id / "vectors.faiss"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_building(run: Run, data: Path) -> None:
    ended = run("index", "build")
    assert ended.status == 0
    assert "2 cases, 2 editions, 8 passages" in ended.out
    assert " texts embedded" in ended.out
    assert ended.err.splitlines()[0].startswith("Embedding: 0 of ")
    total = ended.err.split()[-1]
    assert ended.err.splitlines()[-1] == f"Embedding: {total} of {total}"
    assert "\r" not in ended.err  # no bar where there is no terminal
    assert (data / "current").exists()


def test_building_as_json(run: Run) -> None:
    told = run("index", "build", "--json").told
    assert told["counts"]["cases"] == 2
    assert (told["reused"], told["refused"]) == (False, [])
    assert told["embedded"] > 0
    assert told["seconds"]["embedding"] > 0


def test_building_twice_reuses(built: Run, data: Path) -> None:
    before = files_of(data / "snapshots")
    ended = built("index", "build")
    assert ended.status == 0
    assert "(already held)" in ended.out
    told = built("index", "build", "--json").told
    assert (told["reused"], told["embedded"]) == (True, 0)
    assert files_of(data / "snapshots") == before


def test_building_with_one_more_text_embeds_that_alone(built: Run, seeds: Path) -> None:
    passages = built("index", "build", "--json").told["counts"]["passages"]
    text = texts.ANOTHER_BATCH.replace("Case No. 9", "Case No. 10").replace("3rd", "4th")
    (seeds / "batch_4_en.txt").write_text(text, encoding="utf-8")
    told = built("index", "build", "--json").told
    assert told["counts"]["passages"] == passages + 4
    assert 0 < told["embedded"] <= 10
    assert not told["reused"]


def test_building_from_files_and_folders(run: Run, seeds: Path, tmp_path: Path) -> None:
    assert run("index", "build", seeds / "batch_3_en.txt", "--json").told["counts"]["cases"] == 1
    shutil.copytree(seeds, tmp_path / "elsewhere" / "deep")
    assert run("index", "build", tmp_path / "elsewhere", "--json").told["counts"]["cases"] == 2


def test_a_file_beside_the_seeds(run: Run, seeds: Path, tmp_path: Path) -> None:
    other = tmp_path / "batch_4_en.txt"
    text = texts.ANOTHER_BATCH.replace("Case No. 9", "Case No. 10").replace("3rd", "4th")
    other.write_text(text, encoding="utf-8")
    assert run("index", "build", seeds, other, "--json").told["counts"]["cases"] == 3


def test_a_file_of_no_cases_is_refused_with_the_reason(run: Run, seeds: Path) -> None:
    (seeds / "recipe.txt").write_text("Take two eggs and some flour.", encoding="utf-8")
    ended = run("index", "build")
    assert ended.status == 0
    line = next(line for line in ended.out.splitlines() if line.startswith("refused"))
    assert "recipe.txt" in line
    assert "not a text of guiding cases" in line
    ((path, reason),) = run("index", "build", "--json").told["refused"]
    assert path.endswith("recipe.txt")
    assert "not a text of guiding cases" in reason


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("recipe.txt", b"Take two eggs and some flour.", "not a text of guiding cases"),
        ("scan.txt", b"%PDF-1.7", "PDF"),
        ("empty.txt", b"", "empty"),
        ("case.docx", b"PK", "only .txt and .md"),
        (None, b"", "cannot be read"),
    ],
)
def test_nothing_but_files_of_no_cases(
    run: Run, tmp_path: Path, data: Path, name: str | None, content: bytes, reason: str
) -> None:
    path = tmp_path / (name or "absent.txt")
    if name:
        path.write_bytes(content)
    ended = run("index", "build", path)
    assert (ended.status, ended.out) == (1, "")
    assert path.name in ended.err
    assert reason in ended.err
    assert not data.exists()
    assert run("index", "build", path, "--json").told["error"]["code"] == "source_refused"


def test_an_empty_folder(run: Run, tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv("JIANLI_SEEDS", str(empty))
    for ended in (run("index", "build"), run("index", "build", empty), run("ask", "Who was fined?")):
        assert ended.status == 1
        assert "No text of guiding cases was found" in ended.err
        assert str(empty) in ended.err
    assert not data.exists()


def test_a_seeds_folder_that_is_not_there(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIANLI_SEEDS", str(tmp_path / "nowhere"))
    ended = run("index", "build")
    assert ended.status == 1
    assert "nowhere" in ended.err
    assert "JIANLI_SEEDS" in ended.err


def test_seeds_that_were_altered(run: Run, seeds: Path) -> None:
    manifest = '{"sources": [{"file": "batch_3_en.txt", "sha256": "00", "language": "en"}]}'
    (seeds / "manifest.json").write_text(manifest)
    ended = run("index", "build")
    assert ended.status == 1
    assert "batch_3_en.txt was altered" in ended.err


def test_a_data_folder_that_cannot_be_made(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIANLI_DATA", "/proc/nowhere")
    ended = run("index", "build")
    assert ended.status == 1
    assert "/proc/nowhere" in ended.err


def test_another_writer(built: Run, data: Path) -> None:
    with (data / "lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ended = built("index", "build")
        assert ended.status == 1
        assert f"process {os.getpid()} is writing" in ended.err
        assert built("index", "list").status == 0


def test_a_file_name_that_is_not_utf_8(run: Run, seeds: Path) -> None:
    (seeds / "batch_3_en.txt").rename(os.fsdecode(os.fsencode(seeds) + "/第三批.txt".encode("gbk")))
    assert run("index", "build").status == 0


def test_listing(two: tuple[str, str], run: Run) -> None:
    older, newer = two
    lines = run("index", "list").out.splitlines()
    assert [line.split()[:2] for line in lines] == [["*", newer], [older, lines[1].split()[1]]]
    assert "3 cases" in lines[0]
    assert "fake" in lines[0]
    told = run("index", "list", "--json").told
    assert [(entry["snapshot_id"], entry["current"]) for entry in told] == [(newer, True), (older, False)]
    assert told[0]["manifest"]["counts"]["cases"] == 3


def test_listing_nothing(run: Run, data: Path) -> None:
    ended = run("index", "list")
    assert (ended.status, ended.out) == (0, "")
    assert "jianli index build" in ended.err
    assert run("index", "list", "--json").told == []
    assert not data.exists()


def test_listing_a_spoiled_one(two: tuple[str, str], run: Run, data: Path) -> None:
    older, newer = two
    (data / "snapshots" / older / "manifest.json").write_text("{")
    ended = run("index", "list")
    assert ended.status == 0
    assert newer in ended.out.splitlines()[0]
    assert f"{older}  cannot be read" in ended.out.splitlines()[1]


def test_verifying(two: tuple[str, str], run: Run, data: Path) -> None:
    older, newer = two
    before = files_of(data)
    assert run("index", "verify").out.startswith(f"{newer} is whole: ")
    assert run("index", "verify", older).out.startswith(f"{older} is whole: ")
    told = run("index", "verify", "--json").told
    assert (told["snapshot"], told["whole"]) == (newer, True)
    assert files_of(data) == before


def test_a_flipped_bit_is_found(two: tuple[str, str], run: Run, data: Path) -> None:
    older, _ = two
    spoil(data, older)
    assert run("index", "verify").status == 0
    ended = run("index", "verify", older)
    assert (ended.status, ended.out) == (1, "")
    assert older in ended.err
    assert "vectors.faiss" in ended.err
    ended = run("index", "verify", older, "--json")
    assert ended.status == 1
    assert not ended.told["whole"]
    assert "vectors.faiss" in ended.told["problem"]


@pytest.mark.parametrize("name", ["s-0123456789abcdef", "..", "current"])
@pytest.mark.parametrize("command", ["verify", "rollback"])
def test_a_snapshot_that_is_not_held(built: Run, command: str, name: str) -> None:
    ended = built("index", command, name)
    assert ended.status == 1
    assert name in ended.err
    assert "jianli index list" in ended.err


def test_rolling_back_and_forward(two: tuple[str, str], run: Run, data: Path) -> None:
    older, newer = two
    ended = run("index", "rollback")
    assert ended.status == 0
    assert ended.out.startswith(f"{older} is the current snapshot")
    assert (data / "current").read_text().strip() == older
    assert run("index", "rollback", newer, "--json").told == {"snapshot": newer}
    assert run("index", "list").out.startswith(f"* {newer}")


def test_nothing_to_roll_back_to(built: Run) -> None:
    ended = built("index", "rollback")
    assert (ended.status, ended.out) == (1, "")
    assert "no older snapshot" in ended.err


def test_rolling_back_to_a_spoiled_one_changes_nothing(two: tuple[str, str], run: Run, data: Path) -> None:
    older, newer = two
    spoil(data, older)
    ended = run("index", "rollback")
    assert ended.status == 1
    assert "vectors.faiss" in ended.err
    assert (data / "current").read_text().strip() == newer


@pytest.mark.xfail(reason="rollback goes by when a snapshot was made, not by which one was current before")
def test_rolling_back_from_a_build_that_was_held_already(two: tuple[str, str], run: Run, seeds: Path) -> None:
    older, newer = two
    (seeds / "batch_4_en.txt").unlink()
    assert run("index", "build", "--json").told["snapshot_id"] == older
    assert run("index", "rollback", "--json").told == {"snapshot": newer}
