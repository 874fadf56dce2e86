import json
from pathlib import Path

import pytest

from eval.run import SCHEMA, RunRefused
from eval.storage import load_run, save_run
from tests.eval.test_run import run


def test_a_saved_run_comes_back_the_same(tmp_path: Path) -> None:
    path = tmp_path / "runs" / "one.json"
    save_run(run(), path)
    save_run(one := run(), path)
    assert load_run(path) == one
    assert [p.name for p in path.parent.iterdir()] == ["one.json"]
    assert "价值2500元" in path.read_text(encoding="utf-8")


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
