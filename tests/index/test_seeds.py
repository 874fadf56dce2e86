from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from index.seeds import read_paths, read_seeds
from rag.errors import SourceRefused

SEEDS = Path(__file__).parents[2] / "seeds"

CASE = """某某故意伤害案

（检例第{number}号）

【关键词】

故意伤害  正当防卫

【要旨】

对正当防卫应当依法认定。

【基本案情】

王某，男，1980年出生。

【指导意义】

应当全面审查证据。
"""


def write(folder: Path, **changes: Any) -> dict[str, Any]:
    """One seed with its manifest; returns the entry."""
    data = CASE.format(number=7).encode()
    (folder / "seven.txt").write_bytes(data)
    entry: dict[str, Any] = {
        "file": "seven.txt",
        "sha256": sha256(data).hexdigest(),
        "language": "zh",
        "aliases": [["王某", "老王"]],
    } | changes
    entry = {key: value for key, value in entry.items() if value is not None}
    (folder / "manifest.json").write_text(json.dumps({"sources": [entry]}))
    return entry


def test_the_projects_own_seeds_are_whole() -> None:
    seeds = read_seeds(SEEDS)
    listed = json.loads((SEEDS / "manifest.json").read_bytes())["sources"]
    assert [document.source.name for document in seeds.documents] == [entry["file"] for entry in listed]
    numbers = [edition.case_number for edition in seeds.documents[0].editions]
    assert numbers == [None, 85, 86, 87, 88, 89]
    assert seeds.documents[0].source.batch == 23
    assert ("Shengsheng", "Blooming", "full-bodied", "full-blown", "盛开") in seeds.aliases
    assert (seeds.unlisted, seeds.refused) == ((), ())


def test_seeds_are_checked_against_the_manifest(tmp_path: Path) -> None:
    write(tmp_path, batch=3)
    (tmp_path / "README.md").write_text("About.")
    (tmp_path / "more.md").write_text(CASE.format(number=8))
    seeds = read_seeds(tmp_path)
    assert [(d.source.name, d.source.batch, d.source.language) for d in seeds.documents] == [
        ("seven.txt", 3, "zh")
    ]
    assert [edition.case_number for edition in seeds.documents[0].editions] == [7]
    assert seeds.aliases == (("王某", "老王"),)
    assert [path.name for path in seeds.unlisted] == ["more.md"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sha256": "0" * 64}, r"seven\.txt was altered: its sha256 is [0-9a-f]{64}, .*restore the file"),
        ({"language": "en"}, r'seven\.txt reads as "zh", manifest\.json has "en": correct one'),
        ({"file": "none.txt"}, r"none\.txt cannot be read: No such file"),
        ({"file": "../seven.txt"}, "must lie below the folder"),
        ({"file": "/etc/passwd"}, "must lie below the folder"),
        ({"sha256": 7}, 'source 1: "sha256" is missing or no text'),
        ({"language": None}, 'source 1: "language" is missing'),
        ({"batch": "23"}, '"batch" must be a whole number'),
        ({"batch": True}, '"batch" must be a whole number'),
        ({"aliases": ["a", "b"]}, '"aliases" must be a list of lists'),
        ({"aliases": [["a", 1]]}, '"aliases" must be a list of lists'),
    ],
)
def test_seeds_that_are_not_as_listed_are_refused(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    write(tmp_path, **changes)
    with pytest.raises(SourceRefused, match=message):
        read_seeds(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"sources": {}}', '{"sources": [1]}', "\xff"])
def test_a_manifest_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, encoding="latin-1")
    with pytest.raises(SourceRefused, match=r"manifest\.json"):
        read_seeds(tmp_path)


def test_a_folder_without_manifest_is_read_in_name_order(tmp_path: Path) -> None:
    for name, number in (("b.md", 2), ("a.txt", 3), ("sub/c.TXT", 1), (".hidden.txt", 9), ("x.html", 9)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(CASE.format(number=number))
    (tmp_path / "z.txt").write_bytes(b"")
    seeds = read_seeds(tmp_path)
    assert [document.editions[0].case_number for document in seeds.documents] == [3, 2, 1]
    assert [document.source.name for document in seeds.documents] == ["a.txt", "b.md", "c.TXT"]
    assert [path.name for path, _ in seeds.refused] == ["z.txt"]
    with pytest.raises(SourceRefused, match="JIANLI_SEEDS"):
        read_seeds(tmp_path / "none")


def test_paths_that_are_no_sources_are_told_with_the_reason(tmp_path: Path) -> None:
    good = tmp_path / "good.txt"
    good.write_text(CASE.format(number=5))
    (tmp_path / "page.html").write_text("<p>")
    missing = tmp_path / "missing.txt"
    documents, refused = read_paths([missing, good, tmp_path / "page.html"])
    assert [document.editions[0].case_number for document in documents] == [5]
    assert [path for path, _ in refused] == [missing, tmp_path / "page.html"]
    assert "No such file" in refused[0][1]
    assert "only .txt and .md files are read" in refused[1][1]
