"""What every dense index must do, checked against NumPy going through all rows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.dense import FlatIndex
from rag.protocols import DenseIndex, Rows, Vectors

BUILDERS: list[Callable[[Vectors], DenseIndex]] = [FlatIndex.build]
pytestmark = pytest.mark.parametrize("build", BUILDERS, ids=["faiss_flat"])
Builder = Callable[[Vectors], DenseIndex]


def brute_force(vectors: Vectors, query: Vectors, k: int, allowed: Rows | None) -> tuple[Rows, Vectors]:
    rows = np.arange(len(vectors)) if allowed is None else allowed
    scores = np.array([np.dot(vectors[row].astype(float), query.astype(float)) for row in rows])
    order = np.lexsort((rows, -scores))[:k]
    return rows[order], scores[order].astype(np.float32)


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 2**32 - 1),
    rows=st.integers(1, 400),
    k=st.integers(1, 450),
    share=st.sampled_from([None, 0.01, 0.3, 1.0]),
)
def test_ties_and_filters_exactly(build: Builder, seed: int, rows: int, k: int, share: float | None) -> None:
    # Small whole numbers: float32 sums are exact and most scores tie.
    random = np.random.default_rng(seed)
    vectors = random.integers(-1, 2, (rows, 5)).astype(np.float32)
    query = random.integers(-1, 2, 5).astype(np.float32)
    allowed = None if share is None else np.flatnonzero(random.random(rows) < share)
    found, scores = build(vectors).search(query, k, allowed)
    expected, expected_scores = brute_force(vectors, query, k, allowed)
    assert found.dtype == np.int64
    assert scores.dtype == np.float32
    assert found.tolist() == expected.tolist()
    assert scores.tolist() == expected_scores.tolist()


@pytest.mark.parametrize("dimensions", [7, 384])
@pytest.mark.parametrize("k", [1, 10, 150])
def test_unit_vectors(build: Builder, dimensions: int, k: int) -> None:
    random = np.random.default_rng(7)
    vectors = random.normal(size=(1000, dimensions)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index = build(vectors)
    assert len(index) == 1000
    for query in vectors[:20]:
        rows, scores = index.search(query, k)
        expected, expected_scores = brute_force(vectors, query, k, None)
        assert rows.tolist() == expected.tolist()
        np.testing.assert_allclose(scores, expected_scores, atol=1e-6)


def test_equal_rows_come_in_row_order_wherever_they_stand(build: Builder) -> None:
    vectors = np.tile(np.random.default_rng(1).normal(size=(1, 33)).astype(np.float32), (301, 1))
    rows, scores = build(vectors).search(vectors[0], 120)
    assert rows.tolist() == list(range(120))
    assert len(set(scores.tolist())) == 1
    allowed = np.arange(5, 301, 3)
    assert build(vectors).search(vectors[0], 4, allowed)[0].tolist() == [5, 8, 11, 14]


def test_nothing_to_find(build: Builder) -> None:
    index = build(np.eye(3, dtype=np.float32))
    query = np.ones(3, np.float32)
    for rows, scores in (
        index.search(query, 0),
        index.search(query, 5, np.zeros(0, np.int64)),
        build(np.zeros((0, 3), np.float32)).search(query, 5),
    ):
        assert rows.shape == scores.shape == (0,)
        assert [rows.dtype, scores.dtype] == [np.dtype(np.int64), np.dtype(np.float32)]
    assert len(build(np.zeros((0, 3), np.float32))) == 0
