"""What every lexical index must do, checked against BM25 written out from its formula."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.lexical import K1, B, BM25Index
from rag.protocols import LexicalIndex
from rag.terms import terms

Builder = Callable[[Sequence[str]], LexicalIndex]
pytestmark = pytest.mark.parametrize("build", [BM25Index.build], ids=["bm25s"])

TEXTS = [
    "The river was polluted. The company polluted the river with 50,000 tons of waste.",
    "盛开水务公司污染环境案：排放污水，污染长江。",
    "Experts were heard on the river.",
    "",
    "检察院提起公益诉讼，要求赔偿50000元。",
    "The river was polluted.",
    "The river was polluted.",
    "。，、",
]


def bm25(texts: Sequence[str], query: str) -> list[float]:
    """Kamphuis et al., ECIR 2020, "Lucene (accurate)": idf · tf / (tf + k1 (1 - b + b · dl / avgdl))."""
    documents = [Counter(terms(text)) for text in texts]
    lengths = [sum(counts.values()) for counts in documents]
    average = sum(lengths) / len(lengths)
    scores = []
    for counts, length in zip(documents, lengths, strict=True):
        score = 0.0
        for term in terms(query):
            df = sum(term in other for other in documents)
            if counts[term]:
                idf = log(1 + (len(texts) - df + 0.5) / (df + 0.5))
                score += idf * counts[term] / (counts[term] + K1 * (1 - B + B * length / average))
        scores.append(score)
    return scores


@pytest.mark.parametrize(
    "query",
    ["polluted river", "river river polluted", "污染长江的公司", "50,000", "赔偿50000元", "expert unheardof"],
)
def test_scores_are_those_of_the_formula(build: Builder, query: str) -> None:
    expected = bm25(TEXTS, query)
    rows, scores = build(TEXTS).search(query, 10)
    assert rows.tolist() == sorted(
        (i for i, s in enumerate(expected) if s > 0), key=lambda i: (-expected[i], i)
    )
    np.testing.assert_allclose(scores, [expected[row] for row in rows], rtol=1e-5)
    assert [rows.dtype, scores.dtype] == [np.dtype(np.int64), np.dtype(np.float32)]


def test_a_repeated_word_counts_as_often_as_it_stands_there(build: Builder) -> None:
    once, twice = build(TEXTS).search("river", 8), build(TEXTS).search("river river", 8)
    assert once[0].tolist() == twice[0].tolist()
    np.testing.assert_allclose(twice[1], 2 * once[1], rtol=1e-6)


def test_ties_go_to_the_lower_row_at_the_cut_too(build: Builder) -> None:
    index = build(["same words"] * 50 + ["other"])
    assert index.search("words", 7)[0].tolist() == list(range(7))
    assert index.search("words", 3, np.array([4, 9, 20, 33]))[0].tolist() == [4, 9, 20]


WORDS = st.sampled_from(["river", "polluted", "water", "污染", "公益诉讼", "案", "85", "expert"])


@settings(deadline=None, max_examples=80)
@given(
    texts=st.lists(st.lists(WORDS, max_size=8).map(" ".join), min_size=1, max_size=40),
    query=st.lists(WORDS, min_size=1, max_size=4).map(" ".join),
    k=st.integers(1, 45),
    chosen=st.none() | st.sets(st.integers(0, 39)),
)
def test_a_filter_gives_exactly_the_best_allowed_rows(
    build: Builder, texts: list[str], query: str, k: int, chosen: set[int] | None
) -> None:
    index = build(texts)
    allowed = (
        None if chosen is None else np.array(sorted(row for row in chosen if row < len(texts)), np.int64)
    )
    all_rows, all_scores = index.search(query, len(texts))
    pairs = [
        (row, score)
        for row, score in zip(all_rows.tolist(), all_scores.tolist(), strict=True)
        if allowed is None or row in allowed
    ]
    rows, scores = index.search(query, k, allowed)
    assert list(zip(rows.tolist(), scores.tolist(), strict=True)) == pairs[:k]
    np.testing.assert_allclose(all_scores, [bm25(texts, query)[row] for row in all_rows], rtol=1e-5)


def test_idf_is_that_of_the_formula_and_of_one_passage_for_an_unknown_term(build: Builder) -> None:
    index = build(TEXTS)
    for term, df in (("river", 4), ("污染", 1), ("50000", 2), ("unheardof", 1)):
        assert index.idf(term) == pytest.approx(log(1 + (8 - df + 0.5) / (df + 0.5)))
    assert build(["a word", "the word"]).idf("word") > 0
    assert build([]).idf("word") >= 0


@pytest.mark.parametrize("query", ["", "，。", "the of", "zebra 斑马线"])
def test_no_known_term_no_hit(build: Builder, query: str) -> None:
    for allowed in (None, np.array([0, 1])):
        rows, scores = build(TEXTS).search(query, 5, allowed)
        assert rows.shape == scores.shape == (0,)


@pytest.mark.parametrize("texts", [[], ["", ""], ["。"]])
def test_an_index_without_terms(build: Builder, texts: list[str]) -> None:
    index = build(texts)
    assert len(index) == len(texts)
    assert index.search("river 污染", 5)[0].tolist() == []
    assert build(TEXTS).search("river", 0)[0].tolist() == []
