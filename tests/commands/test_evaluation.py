from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import ir_measures
import pytest

from tests.commands.conftest import Run

QUESTIONS = [
    {
        "id": "t-1",
        "case": 9,
        "lang": "en",
        "edition": "en",
        "kind": "structure",
        "question": "What are the key words of case 9?",
        "answerable": True,
        "answer": "Forged invoices; tax",
        "evidence": ["Forged invoices; tax [12]"],
        "must": [["Forged invoices"]],
        "section": "keywords",
    },
    {
        "id": "t-2",
        "case": 300,
        "lang": "zh",
        "edition": "zh",
        "kind": "fact",
        "question": "检例第300号的要旨是什么？",
        "answerable": False,
        "answer": "",
        "evidence": [],
        "must": [],
        "why": "case 300 is not held",
    },
]


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "small.jsonl"
    lines = [json.dumps(question, ensure_ascii=False) for question in QUESTIONS]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def floors(tmp_path: Path) -> Path:
    path = tmp_path / "floors.json"
    path.write_text('{"fully_right": 1.0, "quotes_verbatim": 1.0, "marker_integrity": 1, "located": 1}')
    return path


def saved(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json"))


def test_a_run_is_shown_and_saved(built: Run, questions: Path) -> None:
    ended = built("eval", "run", questions)
    assert ended.status == 0
    assert "Wrong: 0 of 2" in ended.out
    (path,) = saved(Path("runs"))
    assert path.name.endswith("-small.json")
    assert str(path) in ended.err
    assert "Questions: 2 of 2" in ended.err
    run = json.loads(path.read_text(encoding="utf-8"))
    assert run["overall"]["fully_right"] == 1.0
    assert len(run["rows"]) == 2
    assert run["embedder"] == "fake"
    assert run["snapshot"].startswith("s-")
    assert run["commit"]


def test_a_run_as_json(built: Run, questions: Path, tmp_path: Path) -> None:
    ended = built("eval", "run", questions, "--json", "--out", tmp_path / "elsewhere")
    (path,) = saved(tmp_path / "elsewhere")
    assert ended.told == json.loads(path.read_text(encoding="utf-8"))
    assert not Path("runs").exists()


def test_floors_that_are_kept(built: Run, questions: Path, floors: Path) -> None:
    assert built("eval", "run", questions, "--floors", floors).status == 0


def test_a_floor_that_is_missed(built: Run, questions: Path, floors: Path) -> None:
    questions.write_text(questions.read_text(encoding="utf-8").replace("Forged invoices; tax [12]", "20,000"))
    text = json.dumps(
        QUESTIONS[0] | {"must": [["20,000 yuan"]], "evidence": ["fined him 20,000 yuan"]}, ensure_ascii=False
    )
    questions.write_text(text, encoding="utf-8")
    ended = built("eval", "run", questions, "--floors", floors)
    assert ended.status == 1
    assert "Below its floor: fully_right is 0.0" in ended.err
    assert "quotes_verbatim" not in ended.err
    assert "Wrong: 1 of 1" in ended.out
    assert len(saved(Path("runs"))) == 1  # saved all the same
    assert "t-1" in ended.out
    assert "t-1" not in built("eval", "run", questions, "--wrong", "0").out


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (None, "floors.json"),
        ("{", "floors.json"),
        ("[1]", "JSON object"),
        ('{"fully_right": "high"}', "JSON object"),
        ('{"fully_write": 1}', "fully_write"),
    ],
)
def test_floors_that_cannot_be_used(
    built: Run, questions: Path, floors: Path, content: str | None, named: str
) -> None:
    floors.unlink()
    if content is not None:
        floors.write_text(content)
    ended = built("eval", "run", questions, "--floors", floors)
    assert ended.status == 1
    assert named in ended.err


@pytest.mark.parametrize(
    ("content", "named"),
    [(None, "no question set"), ("", "holds no question"), ('{"id": 1}', ":1:"), ("\n{", ":2:")],
)
def test_questions_that_cannot_be_used(built: Run, tmp_path: Path, content: str | None, named: str) -> None:
    path = tmp_path / "bad.jsonl"
    if content is not None:
        path.write_text(content)
    ended = built("eval", "run", path)
    assert (ended.status, ended.out) == (1, "")
    assert named in ended.err
    assert not Path("runs").exists()


def test_reporting_a_saved_run(built: Run, questions: Path) -> None:
    ran = built("eval", "run", questions)
    (path,) = saved(Path("runs"))
    ended = built("eval", "report", path)
    assert ended.status == 0
    assert ended.out == ran.out
    assert built("eval", "report", path, "--json").told == json.loads(path.read_text(encoding="utf-8"))


def test_comparing(built: Run, questions: Path, tmp_path: Path) -> None:
    built("eval", "run", questions, "--out", "before")
    built("eval", "run", questions, "--out", "after")
    (before,), (after,) = saved(Path("before")), saved(Path("after"))
    ended = built("eval", "compare", before, after)
    assert ended.status == 0
    assert (
        "fully_right              100 → 100    +0.0 (95 % from +0.0 to +0.0, p = 1.000, n = 2)" in ended.out
    )
    assert "Became wrong: 0" in ended.out
    told = built("eval", "compare", before, after, "--json").told
    assert (told["difference"], told["gained"], told["lost"]) == (0.0, [], [])
    questions.write_text(json.dumps(QUESTIONS[0]), encoding="utf-8")
    built("eval", "run", questions, "--out", "other")
    ended = built("eval", "compare", before, saved(Path("other"))[0])
    assert ended.status == 1
    assert "different questions" in ended.err


