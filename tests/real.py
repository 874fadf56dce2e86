"""The real embedding model, made once for all runs and loaded once a run (tests marked ``model``)."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from index.embedding import load_embedder
from rag.protocols import Embedder

MODELS = Path(tempfile.gettempdir()) / "jianli-test-models"


@cache
def default_embedder() -> Embedder:
    return load_embedder(None, MODELS)
