"""A collection that looks as if it held one text of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.protocols import Collection, DenseIndex, LexicalIndex, Rows, Vectors
from rag.types import Edition, Filters, Passage, Sentence, Source


@dataclass(frozen=True, slots=True)
class OneText:
    """A ``rag.protocols.Collection``: ``rows`` lets only one text's passages through. How rare a term is, is
    still counted over the whole collection, as with a caller's filters."""

    whole: Collection
    own: Rows
    """Sorted rows of the text's passages."""

    @classmethod
    def of(cls, whole: Collection, sha256: str) -> OneText:
        """``sha256``: of the text's source."""
        own = [row for row, passage in enumerate(whole.passages) if passage.source_sha256 == sha256]
        return cls(whole, np.asarray(own, dtype=np.int64))

    @property
    def snapshot_id(self) -> str:
        return self.whole.snapshot_id

    @property
    def model(self) -> str:
        return self.whole.model

    @property
    def editions(self) -> Sequence[Edition]:
        return self.whole.editions

    @property
    def aliases(self) -> Sequence[tuple[str, ...]]:
        return self.whole.aliases

    @property
    def passages(self) -> Sequence[Passage]:
        return self.whole.passages

    def rows(self, filters: Filters) -> Rows | None:
        passing = self.whole.rows(filters)
        return self.own if passing is None else np.intersect1d(self.own, passing)

    @property
    def sentences(self) -> Sequence[Sentence]:
        return self.whole.sentences

    @property
    def sentence_vectors(self) -> Vectors:
        return self.whole.sentence_vectors

    @property
    def dense(self) -> DenseIndex:
        return self.whole.dense

    @property
    def lexical(self) -> LexicalIndex:
        return self.whole.lexical

    def sentence_rows(self, passage_row: int) -> range:
        return self.whole.sentence_rows(passage_row)

    def source(self, sha256: str) -> Source:
        return self.whole.source(sha256)
