"""The parts that can be swapped. ``rag`` sees the index only through these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.types import Edition, Filters, Passage, Sentence, Source

Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]
Progress = Callable[[int, int], None]
"""Called with (done, total)."""


class Embedder(Protocol):
    """Turns texts into unit vectors; the dot product of two of them is their cosine."""

    @property
    def name(self) -> str:
        """What an index records to know its maker."""

    @property
    def dimensions(self) -> int: ...

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """float32 of shape (len(texts), dimensions), rows of length 1."""

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """float32 of shape (len(texts), dimensions), rows of length 1."""


class DenseIndex(Protocol):
    """Ranks rows for a query vector. Ties go to the lower row: the order is deterministic."""

    def __len__(self) -> int: ...

    def search(self, query: Vectors, k: int, allowed: Rows | None = None) -> tuple[Rows, Vectors]:
        """The ``k`` rows nearest to ``query`` (shape (d,)) by inner product, best first, and their
        scores; fewer where fewer exist. ``allowed``: sorted rows to search among (None: all)."""


class LexicalIndex(Protocol):
    """Ranks rows for a query's words. Ties go to the lower row: the order is deterministic."""

    def __len__(self) -> int: ...

    def search(self, query: str, k: int, allowed: Rows | None = None) -> tuple[Rows, Vectors]:
        """The ``k`` rows with the highest BM25 score above 0, best first, and their scores."""

    def idf(self, term: str) -> float:
        """Inverse document frequency of a term (see ``rag.terms``) over the passages, at least 0; a
        term that no passage holds has that of one held by a single passage."""


@dataclass(frozen=True, slots=True)
class Window:
    """A passage as the reader gets it."""

    context: str
    text: str
    sentences: tuple[tuple[int, int], ...]
    """(start, end) of each sentence in ``text``, in order, without overlap."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of one window."""

    sentences: tuple[float, ...]
    """One a sentence: the logarithm of the odds that it answers; -inf for one that was not read."""
    answered: float
    """The logarithm of the odds that the window holds the answer."""


class Reader(Protocol):
    """Reads a question and passages together."""

    @property
    def name(self) -> str: ...

    def read(self, question: str, windows: Sequence[Window]) -> list[Reading]:
        """One reading a window, in order."""


class Collection(Protocol):
    """One immutable built index, whole: what an answer is made from."""

    @property
    def snapshot_id(self) -> str: ...

    @property
    def model(self) -> str:
        """Name of the embedder that made the vectors."""

    @property
    def editions(self) -> Sequence[Edition]: ...

    @property
    def aliases(self) -> Sequence[tuple[str, ...]]:
        """Groups of names that mean the same party, from the seeds' manifest."""

    @property
    def passages(self) -> Sequence[Passage]: ...

    def rows(self, filters: Filters) -> Rows | None:
        """Sorted rows of the passages that pass; None where nothing is filtered."""

    @property
    def sentences(self) -> Sequence[Sentence]:
        """Ordered by passage row, then by start."""

    @property
    def sentence_vectors(self) -> Vectors:
        """Shape (len(sentences), dimensions), unit rows."""

    @property
    def dense(self) -> DenseIndex: ...

    @property
    def lexical(self) -> LexicalIndex: ...

    def sentence_rows(self, passage_row: int) -> range:
        """Rows of the sentences of one passage."""

    def source(self, sha256: str) -> Source:
        """Raises NotHeld."""
