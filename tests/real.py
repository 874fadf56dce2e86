"""The real embedding models, loaded once a run (tests marked ``model``)."""

from __future__ import annotations

from functools import cache

from index.embedding import BASE, load_embedder
from rag.protocols import Embedder
from tests.conftest import MODELS as MODELS


@cache
def default_embedder() -> Embedder:
    return load_embedder(None, MODELS)


@cache
def base_embedder() -> Embedder:
    """What the default was trained from; made once for all runs."""
    return load_embedder(BASE, MODELS)
