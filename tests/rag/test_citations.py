from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace

import pytest

from index.snapshot import Snapshot
from rag.citations import check, cite, compose, label, statements
from rag.errors import AnswerUnproved
from rag.types import Answer, Citation, Passage
from tests.rag import texts
from tests.rag.proof import faults


def citation(collection: Snapshot, marker: int, words: str) -> Citation:
    """The sentence that begins with ``words``, cited."""
    for sentence in collection.sentences:
        passage = collection.passages[sentence.passage]
        text = collection.source(passage.source_sha256).text
        if text.startswith(words, sentence.start):
            span = (sentence.start, sentence.end, sentence.paragraph, sentence.subsection)
            return cite(marker, passage, *span, text)
    raise AssertionError(f"no sentence begins with {words!r}")


@pytest.fixture
def answer(collection: Snapshot) -> Answer:
    """Two sentences of case 9, the first with a bracketed number in it."""
    citations = (
        citation(collection, 1, "Whoever forges 1,200 invoices"),
        citation(collection, 2, "The court sentenced Wang"),
    )
    return Answer(
        answer=compose(citations),
        abstained=False,
        abstention_reason=None,
        citations=citations,
        passages=(),
        language="en",
        mode="extractive",
        model="fake",
        snapshot=collection.snapshot_id,
        confidence=1.0,
        interpreted_as="",
    )


def faults_of(answer: Answer, collection: Snapshot) -> list[str]:
    return faults(asdict(answer), lambda sha256: collection.source(sha256).text)


def test_what_is_composed_is_proved(answer: Answer, collection: Snapshot) -> None:
    assert answer.answer == (
        "Whoever forges 1,200 invoices shall be prosecuted ［3］. [1]\n"
        "The court sentenced Wang to imprisonment of two years and fined him 20,000 yuan. [2]"
    )
    check(answer, collection)
    assert faults_of(answer, collection) == []


def test_a_citation_says_where_it_stands(answer: Answer, collection: Snapshot) -> None:
    first, second = answer.citations
    text = collection.source(first.source_sha256).text
    assert first.quote == text[first.start : first.end]
    assert (first.case_number, first.batch, first.language, first.section) == (9, 3, "en", "gist")
    assert first.label == "Guiding Case No. 9 · gist"
    assert second.label == "Guiding Case No. 9 · Result of the case"
    assert first.url == f"/v1/cases/9?language=en#gist-{first.start}-{first.end}"
    assert first.source == "batch_3_en.txt"


Spoil = Callable[[Answer], Answer]


def _first(**changes: object) -> Spoil:
    """Changes fields of the first citation."""

    def spoil(answer: Answer) -> Answer:
        first, *others = answer.citations
        return replace(answer, citations=(replace(first, **changes), *others))  # type: ignore[arg-type]

    return spoil


def _said(old: str, new: str) -> Spoil:
    def spoil(answer: Answer) -> Answer:
        assert old in answer.answer
        return replace(answer, answer=answer.answer.replace(old, new))

    return spoil


def _moved(answer: Answer) -> Answer:
    first = answer.citations[0]
    return _first(start=first.start + 1, end=first.end + 1)(answer)


