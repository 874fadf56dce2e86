"""The command line as a process of its own, its embedder a fake:
``python -m tests.commands.faked [--slow] ARGUMENTS``."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from unittest.mock import patch

from api.command import main
from rag.protocols import Progress, Vectors
from tests.fakes import FakeEmbedder


class SlowEmbedder(FakeEmbedder):
    """Reports that it has begun and then takes longer than any test waits."""

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        print("embedding", flush=True)
        time.sleep(600)
        return super().embed_passages(texts, progress)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    embedder = SlowEmbedder() if "--slow" in arguments else FakeEmbedder()
    with patch("api.wiring.load_embedder", lambda model, cache: embedder):
        sys.exit(main([argument for argument in arguments if argument != "--slow"]))
