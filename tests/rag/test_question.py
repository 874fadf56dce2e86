from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.snapshot import Snapshot
from rag.errors import BadQuestion
from rag.question import MAX_QUESTION, Query, language_of, understand
from rag.types import Filters, Message, Request


def read(collection: Snapshot, question: str, *history: str, filters: Filters = Filters()) -> Query:  # noqa: B008 - frozen
    """``history``: turns, the user's first."""
    turns = tuple(Message("assistant" if at % 2 else "user", text) for at, text in enumerate(history))
    return understand(Request(question, turns, filters), collection)


@pytest.mark.parametrize(
    ("question", "held", "missing"),
    [
        ("What is the gist of case 85?", (85,), ()),
        ("检例第八十六号的赔偿金额", (86,), ()),
        ("What does case 300 say?", (), (300,)),
        ("检例第300号和检例第85号", (85,), (300,)),
        ("cases 85 to 87", (85, 86, 87), ()),
        ("cases 88 to 91", (88, 89), (90, 91)),
        ("Who was fined?", (), ()),
    ],
)
def test_cases_that_are_named(
    collection: Snapshot, question: str, held: tuple[int, ...], missing: tuple[int, ...]
) -> None:
    query = read(collection, question)
    assert (query.case_numbers, query.missing_cases) == (held, missing)
    assert query.filters == Filters(case_numbers=held)
    assert not query.contradiction


@pytest.mark.parametrize(
    ("question", "held", "missing"),
    [
        ("第二十三批有哪些案例？", (23,), ()),
        ("the third batch and batch 77", (3,), (77,)),
        ("第五十批", (), (50,)),
    ],
)
def test_batches_that_are_named(
    collection: Snapshot, question: str, held: tuple[int, ...], missing: tuple[int, ...]
) -> None:
    query = read(collection, question)
    assert (query.batches, query.missing_batches) == (held, missing)
    assert query.filters == Filters(batches=held)


def test_filters_and_what_is_named_are_both_kept(collection: Snapshot) -> None:
    filters = Filters(case_numbers=(86, 87), batches=(23,), sections=("gist",), languages=("en",))
    query = read(collection, "Which of cases 85, 86 and 87 is about loans?", filters=filters)
    assert query.filters == Filters((86, 87), (23,), ("gist",), ("en",))
    assert not query.contradiction
    query = read(collection, "Which is about loans?", filters=filters)
    assert query.filters == filters


@pytest.mark.parametrize(
    ("question", "filters"),
    [
        ("the gist of case 85", Filters(case_numbers=(86,))),
        ("the loans of batch 23", Filters(batches=(3,))),
    ],
)
def test_filters_that_leave_nothing_of_what_is_named(
    collection: Snapshot, question: str, filters: Filters
) -> None:
    assert read(collection, question, filters=filters).contradiction


def test_a_filter_that_is_not_held(collection: Snapshot) -> None:
    query = read(collection, "Who was fined?", filters=Filters(case_numbers=(300,), batches=(77,)))
    assert (query.missing_cases, query.missing_batches) == ((300,), (77,))
    assert query.nothing_held


@pytest.mark.parametrize(
    "question",
    [
        "And the fine?",
        "How was he sentenced?",
        "What about its regulations?",
        "Why?",
        "那罚金呢？",
        "他们被判了多少年？",
        "该案的要旨",
        "为什么",
    ],
)
def test_a_follow_up_stays_with_the_case(collection: Snapshot, question: str) -> None:
    query = read(collection, question, "What is case 85 about?", "Innovation [1]")
    assert query.case_numbers == (85,)
    assert query.text == f"What is case 85 about?\n{question}"
    assert query.question == question


def test_the_case_is_carried_over_several_turns(collection: Snapshot) -> None:
    turns = ("检例第86号讲了什么？", "污染环境 [1]", "那罚金呢？", "20万元 [1]")
    assert read(collection, "他们上诉了吗？", *turns).case_numbers == (86,)


def test_a_case_that_is_not_held_is_carried_too(collection: Snapshot) -> None:
    query = read(collection, "And its gist?", "What does case 300 say?", "Not held.")
    assert (query.case_numbers, query.missing_cases) == ((), (300,))


@pytest.mark.parametrize(
    ("question", "cases"),
    [
        ("Which shops near schools sold tobacco products to minors in Haidian district?", ()),
        ("And the gist of case 87?", (87,)),
        ("海淀区检察院是怎样督促烟草专卖局整改校园周边违规售烟的", ()),
    ],
)
def test_a_question_that_stands_alone_leaves_the_case(
    collection: Snapshot, question: str, cases: tuple[int, ...]
) -> None:
    assert read(collection, question, "What is case 85 about?", "Innovation [1]").case_numbers == cases


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Who was fined?", "en"),
        ("谁被罚款？", "zh"),
        ("检例第85号的gist是什么", "zh"),
        ("What does 要旨 mean in a guiding case?", "en"),
        ("85", "en"),
        ("", "en"),
    ],
)
def test_language(text: str, language: str) -> None:
    assert language_of(text) == language


def test_the_language_asked_in_is_the_follow_ups_own(collection: Snapshot) -> None:
    assert read(collection, "那罚金呢？", "What is case 85 about?", "It is …").language == "zh"


@pytest.mark.parametrize("question", ["", "   ", "\n\t", "？！", "\u200b", "\x00\x07", "\ud800", "—…"])
def test_a_blank_question_is_refused(collection: Snapshot, question: str) -> None:
    with pytest.raises(BadQuestion, match="empty"):
        read(collection, question)


def test_a_question_that_is_too_long_is_refused(collection: Snapshot) -> None:
    assert read(collection, "罚" * MAX_QUESTION).question == "罚" * MAX_QUESTION
    with pytest.raises(BadQuestion, match=r"4,001 characters"):
        read(collection, "罚" * (MAX_QUESTION + 1))


def test_control_characters_and_half_pairs_are_dropped(collection: Snapshot) -> None:
    query = read(collection, "\x00the gist\x07of case 86\ud83d")
    assert query.question == "the gist of case 86"
    assert query.case_numbers == (86,)
    assert query.wants_sections
    query.text.encode()


def test_what_is_asked_for(collection: Snapshot) -> None:
    query = read(collection, "Give me the regulations and the gist of case 87")
    assert (query.sections, query.wants_sections) == (("gist", "regulations"), True)
    query = read(collection, "How much does the gist of case 87 say was lost?")
    assert (query.sections, query.wants_sections) == (("gist",), False)
    assert "amount" in query.kinds
    assert not read(collection, "case 87").wants_sections


@given(question=st.text(max_size=200), history=st.lists(st.text(max_size=100), max_size=4))
def test_any_question_is_understood_or_refused(
    collection: Snapshot, question: str, history: list[str]
) -> None:
    try:
        query = read(collection, question, *history)
    except BadQuestion:
        return
    query.text.encode()
    held = {edition.case_number for edition in collection.editions}
    assert set(query.case_numbers) <= held
    assert not set(query.missing_cases) & held
