"""Answers over a real small snapshot. The embedder is a fake, so these are rules, not quality."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import rag.ask
import rag.confidence
import rag.weighing
from index.snapshot import Snapshot
from rag.ask import ask, search
from rag.errors import BadQuestion
from rag.types import Answer, Filters, Message, Request
from tests.fakes import FakeEmbedder
from tests.rag.proof import faults


def sure(*_: object) -> float:
    return 1.0


def unsure(*_: object) -> float:
    return 0.0


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was found is answered with, so that a rule is not kept by abstaining."""
    monkeypatch.setattr(rag.weighing, "confidence", sure)


def asked(
    collection: Snapshot,
    question: str,
    *history: str,
    filters: Filters = Filters(),  # noqa: B008 - frozen
    top_k: int = 8,
) -> Answer:
    """The answer, proved. ``history``: turns, the user's first."""
    turns = tuple(Message("assistant" if at % 2 else "user", text) for at, text in enumerate(history))
    answer = ask(Request(question, turns, filters, top_k), collection, FakeEmbedder())
    assert faults(asdict(answer), lambda sha256: collection.source(sha256).text) == []
    return answer


def section_text(collection: Snapshot, case: int, section: str, language: str = "en") -> str:
    edition = next(e for e in collection.editions if (e.case_number, e.language) == (case, language))
    found = next(s for s in edition.sections if s.id == section)
    return collection.source(edition.source_sha256).text[found.start : found.end]


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("question", "case", "section", "language"),
    [
        ("Give me the gist of case 87", 87, "gist", "en"),
        ("检例第88号的相关规定", 88, "regulations", "en"),
        ("检例第86号的相关规定", 86, "regulations", "zh"),
        ("检例第八十六号的要旨是什么？", 86, "gist", "zh"),
        ("What are the key words of Guiding Case No. 9?", 9, "keywords", "en"),
        ("Show the result of the case in case 9", 9, "outcome", "en"),
        ("guiding significance of case 89", 89, "guiding_significance", "en"),
    ],
)
def test_a_section_that_is_asked_for_is_given_whole(
    collection: Snapshot, question: str, case: int, section: str, language: str
) -> None:
    answer = asked(collection, question)
    assert not answer.abstained
    assert {(c.case_number, c.section, c.language) for c in answer.citations} == {(case, section, language)}
    whole = squeezed("".join(c.quote for c in answer.citations))
    assert whole == squeezed(section_text(collection, case, section, language))
    assert [c.start for c in answer.citations] == sorted(c.start for c in answer.citations)


def test_a_section_of_several_cases(collection: Snapshot) -> None:
    answer = asked(collection, "key words of cases 85 and 88")
    assert [c.case_number for c in answer.citations] == [85, 88]


@pytest.mark.parametrize(
    ("question", "reason", "words"),
    [
        ("What is the gist of case 300?", "case_not_held", ["Guiding Case No. 300 is not held"]),
        ("What do cases 300 and 301 say?", "case_not_held", ["No. 300", "No. 301", "are not held"]),
        ("检例第300号的要旨是什么？", "case_not_held", ["本库未收录检例第300号"]),
        ("第五十批指导性案例讲了什么", "batch_not_held", ["本库未收录第50批"]),
        ("What is batch 77 about?", "batch_not_held", ["Batch 77 is not held"]),
        ("检例第86号的处理结果", "section_not_held", ["检例第86号已收录", "处理结果"]),
        ("the result of the case in case 85", "section_not_held", ["No. 85 is held", "Result of the case"]),
    ],
)
def test_what_is_not_held_is_said(collection: Snapshot, question: str, reason: str, words: list[str]) -> None:
    answer = asked(collection, question)
    assert answer.abstained
    assert answer.abstention_reason == reason
    assert all(word in answer.answer for word in words)
    assert answer.passages == ()


def test_filters_that_exclude_what_is_named(collection: Snapshot) -> None:
    answer = asked(collection, "Who was fined in case 85?", filters=Filters(case_numbers=(86,)))
    assert answer.abstention_reason == "filters_exclude"
    assert search(
        Request("case 85", filters=Filters(case_numbers=(86,))), collection, FakeEmbedder()
    ).hits == ()  # fmt: skip


def test_a_case_that_is_held_beside_one_that_is_not(collection: Snapshot) -> None:
    answer = asked(collection, "the gist of cases 85 and 300")
    assert not answer.abstained
    assert {c.case_number for c in answer.citations} == {85}
    assert "Guiding Case No. 300" in answer.warnings[0]


def test_no_evidence_names_what_was_looked_for(collection: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rag.weighing, "confidence", unsure)
    answer = asked(collection, "What colour was the treadmill?")
    assert answer.abstention_reason == "no_evidence"
    assert "What colour was the treadmill?" in answer.answer
    assert answer.passages  # the nearest are listed, never cited
    answer = asked(collection, "检例第85号的跑步机是什么颜色的？")
    assert "检例第85号" in answer.answer
    assert "跑步机是什么颜色的" in answer.answer
    assert {hit.passage.case_number for hit in answer.passages} == {85}


@pytest.mark.usefixtures("answering")
@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Wang forged invoices on which date in March?", "Wang forged invoices on 5 March 2011"),
        ("To how much was Wang fined when the court sentenced him to imprisonment?", "fined him 20,000 yuan"),
        ("控股股东自愿加入诉讼的，可以列为什么？", "控股股东自愿加入诉讼的，可以将其列为第三人"),
    ],
)
def test_the_sentence_that_says_it_is_quoted(collection: Snapshot, question: str, words: str) -> None:
    assert words in asked(collection, question).answer


