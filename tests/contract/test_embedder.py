"""What every embedder must do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from rag.protocols import Embedder, Vectors
from tests.fakes import FakeEmbedder
from tests.real import default_embedder

TEXTS = [
    "被告人张某某犯生产、销售伪劣产品罪，判处有期徒刑三年，并处罚金人民币五万元。",
    "The procuratorate shall supervise the trial in accordance with the law.",
    "",
    "检例第91号",
    "人民检察院应当综合运用法律监督手段，督促行政机关依法履职。" * 5,
    "Damages for the defective treadmill: 12,000 yuan. " * 8,
    "指导意义",
    " \n\u3000",
    "罚金",
    "\ud83d half of a pair 😀",
    "检察机关提起公益诉讼的条件",
]


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.model)])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    return FakeEmbedder() if request.param == "fake" else default_embedder()


Embed = Callable[[Sequence[str]], Vectors]


@pytest.fixture(params=["queries", "passages"])
def embed(request: pytest.FixtureRequest, embedder: Embedder) -> Embed:
    return embedder.embed_queries if request.param == "queries" else embedder.embed_passages


def test_unit_rows_of_float32(embedder: Embedder, embed: Embed) -> None:
    vectors = embed(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), embedder.dimensions)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_nothing_to_embed(embedder: Embedder, embed: Embed) -> None:
    vectors = embed([])
    assert vectors.dtype == np.float32
    assert vectors.shape == (0, embedder.dimensions)


def test_the_same_again(embed: Embed) -> None:
    np.testing.assert_array_equal(embed(TEXTS), embed(TEXTS))


def test_neighbours_and_order_do_not_matter(embed: Embed) -> None:
    together = embed(TEXTS)
    alone = np.concatenate([embed([text]) for text in TEXTS])
    np.testing.assert_allclose(together, alone, atol=1e-5)
    np.testing.assert_allclose(embed(TEXTS[::-1])[::-1], together, atol=1e-5)


def test_other_texts_have_other_vectors(embed: Embed) -> None:
    vectors = embed([text for text in TEXTS if text.strip()])
    cosines = vectors @ vectors.T - 2 * np.eye(len(vectors))
    assert cosines.max() < 0.999


def test_an_answer_is_nearer_than_another_subject(embedder: Embedder) -> None:
    query = embedder.embed_queries(["张某某被判处多少年有期徒刑？", "what did the treadmill damages come to"])
    passages = embedder.embed_passages([TEXTS[0], TEXTS[5]])
    scores = query @ passages.T
    assert scores[0, 0] > scores[0, 1]
    assert scores[1, 1] > scores[1, 0]


def test_progress_ends_at_the_whole(embedder: Embedder) -> None:
    seen: list[tuple[int, int]] = []
    embedder.embed_passages(TEXTS, lambda done, total: seen.append((done, total)))
    done = [part for part, _ in seen]
    assert done == sorted(set(done))
    assert seen[-1] == (len(TEXTS), len(TEXTS))
    assert {total for _, total in seen} == {len(TEXTS)}
    embedder.embed_passages([], lambda *_: pytest.fail("there is nothing to report"))


def test_several_threads_at_once(embed: Embed) -> None:
    expected = embed(TEXTS)
    with ThreadPoolExecutor(3) as pool:
        for vectors in pool.map(lambda _: embed(TEXTS), range(4)):
            np.testing.assert_allclose(vectors, expected, atol=1e-5)


def test_a_name_and_a_width(embedder: Embedder) -> None:
    assert embedder.name
    assert embedder.dimensions > 0
