"""Building an index against embedding the same texts and nothing else."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from index.build import publish_documents
from index.document import Document
from index.passages import embedded, embedded_sentence
from index.store import SnapshotStore
from rag.protocols import Embedder


@dataclass(frozen=True, slots=True)
class Building:
    cases: int
    passages: int
    texts: int
    """Passages and sentences embedded."""
    build_s: float
    embed_s: float
    ratio: float
    """Build over embedding alone: what everything else costs."""
    ms_per_text: float


def measure(documents: Sequence[Document], embedder: Embedder) -> Building:
    """Builds in a temporary folder, then embeds the same texts anew."""
    with tempfile.TemporaryDirectory() as folder:
        started = perf_counter()
        snapshot, _ = publish_documents(SnapshotStore(Path(folder)), documents, (), embedder)
        built = perf_counter() - started
        texts = [embedded(p.context, p.text) for p in snapshot.passages]
        texts += [embedded_sentence(snapshot.passages[s.passage], s) for s in snapshot.sentences]
        # What the build embeds: each different text once.
        texts = list(dict.fromkeys(texts))
        cases, passages = snapshot.manifest.counts.cases, len(snapshot.passages)
    started = perf_counter()
    embedder.embed_passages(texts)
    embedding = perf_counter() - started
    return Building(
        cases, passages, len(texts), built, embedding, built / embedding, 1e3 * built / len(texts)
    )