@pytest.mark.usefixtures("answering")
def test_a_follow_up_is_answered_from_the_case(collection: Snapshot) -> None:
    answer = asked(collection, "And what was he fined?", "What did Wang do in case 9?", "He forged. [1]")
    assert {c.case_number for c in answer.citations} == {9}
    assert answer.interpreted_as == "What did Wang do in case 9?\nAnd what was he fined?"
    answer = asked(collection, "And its key words?", "What did Wang do in case 9?", "He forged. [1]")
    assert {c.section for c in answer.citations} == {"keywords"}


@pytest.mark.usefixtures("answering")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_filters_hold_for_answers(collection: Snapshot, language: str) -> None:
    filters = Filters(case_numbers=(86,), languages=(language,))  # type: ignore[arg-type]
    answer = asked(collection, "How much waste water was discharged?", filters=filters)
    assert {(c.case_number, c.language) for c in answer.citations} == {(86, language)}
    assert {(h.passage.case_number, h.passage.language) for h in answer.passages} == {(86, language)}


def test_an_answer_says_what_made_it(collection: Snapshot) -> None:
    answer = asked(collection, "Who sold tobacco to minors?", top_k=3)
    assert (answer.mode, answer.language) == ("extractive", "en")
    assert (answer.snapshot, answer.model) == (collection.snapshot_id, "fake")
    assert len(answer.passages) == 3
    times = answer.timings
    assert all(value >= 0 for value in (times.embed, times.retrieve, times.read, times.answer))
    assert times.total == pytest.approx(times.embed + times.retrieve + times.read + times.answer)


def test_the_same_again(collection: Snapshot) -> None:
    first, second = (asdict(asked(collection, "Who sold tobacco to minors?")) for _ in range(2))
    assert first | {"timings": None} == second | {"timings": None}


def test_generative_without_a_language_model_is_refused(collection: Snapshot) -> None:
    with pytest.raises(BadQuestion, match="language model"):
        ask(Request("Who was fined?", mode="generative"), collection, FakeEmbedder())


def test_an_answer_that_fails_its_check_is_not_served(
    collection: Snapshot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(rag.ask, "compose", lambda citations: "No marker at all.")
    answer = asked(collection, "Give me the gist of case 87")
    assert answer.abstention_reason == "answer_unproved"
    assert "No marker" not in answer.answer
    assert answer.warnings
    assert "answer_unproved" in caplog.text
    assert "gist" not in caplog.text  # never the question's text


def test_a_filter_for_a_held_case_and_one_that_is_not(collection: Snapshot) -> None:
    answer = asked(
        collection, "Give me the gist", filters=Filters(case_numbers=(85, 300), sections=("gist",))
    )
    assert answer.abstention_reason != "case_not_held"


def test_a_section_of_the_case_that_is_filtered_for(collection: Snapshot) -> None:
    answer = asked(collection, "Give me the gist", filters=Filters(case_numbers=(85,)))
    assert {(c.case_number, c.section) for c in answer.citations} == {(85, "gist")}


@pytest.mark.parametrize(
    "filters", [Filters(languages=("zh",)), Filters(sections=("regulations",)), Filters(batches=(3,))]
)
def test_a_section_that_the_filters_leave_out_is_not_called_absent(
    collection: Snapshot, filters: Filters
) -> None:
    assert "has no section" not in asked(collection, "Give me the gist of case 87", filters=filters).answer


def test_an_abstention_has_no_marker(collection: Snapshot) -> None:
    asked(collection, "case 300, as in [1]?")


PIECES = (
    *("case 85", "cases", "batch 23", "Article 140", "gist", "the result of the case", "and", "to"),
    *("what", "how many", "compare", "fined", "tobacco", "[1]", "(3)", "?", "\n", "—"),
    *("检例第86号", "第二十三批", "第", "号", "要旨", "相关规定", "和", "谁", "哪些", "呢", "污染环境"),
    *("5000万元", "［2］", "，", "\u202e", "\ud83d", "😀"),
)
WORDS = st.sampled_from(PIECES)
MIXED = st.lists(st.one_of(WORDS, st.text(max_size=5), st.integers().map(str)), max_size=12)
QUESTIONS = st.one_of(st.text(max_size=80), MIXED.map(" ".join), MIXED.map("".join))
FILTERS = st.builds(
    Filters,
    case_numbers=st.sampled_from([(), (85,), (85, 86), (300,), (0,)]),
    batches=st.sampled_from([(), (), (23,), (3,), (77,)]),
    sections=st.sampled_from([(), (), ("gist",), ("announcement", "other")]),
    languages=st.sampled_from([(), (), ("zh",), ("en",)]),
)


@pytest.mark.parametrize("confidence", [sure, rag.confidence.confidence], ids=["always", "as it is"])
@settings(max_examples=200)
@given(question=QUESTIONS, history=st.lists(QUESTIONS, max_size=3), filters=FILTERS)
def test_any_question_is_refused_or_answered_with_proof(
    collection: Snapshot,
    confidence: Callable[..., float],
    question: str,
    history: Sequence[str],
    filters: Filters,
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rag.weighing, "confidence", confidence)
        try:
            request = Request(question.replace("[1]", "［1］"), filters=filters)
            result = search(request, collection, FakeEmbedder())
            answer = asked(collection, request.question, *history, filters=filters)
        except BadQuestion:
            assume(False)
    assert answer.abstention_reason != "answer_unproved"
    assert 0.0 <= answer.confidence <= 1.0
    assert all(math.isfinite(hit.score) for hit in result.hits)
    for citation in answer.citations:
        assert not filters.case_numbers or citation.case_number in filters.case_numbers
        assert not filters.batches or citation.batch in filters.batches
        assert not filters.sections or citation.section in filters.sections
        assert not filters.languages or citation.language in filters.languages
    answer.answer.encode()
    answer.interpreted_as.encode()