def altered(path: Path, to: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """A copy of a run, its rows repeated to a number that a change can be told from chance in."""
    run = json.loads(path.read_text(encoding="utf-8"))
    run["rows"] = [deepcopy(row) | {"id": f"{row['id']}-{n}"} for n in range(20) for row in run["rows"]]
    change(run)
    to.write_text(json.dumps(run), encoding="utf-8")
    return to


def test_a_regression_ends_with_status_1(built: Run, questions: Path, tmp_path: Path) -> None:
    def declined(run: dict[str, Any]) -> None:
        for row in run["rows"][:20]:
            if row["answerable"]:
                row["abstained"] = True
                row["judgement"]["fully_right"] = False

    def moved(run: dict[str, Any]) -> None:
        run["snapshot"] = "s-other"

    built("eval", "run", questions)
    (path,) = saved(Path("runs"))
    before = altered(path, tmp_path / "before.json", lambda run: None)
    after = altered(path, tmp_path / "after.json", declined)
    ended = built("eval", "compare", before, after)
    assert ended.status == 1
    assert ended.err.splitlines() == [
        "Regression beyond chance: fully_right",
        "Regression beyond chance: fully_right_answerable",
    ]
    assert "Became wrong: 10" in ended.out
    assert "WARNING" not in ended.out
    ended = built("eval", "compare", before, after, "--json")
    assert ended.status == 1
    tested = {one["name"]: one for one in ended.told["differences"]}
    assert (tested["fully_right"]["before"], tested["fully_right"]["after"]) == (1, 0.75)
    assert tested["fully_right"]["regression"]
    assert len(tested["fully_right"]["worse"]) == 10
    assert not tested["abstention_recall"]["regression"]
    # The other way round it is better.
    assert built("eval", "compare", after, before).status == 0
    other = altered(path, tmp_path / "other.json", moved)
    ended = built("eval", "compare", before, other)
    assert ended.status == 0
    assert "WARNING: the runs saw different snapshots" in ended.out
    assert len(built("eval", "compare", before, other, "--json").told["warnings"]) == 1


def test_a_page(built: Run, questions: Path, tmp_path: Path) -> None:
    ended = built("eval", "run", questions, "--html", "page.html")
    assert ended.status == 0
    assert "Page written as page.html" in ended.err
    (path,) = saved(Path("runs"))
    ended = built("eval", "report", path, "--html", tmp_path / "new" / "page.html", "--json")
    assert ended.status == 0
    assert ended.told["rows"][0]["evidence"] == ["Forged invoices; tax [12]"]
    page = Path("page.html").read_text(encoding="utf-8")
    assert page == (tmp_path / "new" / "page.html").read_text(encoding="utf-8")
    assert "Wrong: 0 of 2" in page
    assert str(questions) in page


def test_a_page_that_cannot_be_written(built: Run, questions: Path) -> None:
    built("eval", "run", questions)
    (path,) = saved(Path("runs"))
    before = path.read_bytes()
    for place in (questions / "page.html", Path("runs"), path):
        ended = built("eval", "report", path, "--html", place)
        assert (ended.status, ended.out) == (1, "")
        assert ended.err.startswith(f"jianli: {place}: ")
        assert (
            built("eval", "report", path, "--html", place, "--json").told["error"]["code"] == "page_refused"
        )
    assert path.read_bytes() == before
    ended = built("eval", "run", questions, "--out", "kept", "--html", "runs")
    assert ended.status == 1
    assert len(saved(Path("kept"))) == 1


def test_trec_files(built: Run, questions: Path, tmp_path: Path) -> None:
    ended = built("eval", "run", questions, "--trec", tmp_path / "one")
    assert ended.status == 0
    assert f"TREC file written as {tmp_path / 'one' / 'evidence.run'}" in ended.err
    (path,) = saved(Path("runs"))
    assert built("eval", "report", path, "--trec", tmp_path / "two").status == 0
    for name in ("evidence.run", "evidence.qrels", "sections.run", "sections.qrels"):
        text = (tmp_path / "one" / name).read_text(encoding="utf-8")
        assert text == (tmp_path / "two" / name).read_text(encoding="utf-8")
        assert text.startswith("t-1 ")
    read_qrels: Any = ir_measures.read_trec_qrels
    read_run: Any = ir_measures.read_trec_run
    theirs = ir_measures.calc_aggregate(
        [ir_measures.RR @ 10],
        list(read_qrels(str(tmp_path / "one" / "evidence.qrels"))),
        list(read_run(str(tmp_path / "one" / "evidence.run"))),
    )
    ours = json.loads(path.read_text(encoding="utf-8"))["overall"]["evidence_mrr@10"]
    assert theirs[ir_measures.RR @ 10] == pytest.approx(ours)
    assert built("eval", "report", path, "--trec", path).status == 1


@pytest.mark.parametrize("content", [None, "{", "{}", '{"schema": 99}', "[]"])
def test_runs_that_cannot_be_read(run: Run, tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "run.json"
    if content is not None:
        path.write_text(content)
    for ended in (run("eval", "report", path), run("eval", "compare", path, path)):
        assert (ended.status, ended.out) == (1, "")
        assert "run.json" in ended.err
    assert run("eval", "report", path, "--json").told["error"]["code"] == "run_refused"
