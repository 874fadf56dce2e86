from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.end_to_end.service import Service, serving
from tests.rag import texts


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of ``service``; absent before that starts."""
    return tmp_path_factory.mktemp("service") / "data"


@pytest.fixture(scope="session")
def service(data: Path) -> Iterator[Service]:
    """A service over the seeds, built from nothing, that all tests share."""
    with serving(data, ROOT / "seeds") as service:
        service.ready()
        yield service


@pytest.fixture
def few_seeds(tmp_path: Path) -> Path:
    """Two short texts, built in seconds."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "batch_23_zh.txt").write_text(texts.CHINESE, encoding="utf-8")
    (folder / "batch_3_en.txt").write_text(texts.ANOTHER_BATCH, encoding="utf-8")
    return folder
