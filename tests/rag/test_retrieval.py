from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.snapshot import Snapshot
from rag.question import Query, understand
from rag.retrieval import SECTION_BONUS, retrieve, section_rows
from rag.types import Filters, Hit, Passage, Request
from tests.fakes import FakeEmbedder

EVERYTHING = 1000


def query_of(collection: Snapshot, question: str, filters: Filters = Filters()) -> Query:  # noqa: B008 - frozen
    return understand(Request(question, filters=filters), collection)


def hits_of(query: Query, collection: Snapshot, k: int = 10) -> tuple[Hit, ...]:
    return retrieve(query, FakeEmbedder().embed_queries([query.text])[0], collection, k)


def passes(passage: Passage, filters: Filters) -> bool:
    return all(
        not wanted or value in wanted
        for wanted, value in (
            (filters.case_numbers, passage.case_number),
            (filters.batches, passage.batch),
            (filters.sections, passage.section),
            (filters.languages, passage.language),
        )
    )


@pytest.mark.parametrize("question", ["tobacco near schools", "污染环境的赔偿", "routine loans 虚假诉讼"])
def test_the_same_again(collection: Snapshot, question: str) -> None:
    query = query_of(collection, question)
    first = hits_of(query, collection)
    assert len(first) == 10
    assert hits_of(query, collection) == first
    assert hits_of(query, collection, 3) == first[:3]


def test_best_first_each_once_and_ties_to_the_lower_row(collection: Snapshot) -> None:
    hits = hits_of(query_of(collection, "supervision of tobacco sales"), collection, EVERYTHING)
    assert len({hit.row for hit in hits}) == len(hits)
    for better, worse in pairwise(hits):
        assert (-better.score, better.row) < (-worse.score, worse.row)


def test_a_hit_carries_its_signals(collection: Snapshot) -> None:
    query = query_of(collection, "illegal tobacco sales to minors")
    vector = FakeEmbedder().embed_queries([query.text])[0]
    vectors = collection.dense.vectors()
    rows, scores = collection.lexical.search(query.text, EVERYTHING)
    lexical = dict(zip(rows.tolist(), scores.tolist(), strict=True))
    hits = retrieve(query, vector, collection, EVERYTHING)
    assert any(set(hit.signals) == {"dense", "bm25"} for hit in hits)
    for hit in hits:
        assert hit.passage == collection.passages[hit.row]
        assert set(hit.signals) <= {"dense", "bm25"}
        if "dense" in hit.signals:
            np.testing.assert_allclose(hit.signals["dense"], vectors[hit.row] @ vector, rtol=1e-5)
        if "bm25" in hit.signals:
            assert hit.signals["bm25"] == lexical[hit.row]


def test_better_in_both_signals_is_better(collection: Snapshot) -> None:
    hits = hits_of(query_of(collection, "illegal tobacco sales to minors"), collection, EVERYTHING)
    both = [hit for hit in hits if len(hit.signals) == 2]
    for better in both:
        for worse in both:
            if all(better.signals[name] > worse.signals[name] for name in better.signals):
                assert better.score > worse.score


FILTERS = st.builds(
    Filters,
    case_numbers=st.lists(st.sampled_from([9, 85, 86, 88, 300]), max_size=3).map(tuple),
    batches=st.lists(st.sampled_from([3, 23, 77]), max_size=2).map(tuple),
    sections=st.lists(st.sampled_from(["gist", "regulations", "outcome", "announcement"]), max_size=2).map(
        tuple
    ),
    languages=st.lists(st.sampled_from(["zh", "en"]), max_size=2).map(tuple),
)
QUESTIONS = st.sampled_from(["tobacco", "污染环境", "the gist of case 86", "检例第86号的相关规定"])


@settings(max_examples=150)
@given(filters=FILTERS, question=QUESTIONS, k=st.integers(1, 60))
def test_filters_hold_for_every_hit(collection: Snapshot, filters: Filters, question: str, k: int) -> None:
    query = query_of(collection, question, filters)
    hits = hits_of(query, collection, k)
    assert len(hits) <= k
    assert all(passes(hit.passage, query.filters) for hit in hits)
    if not query.contradiction:
        assert all(passes(hit.passage, filters) for hit in hits)
    allowed = sum(passes(passage, query.filters) for passage in collection.passages)
    # Every allowed passage is ranked where there are no more than either signal looks at.
    assert allowed > 50 or len(hits) == min(k, allowed)


def test_a_named_section_is_raised_by_the_bonus_and_nothing_else_moves(collection: Snapshot) -> None:
    query = query_of(collection, "what does the gist say about hearings")
    assert query.sections == ("gist",)
    plain = {hit.row: hit.score for hit in hits_of(replace(query, sections=()), collection, EVERYTHING)}
    hits = hits_of(query, collection, EVERYTHING)
    assert {hit.row for hit in hits} == set(plain)
    assert any(hit.passage.section == "gist" for hit in hits)
    for hit in hits:
        bonus = SECTION_BONUS if hit.passage.section == "gist" else 0.0
        assert hit.score == pytest.approx(plain[hit.row] + bonus)


def sections_of(collection: Snapshot, question: str, filters: Filters = Filters()) -> list[Passage]:  # noqa: B008 - frozen
    rows = section_rows(query_of(collection, question, filters), collection)
    assert rows.dtype == np.int64
    return [collection.passages[row] for row in rows.tolist()]


def test_a_section_is_whole_and_in_source_order(collection: Snapshot) -> None:
    found = sections_of(collection, "the gist of case 87")
    edition = next(e for e in collection.editions if e.case_number == 87)
    section = next(s for s in edition.sections if s.id == "gist")
    assert {(p.case_number, p.section) for p in found} == {(87, "gist")}
    assert (found[0].start, found[-1].end) == (section.start, section.end)
    assert [p.start for p in found] == sorted(p.start for p in found)


@pytest.mark.parametrize(
    ("question", "language"),
    [("检例第86号的要旨", "zh"), ("the gist of case 86", "en"), ("检例第87号的要旨", "en")],
)
def test_a_section_is_of_one_edition_the_questions_own_first(
    collection: Snapshot, question: str, language: str
) -> None:
    assert {p.language for p in sections_of(collection, question)} == {language}


def test_sections_of_several_cases_come_case_by_case(collection: Snapshot) -> None:
    numbers = [p.case_number for p in sections_of(collection, "key words of cases 88, 85 and 9")]
    assert numbers == [88, 85, 9]


def test_sections_that_are_not_there(collection: Snapshot) -> None:
    assert sections_of(collection, "检例第86号的处理结果") == []
    assert sections_of(collection, "the gist of case 87", Filters(languages=("zh",))) == []
