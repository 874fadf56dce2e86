from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import faiss
import numpy as np
import pytest

from index.dense import FlatIndex

VECTORS = np.random.default_rng(3).normal(size=(50, 6)).astype(np.float32)


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "向量.faiss"
    FlatIndex.build(VECTORS).save(path)
    loaded = FlatIndex.load(path)
    assert (len(loaded), loaded.dimensions) == (50, 6)
    assert (loaded.vectors() == VECTORS).all()
    rows, scores = loaded.search(VECTORS[7], 3)
    expected, expected_scores = FlatIndex.build(VECTORS).search(VECTORS[7], 3)
    assert rows.tolist() == expected.tolist()
    assert scores.tolist() == expected_scores.tolist()


def test_an_empty_index_keeps_its_dimensions(tmp_path: Path) -> None:
    FlatIndex.build(np.zeros((0, 6), np.float32)).save(tmp_path / "v")
    loaded = FlatIndex.load(tmp_path / "v")
    assert (len(loaded), loaded.dimensions, loaded.vectors().shape) == (0, 6, (0, 6))


@pytest.mark.parametrize(
    ("vectors", "message"),
    [
        (np.zeros(6, np.float32), r"shape \(6,\): \(rows, dimensions\)"),
        (np.zeros((2, 0), np.float32), r"shape \(2, 0\)"),
        (np.zeros((2, 6), np.float64), "float64: float32 is needed"),
        (np.array([[1, 2], [np.nan, 1], [np.inf, 1]], np.float32), r"row 1 holds .* not finite \(2 do\)"),
    ],
)
def test_vectors_that_cannot_be_right_are_refused(vectors: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        FlatIndex.build(vectors)


def test_queries_that_cannot_be_right_are_refused() -> None:
    index = FlatIndex.build(VECTORS)
    with pytest.raises(ValueError, match=r"the query has shape \(1, 6\): \(6,\) is needed"):
        index.search(VECTORS[:1], 3)
    with pytest.raises(ValueError, match="not finite"):
        index.search(np.full(6, np.nan, np.float32), 3)
    with pytest.raises(IndexError, match="reach from 3 to 50: 50 are held"):
        index.search(VECTORS[0], 3, np.array([3, 50]))
    with pytest.raises(IndexError, match="reach from -1 to 4"):
        index.search(VECTORS[0], 3, np.array([-1, 4]))


def test_other_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "v"
    path.write_bytes(b"not an index, " * 9)
    with pytest.raises(ValueError, match="FAISS cannot read it"):
        FlatIndex.load(path)
    other = faiss.IndexFlatL2(6)
    path.write_bytes(faiss.serialize_index(other).tobytes())
    with pytest.raises(ValueError, match="not a flat inner-product index"):
        FlatIndex.load(path)
    FlatIndex.build(VECTORS).save(path)
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(ValueError, match="FAISS cannot read it"):
        FlatIndex.load(path)


def test_every_thread_searches_on_one_openmp_thread() -> None:
    index = FlatIndex.build(VECTORS)
    expected = [index.search(vector, 5)[0].tolist() for vector in VECTORS]

    def search(vector: np.ndarray) -> tuple[list[int], int]:
        return index.search(vector, 5)[0].tolist(), faiss.omp_get_max_threads()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(search, VECTORS)) == [(rows, 1) for rows in expected]
