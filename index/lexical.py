"""BM25 over the terms of passages, built once and kept with the snapshot."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from math import log
from pathlib import Path

import bm25s
import numpy as np

from rag.protocols import Rows, Vectors
from rag.terms import terms

K1 = 1.2
B = 0.75
METHOD = "lucene"
_PARAMETERS = "params.index.json"
Split = Callable[[str], list[str]]


class BM25Index:
    """Ranks rows by BM25 as Lucene 8 computes it.

    score(q, d) = Σ ln(1 + (N - df + 0.5) / (df + 0.5)) · tf / (tf + k1 · (1 - b + b · |d| / avgdl)), summed
    over the terms of the query, a repeated one as often as it stands there. Formula: Kamphuis, de
    Vries, Boytsov, Lin, "Which BM25 Do You Mean?", ECIR 2020, table 1, row "Lucene (accurate)".
    Immutable, so searching from several threads is safe.
    """

    def __init__(self, scorer: bm25s.BM25, split: Split = terms) -> None:
        self._scorer = scorer
        self._split = split
        self._rows = int(scorer.scores["num_docs"])

    @classmethod
    def build(cls, texts: Sequence[str], split: Split = terms) -> BM25Index:
        logging.getLogger("bm25s").setLevel(logging.WARNING)  # bm25s sets DEBUG when imported
        split_texts = [split(text) for text in texts]
        # Sorted: the same texts give the same bytes on disk.
        vocabulary = {
            term: i for i, term in enumerate(sorted({term for text in split_texts for term in text}))
        }
        scorer = bm25s.BM25(k1=K1, b=B, method=METHOD, backend="numpy", csc_backend="numpy")
        if vocabulary:
            ids = [[vocabulary[term] for term in text] for text in split_texts]
            scorer.index((ids, vocabulary), create_empty_token=False, show_progress=False)
        else:  # bm25s cannot take the mean of no lengths
            scorer.vocab_dict = {}
            scorer.nonoccurrence_array = None
            scorer.scores = {
                "data": np.zeros(0, np.float32),
                "indices": np.zeros(0, np.int32),
                "indptr": np.zeros(1, np.int64),
                "num_docs": len(texts),
            }
        return cls(scorer, split)

    @classmethod
    def load(cls, folder: Path, split: Split = terms) -> BM25Index:
        """Raises OSError, ValueError or KeyError where the files are not those that ``save`` wrote."""
        scorer = bm25s.BM25.load(
            folder, load_corpus=False, mmap=False, allow_pickle=False, show_progress=False
        )
        if (scorer.k1, scorer.b, scorer.method) != (K1, B, METHOD):
            raise ValueError(f"{_PARAMETERS}: k1, b or method are others than {K1}, {B}, {METHOD}")
        scores = scorer.scores
        indices, bounds, rows = scores["indices"], scores["indptr"], scores["num_docs"]
        if (
            len(bounds) != len(scorer.vocab_dict) + 1
            or bounds[0] != 0
            or bounds[-1] != len(indices)
            or len(indices) != len(scores["data"])
            or np.any(np.diff(bounds) < 0)
            or (len(indices) and not 0 <= int(indices.min()) <= int(indices.max()) < rows)
        ):
            raise ValueError("the lexical index is not whole")
        return cls(scorer, split)

    def save(self, folder: Path) -> None:
        self._scorer.save(folder, allow_pickle=False, show_progress=False)

    def __len__(self) -> int:
        return self._rows

    def idf(self, term: str) -> float:
        """ln(1 + (N - df + 0.5) / (df + 0.5)) of a term as ``split`` makes it, df the number of rows that
        hold it, taken as 1 where none does."""
        held = self._scorer.vocab_dict.get(term)
        bounds = self._scorer.scores["indptr"]
        df = 1 if held is None else int(bounds[held + 1] - bounds[held])
        return log(1 + (max(self._rows, 1) - df + 0.5) / (df + 0.5))

    def search(self, query: str, k: int, allowed: Rows | None = None) -> tuple[Rows, Vectors]:
        """The ``k`` rows with the highest score above 0, best first, ties to the lower row, and their
        scores; ``allowed``: the rows to choose among. Counts and lengths are those of all rows."""
        ids = self._scorer.get_tokens_ids(self._split(query))
        if not ids or k < 1:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        scores = self._scorer.get_scores_from_ids(ids)
        rows = np.flatnonzero(scores > 0) if allowed is None else allowed[scores[allowed] > 0]
        found = scores[rows]
        if len(rows) > k:  # sort only what can be among the first k
            keep = found >= np.partition(found, len(found) - k)[len(found) - k]
            rows, found = rows[keep], found[keep]
        order = np.lexsort((rows, -found))[:k]
        return rows[order].astype(np.int64), found[order].astype(np.float32)
