import json
from dataclasses import replace
from pathlib import Path

import pytest

from eval.run import SCHEMA, RunRefused
from eval.storage import load_run, save_run, write_whole
from tests.eval.test_run import RIGHT, run


def test_a_saved_run_comes_back_the_same(tmp_path: Path) -> None:
    path = tmp_path / "runs" / "one.json"
    save_run(run(), path)
    save_run(one := run(), path)
    assert load_run(path) == one
    assert [p.name for p in path.parent.iterdir()] == ["one.json"]
    assert "价值2500元" in path.read_text(encoding="utf-8")


def test_a_run_saved_before_evidence_was_kept_and_with_fewer_figures(tmp_path: Path) -> None:
    save_run(one := run(), path := tmp_path / "run.json")
    data = json.loads(path.read_text(encoding="utf-8"))
    for row in data["rows"]:
        del row["evidence"]
    del data["overall"]["auc"], data["by_kind"]["fact"]["section_recall@1"]
    path.write_text(json.dumps(data), encoding="utf-8")
    got = load_run(path)
    assert (got.overall, got.by_kind, got.by_language) == (one.overall, one.by_kind, one.by_language)
    assert one.rows[0].evidence == RIGHT.evidence
    assert got.rows[0] == replace(one.rows[0], evidence=())


def test_a_file_that_cannot_be_put_in_place_leaves_nothing(tmp_path: Path) -> None:
    (folder := tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_whole(folder, b"x")
    assert list(tmp_path.iterdir()) == [folder]
    write_whole(tmp_path / "new" / "file", b"x")
    assert (tmp_path / "new" / "file").read_bytes() == b"x"


def test_files_that_are_no_run(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    with pytest.raises(RunRefused, match="no such run"):
        load_run(path)
    for text, message in (
        ("{", "not JSON"),
        ("[]", "not a saved run"),
        ('{"a": 1}', "not a saved run"),
        (json.dumps({"schema": SCHEMA + 1}), "run the evaluation again"),
        (json.dumps({"schema": SCHEMA}), "lacks by_crossing, by_kind"),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(RunRefused, match=message):
            load_run(path)
    save_run(run(), path)
    data = json.loads(path.read_text(encoding="utf-8"))
    data["rows"][0].pop("judgement")
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(RunRefused, match="with a fault"):
        load_run(path)