FAULTS: dict[str, Spoil] = {
    "offsets moved by one": _moved,
    "offsets cut short": lambda a: _first(end=a.citations[0].end - 1)(a),
    "an altered quote": _first(quote="Whoever forges 1,300 invoices shall be prosecuted [3]."),
    "an empty quote": lambda a: _first(quote="", end=a.citations[0].start)(a),
    "no marker at the end": _said(" [2]", ""),
    "no marker in the middle, its citation unused": _said(" [1]", ""),
    "a sentence added at the end": lambda a: replace(a, answer=f"{a.answer} And more."),
    "an unknown marker": _said("[2]", "[3]"),
    "one marker more": _said("[2]", "[2][7]"),
    "an unused citation": lambda a: replace(
        a, citations=(*a.citations, replace(a.citations[0], marker=3))
    ),
    "an altered number": _said("20,000 yuan", "30,000 yuan"),
    "a number cut": _said("20,000 yuan", "20 yuan"),
    "a number of another quote": _said("20,000 yuan", "1,200 yuan"),
    "an altered number in full width": _said("20,000 yuan", "３０ yuan"),
    "a bracketed number of the quote left as it is": _said("［3］", "[3]"),
    "no answer": lambda a: replace(a, answer="", citations=()),
    "an abstention that cites": lambda a: replace(a, abstained=True, abstention_reason="no_evidence"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_every_planted_fault_is_caught(answer: Answer, collection: Snapshot, fault: str) -> None:
    spoiled = FAULTS[fault](answer)
    assert spoiled != answer
    assert faults_of(spoiled, collection)  # the tests' own check sees it
    with pytest.raises(AnswerUnproved):
        check(spoiled, collection)


def _from_the_end(answer: Answer) -> Answer:
    length = len(texts.ANOTHER_BATCH)
    first = answer.citations[0]
    return _first(start=first.start - length, end=first.end - length)(answer)


MISSED: dict[str, Spoil] = {
    "a marker without words": lambda a: replace(a, answer=f"[1] {a.answer}"),
    "two citations of one marker": lambda a: replace(a, citations=(a.citations[0], *a.citations)),
    "a source that is not held": _first(source_sha256="0" * 64),
    "another case": _first(case_number=86),
    "another section": _first(section="outcome"),
    "offsets counted from the end": _from_the_end,
    "words that are not the quote's": _said("The court sentenced", "The court acquitted"),
    "a numeral in words altered": _said("two years", "three years"),
}


@pytest.mark.parametrize("fault", MISSED)
def test_faults_that_check_misses(answer: Answer, collection: Snapshot, fault: str) -> None:
    with pytest.raises(AnswerUnproved):
        check(MISSED[fault](answer), collection)


def test_an_abstention_needs_no_proof(answer: Answer, collection: Snapshot) -> None:
    check(replace(answer, answer="Nothing.", abstained=True, abstention_reason="x", citations=()), collection)


@pytest.mark.parametrize(
    ("text", "found", "rest"),
    [
        ("One. [1] Two. [2]", [("One.", (1,)), ("Two.", (2,))], ""),
        ("One. [1][2]\nTwo [10]", [("One.", (1, 2)), ("Two", (10,))], ""),
        ("One. [1] [2] after", [("One.", (1, 2))], "after"),
        ("none", [], "none"),
        ("", [], ""),
        ("［3］一。 [1]", [("［3］一。", (1,))], ""),
    ],
)
def test_statements(text: str, found: list[tuple[str, tuple[int, ...]]], rest: str) -> None:
    assert statements(text) == (found, rest)


@pytest.mark.parametrize(
    ("changes", "subsection", "expected"),
    [
        ({}, None, "Guiding Case No. 9 · gist"),
        ({}, "(2) It is necessary to …", "Guiding Case No. 9 · gist (2)"),
        ({}, "一、听证", "Guiding Case No. 9 · gist (一)"),
        ({}, "Of invoices", "Guiding Case No. 9 · gist"),
        ({"language": "zh", "section_heading": "【要旨】"}, "（一）听证", "检例第9号 · 要旨（一）"),
        ({"case_number": None, "section_heading": "", "case_title": "News"}, None, "Batch 3 · News"),
        (
            {"case_number": None, "batch": None, "section_heading": "", "case_title": "News"},
            None,
            "batch_3_en.txt · News",
        ),
        (
            {"case_number": None, "language": "zh", "section_heading": "", "case_title": "通知"},
            None,
            "第3批 · 通知",
        ),
    ],
)
def test_label(
    collection: Snapshot, changes: dict[str, object], subsection: str | None, expected: str
) -> None:
    passage: Passage = next(p for p in collection.passages if (p.case_number, p.section) == (9, "gist"))
    assert label(replace(passage, **changes), subsection) == expected  # type: ignore[arg-type]
