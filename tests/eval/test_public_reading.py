"""Outcomes and figures of a reading set, with ``ask`` and ``search`` scripted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from eval.evidence import Span
from eval.public.gold import common, holds, rank_of_first
from eval.public.one_text import OneText
from eval.public.outcome import SEARCHED, Outcome, given_outcomes, open_outcomes
from eval.public.reading import reading_figures, reasons
from eval.public.throwaway import throwaway_collection
from rag.citations import cite
from rag.errors import BadQuestion
from rag.protocols import Collection
from rag.types import Answer, Citation, Hit, Passage, Request, SearchResult, Timings
from tests.eval.public_sets import APPLES, TEA, small_set
from tests.fakes import FakeEmbedder

SET = small_set()
WHERE, WHO, WHEN, WHETHER = (question.text for question in SET.questions)


@pytest.fixture(scope="module")
def collection() -> Iterator[Collection]:
    with throwaway_collection(SET.texts, FakeEmbedder()) as made:
        yield made


def passage(collection: Collection, source: str) -> Passage:
    return next(p for p in collection.passages if p.source == source)


def citation(collection: Collection, source: str, words: str) -> Citation:
    of = passage(collection, source)
    text = collection.source(of.source_sha256).text
    start = text.index(words)
    return cite(1, of, start, start + len(words), 1, None, text)


def said(confidence: float, *citations: Citation, reason: str | None = None, ms: float = 10.0) -> Answer:
    return Answer(
        answer="",
        abstained=reason is not None,
        abstention_reason=reason,
        citations=citations,
        passages=(),
        language="en",
        mode="extractive",
        model="",
        snapshot="",
        confidence=confidence,
        interpreted_as="",
        timings=Timings(total=ms),
    )


def found(collection: Collection, *sources: str) -> SearchResult:
    hits = tuple(Hit(n, passage(collection, s), 1.0, {}) for n, s in enumerate(sources))
    return SearchResult(hits, "en", "", "")


def test_every_question_is_asked_of_all_texts(collection: Collection) -> None:
    seen: list[tuple[int, int]] = []

    def ask(request: Request, of: Collection) -> Answer:
        assert of is collection
        first = citation(collection, "apples", "The fruit is red.")
        right = citation(collection, "apples", "Apples grow in Kazakhstan.")
        if request.question == WHETHER:
            raise BadQuestion("no")
        return {
            WHERE: said(0.9, first, right),
            WHO: said(0.7, first, ms=30),
            WHEN: said(0.2, reason="no_evidence"),
        }[request.question]

    def search(request: Request, of: Collection) -> SearchResult:
        assert of is collection
        assert request.top_k == SEARCHED
        return found(collection, *{WHERE: ("pears", "apples"), WHEN: ("apples",)}[request.question])

    outcomes = open_outcomes(SET, collection, ask, search, lambda done, total: seen.append((done, total)))
    assert outcomes == [
        Outcome("a1", True, True, 2, 2, False, None, 0.9, 10),
        Outcome("a2", False, False, None, None, False, None, 0.7, 30),
        Outcome("t1", True, True, None, None, True, "no_evidence", 0.2, 10),
        Outcome("t2", True, False, None, None, False, None, None, 0, "ask: no"),
    ]
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_every_question_is_asked_of_its_own_text(collection: Collection) -> None:
    asked: list[tuple[str, set[str]]] = []

    def ask(request: Request, of: Collection) -> Answer:
        assert isinstance(of, OneText)
        asked.append((request.question, {of.passages[row].source for row in of.own.tolist()}))
        return said(0.5, citation(collection, "tea", "茶叶于四月采摘，制成普洱茶。"))

    outcomes = given_outcomes(SET, collection, ask)
    assert asked == [(WHERE, {"apples"}), (WHO, {"apples"}), (WHEN, {"tea"}), (WHETHER, {"tea"})]
    assert [o.sentence for o in outcomes] == [None, None, 1, None]
    assert [o.passage for o in outcomes] == [None] * 4


def test_an_error_in_search_leaves_the_answer(collection: Collection) -> None:
    def search(request: Request, of: Collection) -> SearchResult:
        raise BadQuestion("no")

    outcome = open_outcomes(SET, collection, lambda _, __: said(0.5), search)[0]
    assert (outcome.error, outcome.passage, outcome.confidence) == ("search: no", None, 0.5)


def outcome(
    *,
    passage: int | None = None,
    sentence: int | None = None,
    confidence: float | None = 0.5,
    reason: str | None = None,
    answerable: bool = True,
    placed: bool = True,
    ms: float = 1.0,
) -> Outcome:
    abstained = reason is not None
    return Outcome(
        "q", answerable, placed and answerable, passage, sentence, abstained, reason, confidence, ms
    )


def test_figures_by_hand() -> None:
    outcomes = [
        outcome(passage=1, sentence=1, confidence=0.9, ms=10),
        outcome(passage=5, sentence=3, confidence=0.6, ms=20),
        outcome(passage=10, confidence=0.3, reason="no_evidence", ms=30),
        outcome(confidence=None),
        outcome(placed=False, confidence=0.8, ms=40),
        outcome(answerable=False, confidence=0.7, ms=50),
        outcome(answerable=False, confidence=0.1, reason="no_evidence", ms=60),
        outcome(answerable=False, confidence=0.0, reason="case_not_named", ms=70),
    ]
    figures = reading_figures(outcomes, passages=True)
    assert (figures["n"], figures["n_answerable"], figures["n_placed"]) == (8, 5, 4)
    assert [figures[f"passage@{k}"] for k in (1, 5, 10)] == [1 / 4, 2 / 4, 3 / 4]
    assert [figures[f"sentence@{k}"] for k in (1, 3)] == [1 / 4, 2 / 4]
    assert [figures[f"sentence@{k}_answered"] for k in (1, 3)] == [1 / 2, 2 / 2]
    # Of 4 · 3 pairs of an answerable and an unanswerable question, 0.6 and 0.3 are below 0.7.
    assert figures["auc"] == pytest.approx(10 / 12)
    assert figures["coverage"] == 3 / 5
    assert figures["declined"] == 2 / 3
    # The threshold that answers 90 % of four confident ones is 0.3.
    assert figures["declined_at_90"] == 2 / 3
    assert figures["latency_p50_ms"] == 40
    assert figures["latency_p95_ms"] == pytest.approx(67)
    assert reasons(outcomes) == {"no_evidence": 2, "case_not_named": 1}


def test_what_is_undefined_is_none() -> None:
    figures = reading_figures([outcome(sentence=1)], passages=False)
    assert [figures[f"passage@{k}"] for k in (1, 5, 10)] == [None] * 3
    assert figures["auc"] is figures["declined"] is figures["declined_at_90"] is None
    assert figures["sentence@1"] == 1
    assert reading_figures([outcome(answerable=False)], passages=True)["sentence@1"] is None


@pytest.mark.parametrize(
    ("words", "span", "held"),
    [
        ("Apples grow in Kazakhstan.", (15, 25), True),
        ("The fruit is red.", (15, 25), False),
        ("Apples grow in Kazakhstan.", (0, len(APPLES)), True),
        ("The fruit is red.", (15, 44), True),
        ("Apples grow in Kazakhstan.", (15, 44), False),
    ],
)
def test_a_sentence_holds_an_answer(
    collection: Collection, words: str, span: tuple[int, int], held: bool
) -> None:
    piece = citation(collection, "apples", words)
    assert holds(piece, [Span(piece.source_sha256, *span)]) is held
    assert not holds(piece, [Span("another", *span)])
    assert not holds(piece, [])


def test_the_first_that_holds_one(collection: Collection) -> None:
    pieces: Sequence[Passage] = [passage(collection, source) for source in ("pears", "tea", "apples")]
    tea, apples = pieces[1].source_sha256, pieces[2].source_sha256
    assert rank_of_first(pieces, [Span(apples, 15, 25), Span(tea, 11, 13)]) == 2
    assert rank_of_first(pieces, [Span(apples, 15, 25)]) == 3
    assert rank_of_first(pieces, [Span("another", 15, 25)]) is None
    assert common(Span(tea, 0, 5), pieces[1]) == 5
    assert common(Span(tea, 0, 5), Span(tea, 5, len(TEA))) == 0
