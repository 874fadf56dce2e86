from __future__ import annotations

from pathlib import Path

import pytest

from index.build import build_snapshot
from index.reader import read_document
from index.seeds import read_seeds
from index.snapshot import Snapshot, load_snapshot
from tests.conftest import ROOT
from tests.fakes import FakeEmbedder
from tests.rag import texts


@pytest.fixture(scope="session")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The seed (cases 85-89, English), a Chinese edition of case 86, and case 9 of batch 3."""
    seeds = read_seeds(ROOT / "seeds")
    seed = next(d for d in seeds.documents if d.source.name == "spp_batch_23_en.txt")
    documents = [
        seed,
        read_document("batch_23_zh.txt", texts.CHINESE, 23),
        read_document("batch_3_en.txt", texts.ANOTHER_BATCH, 3),
    ]
    folder: Path = tmp_path_factory.mktemp("snapshot")
    build_snapshot(documents, seeds.aliases, FakeEmbedder(), folder)
    return load_snapshot(folder)


@pytest.fixture(scope="session")
def embedder() -> FakeEmbedder:
    return FakeEmbedder()
