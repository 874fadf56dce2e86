"""Vectors of texts: each text embedded once, and not at all where an earlier snapshot has its vector."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.passages import embedded, embedded_sentence
from index.snapshot import Snapshot
from rag.protocols import Embedder, Progress, Vectors

_LENGTH_TOLERANCE = 1e-2


class KnownVectors:
    """The vectors of an earlier snapshot, by the text that was embedded."""

    def __init__(self, snapshot: Snapshot | None, embedder: Embedder) -> None:
        self._rows: dict[str, tuple[int, int]] = {}
        self._tables: tuple[Vectors, ...] = ()
        if snapshot is None or snapshot.manifest.makers.dimensions != embedder.dimensions:
            return
        if snapshot.model != embedder.name:
            return
        self._tables = (snapshot.dense.vectors(), snapshot.sentence_vectors)
        for row, sentence in enumerate(snapshot.sentences):
            passage = snapshot.passages[sentence.passage]
            self._rows[embedded_sentence(passage, sentence)] = (1, row)
        for row, passage in enumerate(snapshot.passages):
            self._rows[embedded(passage.context, passage.text)] = (0, row)

    def __contains__(self, text: str) -> bool:
        return text in self._rows

    def __getitem__(self, text: str) -> Vectors:
        table, row = self._rows[text]
        vector: Vectors = self._tables[table][row]
        return vector


def vectors_of(
    texts: Sequence[str], embedder: Embedder, known: KnownVectors, progress: Progress | None = None
) -> tuple[Vectors, int]:
    """float32 of shape (len(texts), dimensions), and how many distinct texts were embedded anew.

    ``progress`` counts distinct texts, those with a known vector among the first done. Raises
    ValueError where the embedder returns another shape, a value that is not finite or a row whose
    length is not 1.
    """
    rows = {text: row for row, text in enumerate(dict.fromkeys(texts))}
    new = [text for text in rows if text not in known]
    done = len(rows) - len(new)
    told = None if progress is None else _after(done, len(rows), progress)
    if told is not None:
        told(0, len(new))
    table = np.zeros((len(rows), embedder.dimensions), np.float32)
    for text, row in rows.items():
        if text in known:
            table[row] = known[text]
    if new:
        table[[rows[text] for text in new]] = _checked(embedder.embed_passages(new, told), len(new), embedder)
    return table[[rows[text] for text in texts]], len(new)


def _after(done: int, total: int, progress: Progress) -> Progress:
    return lambda part, _: progress(done + part, total)


def _checked(vectors: Vectors, rows: int, embedder: Embedder) -> Vectors:
    if vectors.shape != (rows, embedder.dimensions):
        raise ValueError(
            f"{embedder.name} returned shape {vectors.shape}, ({rows}, {embedder.dimensions}) is needed"
        )
    lengths = np.linalg.norm(vectors, axis=1)
    if not np.all(np.abs(lengths - 1) < _LENGTH_TOLERANCE):  # a NaN fails this too
        raise ValueError(f"{embedder.name} returned a vector that is not of length 1")
    return vectors
