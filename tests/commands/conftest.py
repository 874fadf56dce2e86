from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

import api.wiring
from api.command import main
from tests.fakes import FakeEmbedder
from tests.rag import texts


@dataclass(frozen=True)
class Ended:
    """How one command ended."""

    status: int
    out: str
    err: str

    @property
    def told(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


Run = Callable[..., Ended]


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A folder of two texts: case 86 in Chinese, and case 9 in English."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "batch_23_zh.txt").write_text(texts.CHINESE, encoding="utf-8")
    (folder / "batch_3_en.txt").write_text(texts.ANOTHER_BATCH, encoding="utf-8")
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data folder; it does not exist yet."""
    return tmp_path / "data"


@pytest.fixture
def run(
    seeds: Path,
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Runs a command in this process, with a fake embedder, in an empty folder."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(home)
    monkeypatch.setenv("JIANLI_SEEDS", str(seeds))
    monkeypatch.setenv("JIANLI_DATA", str(data))
    monkeypatch.setattr(api.wiring, "load_embedder", lambda model, cache: FakeEmbedder(model or "fake"))

    def run(*arguments: str | Path) -> Ended:
        capsys.readouterr()
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as error:  # argparse ends the process itself
            status = cast(int, error.code)
        out, err = capsys.readouterr()
        return Ended(status, out, err)

    return run


@pytest.fixture
def built(run: Run, data: Path) -> Run:
    """As ``run``, with an index of the seeds."""
    assert run("index", "build").status == 0
    return run


@pytest.fixture
def two(built: Run, seeds: Path) -> tuple[str, str]:
    """Ids of an older and a newer snapshot, the newer one current; the seeds are those of the newer."""
    older = built("index", "build", "--json").told["snapshot_id"]
    shutil.copy(Path(__file__).with_name("conftest.py"), seeds / "not_a_case.py")  # passed over
    text = texts.ANOTHER_BATCH.replace("Case No. 9", "Case No. 10").replace("3rd", "4th")
    (seeds / "batch_4_en.txt").write_text(text, encoding="utf-8")
    newer = built("index", "build", "--json").told["snapshot_id"]
    assert older != newer
    return older, newer
