"""Judges one answer against its question: each flag by itself, then whether it is right as a whole.

Nothing here trusts the answering code: quotes are compared with the stored source, markers and
numbers are read from the answer's text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval import numbers
from eval.evidence import Evidence, section_key
from eval.folding import fold
from eval.questions import Question
from rag.errors import NotHeld
from rag.protocols import Collection
from rag.types import Answer, Citation

# Up to three digits: 法发[2019]12号 in a quote is no marker.
_MARKERS = re.compile(r"((?:\s*\[\d{1,3}\])+)")
_MARKER = re.compile(r"\[(\d{1,3})\]")
_CLOSING = " \t\r\n.。;；,，!！?？\"'”’」』)）"
# A full stop between two sentences. After an abbreviation or a single letter it ends none.
_SENTENCE_END = re.compile(
    r"[。！？]\s*(?=[^\s”’」』）)\]])|(?<!\bNo)(?<!\bArt)(?<!\bLtd)(?<!\bCo)(?<!\bMr)(?<!\b\w)[.!?]['\"”’]*\s+(?=[A-Z一-鿿])"
)


@dataclass(frozen=True, slots=True)
class Judgement:
    fully_right: bool
    """Answerable: answered, with every fact, and a citation of the right section of the right
    case. Unanswerable: abstained."""
    facts_present: bool | None = None
    """Every group of ``must`` has an alternative in the answer. None: unanswerable."""
    facts_share: float | None = None
    section_cited: bool | None = None
    cases_share: float | None = None
    """Share of the cases asked about that a citation comes from; below 1 only tells something for a
    question about several, which is right by ``section_cited`` when one of them is cited."""
    citations: int = 0
    citations_of_case: int = 0
    """Of a case that the question asks about."""
    citations_on_evidence: int = 0
    quotes_verbatim: int = 0
    """Citations whose quote is the source's text at start..end, to the character."""
    marker_integrity: bool | None = None
    """None for this and the next: abstained, so there is no claim to prove."""
    numbers_supported: bool | None = None


def judge(question: Question, evidence: Evidence, answer: Answer, collection: Collection) -> Judgement:
    cited = answer.citations
    by_marker = {c.marker: c for c in cited}
    keys = {section_key(c.case_number, c.batch, c.section) for c in cited}
    # An abstention names what was looked for: words of the question in it are no facts found.
    share = 0.0 if answer.abstained else facts_share(answer.answer, question.must)
    section_cited = not answer.abstained and not keys.isdisjoint(evidence.sections)
    right = (share == 1 and section_cited) if question.answerable else answer.abstained
    return Judgement(
        fully_right=right,
        facts_present=share == 1 if question.answerable else None,
        facts_share=share if question.answerable else None,
        section_cited=section_cited if question.answerable else None,
        cases_share=_cases_share(question, cited) if question.answerable else None,
        citations=len(cited),
        citations_of_case=sum(c.case_number in question.cases for c in cited),
        citations_on_evidence=sum(any(span.overlaps(c) for span in evidence.spans) for c in cited),
        quotes_verbatim=sum(_verbatim(c, collection) for c in cited),
        marker_integrity=None if answer.abstained else markers_whole(answer.answer, by_marker),
        numbers_supported=None if answer.abstained else numbers_supported(answer.answer, by_marker),
    )


def _cases_share(question: Question, cited: Sequence[Citation]) -> float:
    return len({c.case_number for c in cited} & set(question.cases)) / len(set(question.cases))


def facts_share(answer: str, must: Sequence[Sequence[str]]) -> float:
    """Share of the groups that have an alternative in the answer, both folded, markers taken out (a
    fact may run over the end of one cited sentence). No groups: all of them, 1."""
    if not must:
        return 1.0
    text = fold(_MARKER.sub("", answer))
    return sum(any(fold(alternative) in text for alternative in group) for group in must) / len(must)


def markers_whole(answer: str, citations: Mapping[int, Citation]) -> bool:
    """Every sentence carries a marker and every marker has a citation.

    A stretch is the text before a run of markers. It may hold several sentences only where they
    are words of its quotes; text after the last marker must be blank."""
    *pieces, tail = _MARKERS.split(answer)
    if not pieces or tail.strip(_CLOSING):
        return False
    for text, run in zip(pieces[::2], pieces[1::2], strict=True):
        markers = _markers(run)
        if not text.strip(_CLOSING) or not citations.keys() >= set(markers):
            return False
        rest = " ".join(text.split())
        for marker in markers:
            rest = rest.replace(" ".join(citations[marker].quote.split()), "…")
        if _SENTENCE_END.search(rest.lstrip(_CLOSING)):
            return False
    return True


def numbers_supported(answer: str, citations: Mapping[int, Citation]) -> bool:
    """Every number of a stretch stands in a quote that is cited for it (or is its conversion); a
    number without a citation has no support."""
    *pieces, tail = _MARKERS.split(answer)
    for text, run in zip(pieces[::2], pieces[1::2], strict=True):
        quotes = [citations[m].quote for m in _markers(run) if m in citations]
        if not numbers.stated(text) <= numbers.held("\n".join(quotes)):
            return False
    return not numbers.stated(tail)


def _markers(run: str) -> list[int]:
    return [int(number) for number in _MARKER.findall(run)]


def _verbatim(citation: Citation, collection: Collection) -> bool:
    try:
        text = collection.source(citation.source_sha256).text
    except NotHeld:
        return False
    # The bounds first: a negative offset would count from the end of the text.
    inside = 0 <= citation.start < citation.end <= len(text)
    return inside and text[citation.start : citation.end] == citation.quote
