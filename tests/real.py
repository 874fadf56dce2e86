"""The real embedding model, made once for all runs and loaded once a run (tests marked ``model``)."""

from __future__ import annotations

from functools import cache

from index.embedding import load_embedder
from rag.protocols import Embedder
from tests.conftest import MODELS as MODELS


@cache
def default_embedder() -> Embedder:
    return load_embedder(None, MODELS)
