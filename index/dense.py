"""Exact nearest rows by inner product, with FAISS."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np

from rag.protocols import Rows, Vectors


class FlatIndex:
    """A flat FAISS index. Immutable once built: adding while another thread searches would crash
    the process. Searching from several threads is safe."""

    def __init__(self, index: faiss.IndexFlatIP) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors) -> FlatIndex:
        """``vectors``: float32 of shape (n, d). Raises ValueError for another shape or type, or a
        value that is not finite."""
        if vectors.ndim != 2 or vectors.shape[1] < 1:
            raise ValueError(f"vectors have shape {vectors.shape}: (rows, dimensions) is needed")
        if vectors.dtype != np.float32:
            raise ValueError(f"vectors are {vectors.dtype}: float32 is needed")
        wrong = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
        if len(wrong):
            raise ValueError(
                f"the vector of row {wrong[0]} holds a value that is not finite ({len(wrong)} do)"
            )
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors))
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> FlatIndex:
        """Raises OSError, or ValueError where the file holds no flat inner-product index."""
        try:
            index = faiss.deserialize_index(np.fromfile(path, dtype=np.uint8))
        except RuntimeError as error:
            raise ValueError(f"FAISS cannot read it: {error}") from error
        if not isinstance(index, faiss.IndexFlatIP):
            raise ValueError(f"it holds a {type(index).__name__}, not a flat inner-product index")
        return cls(index)

    def save(self, path: Path) -> None:
        """Writes through Python, not FAISS, so that a full disk is an OSError that names the file."""
        with path.open("wb") as file:
            file.write(faiss.serialize_index(self._index).data)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimensions(self) -> int:
        return int(self._index.d)

    def vectors(self) -> Vectors:
        """A copy of all rows."""
        if not len(self):
            return np.zeros((0, self.dimensions), np.float32)
        return np.asarray(self._index.reconstruct_n(0, len(self)), np.float32)

    def search(self, query: Vectors, k: int, allowed: Rows | None = None) -> tuple[Rows, Vectors]:
        """The ``k`` rows nearest to ``query`` (shape (d,)), best first, ties to the lower row, and
        their scores; ``allowed``: sorted rows to search among. Raises ValueError for a query of
        another shape or with a value that is not finite, and IndexError for a row not held."""
        if query.shape != (self.dimensions,):
            raise ValueError(f"the query has shape {query.shape}: ({self.dimensions},) is needed")
        if not np.isfinite(query).all():
            raise ValueError("the query vector holds a value that is not finite")
        available = len(self) if allowed is None else len(allowed)
        k = min(k, available)
        if k < 1:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        # OpenMP keeps this setting per calling thread, and a flat scan for one query is slower on two.
        faiss.omp_set_num_threads(1)
        parameters = None if allowed is None else self._among(allowed)
        row_vector = np.ascontiguousarray(query, np.float32)[np.newaxis]
        take = min(k + 1, available)
        while True:
            scores, rows = self._index.search(row_vector, take, params=parameters)
            # FAISS leaves open which of equal scores it returns. Once the last is below the k-th, all
            # that tie with the k-th are here.
            if take == available or scores[0, -1] < scores[0, k - 1]:
                break
            take = min(2 * take, available)
        order = np.lexsort((rows[0], -scores[0]))[:k]
        return rows[0][order], scores[0][order]

    def _among(self, allowed: Rows) -> faiss.SearchParameters:
        if allowed.min() < 0 or allowed.max() >= len(self):
            raise IndexError(
                f"allowed rows reach from {allowed.min()} to {allowed.max()}: {len(self)} are held"
            )
        bits = np.zeros(len(self), np.bool_)
        bits[allowed] = True
        selector = faiss.IDSelectorBitmap(np.packbits(bits, bitorder="little"))  # type: ignore[call-arg, arg-type]
        return faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
