"""Citations: how they are made, and the check that no answer leaves without."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from rag.errors import AnswerUnproved, NotHeld
from rag.protocols import Collection
from rag.sections import bare_heading
from rag.types import Answer, Citation, Passage

_MARKER = re.compile(r"\[(\d+)\]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_ORDINAL = re.compile(r"^\s*[（(]?\s*([0-9]+|[一二三四五六七八九十]+|[IVX]+)\s*[)）.、]")


def label(passage: Passage, subsection: str | None) -> str:
    """A line for people: "Guiding Case No. 86 · Procuratorate's performance process (1)"."""
    heading = bare_heading(passage.section_heading) or passage.case_title
    ordinal = _ORDINAL.match(subsection or "")
    if passage.language == "zh":
        case = (
            f"检例第{passage.case_number}号"
            if passage.case_number
            else f"第{passage.batch}批"
            if passage.batch
            else passage.source
        )
        return f"{case} · {heading}" + (f"（{ordinal[1]}）" if ordinal else "")
    case = (
        f"Guiding Case No. {passage.case_number}"
        if passage.case_number
        else f"Batch {passage.batch}"
        if passage.batch
        else passage.source
    )
    return f"{case} · {heading}" + (f" ({ordinal[1]})" if ordinal else "")


def cite(
    marker: int, passage: Passage, start: int, end: int, paragraph: int, subsection: str | None, text: str
) -> Citation:
    """The citation of ``text[start:end]``, ``text`` being the stored source."""
    where = (
        f"/v1/cases/{passage.case_number}" if passage.case_number else f"/v1/sources/{passage.source_sha256}"
    )
    return Citation(
        marker=marker,
        case_number=passage.case_number,
        case_title=passage.case_title,
        batch=passage.batch,
        language=passage.language,
        section=passage.section,
        section_heading=passage.section_heading,
        subsection=subsection,
        paragraph=paragraph,
        quote=text[start:end],
        start=start,
        end=end,
        source=passage.source,
        source_sha256=passage.source_sha256,
        label=label(passage, subsection),
        url=f"{where}?language={passage.language}#{passage.section}-{start}-{end}",
    )


def statements(answer: str) -> tuple[list[tuple[str, tuple[int, ...]]], str]:
    """An answer's stretches of text with the markers that follow each, and what stands after the
    last marker."""
    found: list[tuple[str, tuple[int, ...]]] = []
    end = 0
    for match in _MARKER.finditer(answer):
        text = answer[end : match.start()]
        marker = int(match[1])
        if found and not text.strip():
            found[-1] = (found[-1][0], (*found[-1][1], marker))
        else:
            found.append((text.strip(), (marker,)))
        end = match.end()
    return found, answer[end:].strip()


def _numbers(text: str) -> set[str]:
    return set(_NUMBER.findall(unicodedata.normalize("NFKC", text)))


def check(answer: Answer, collection: Collection) -> None:
    """Raise AnswerUnproved unless the answer keeps the contract's rules 1 to 3.

    Every quote stands at its offsets, in the case and section cited; every stretch of the answer carries
    a marker, every marker one citation, every citation a marker; every number of a stretch stands in a
    quote cited for it, and an extractive answer says the quotes' words and no others.
    """
    if answer.abstained:
        if answer.citations:
            raise AnswerUnproved("an abstention carries citations")
        return
    by_marker = {citation.marker: citation for citation in answer.citations}
    if len(by_marker) != len(answer.citations):
        raise AnswerUnproved("two citations have one marker")
    for citation in answer.citations:
        _check_quote(citation, collection)
    _check_statements(answer.answer, by_marker, exact=answer.mode == "extractive")


def _check_quote(citation: Citation, collection: Collection) -> None:
    try:
        text = collection.source(citation.source_sha256).text
    except NotHeld as error:
        raise AnswerUnproved(f"the source of marker {citation.marker} is not held") from error
    if not 0 <= citation.start < citation.end or text[citation.start : citation.end] != citation.quote:
        raise AnswerUnproved(f"the quote of marker {citation.marker} does not stand at its offsets")
    editions = [
        e
        for e in collection.editions
        if (e.source_sha256, e.case_number) == (citation.source_sha256, citation.case_number)
    ]
    in_section = any(
        s.id == citation.section and s.start <= citation.start and citation.end <= s.end
        for e in editions
        for s in e.sections
    )
    is_title = citation.section == "other" and any(e.title == citation.quote for e in editions)
    if not (in_section or is_title):
        raise AnswerUnproved(f"the quote of marker {citation.marker} is not of the case and section cited")


def _check_statements(text: str, by_marker: dict[int, Citation], *, exact: bool) -> None:
    found, rest = statements(text)
    if not found or rest:
        raise AnswerUnproved("a part of the answer carries no marker")
    used: set[int] = set()
    for statement, markers in found:
        if any(marker not in by_marker for marker in markers):
            raise AnswerUnproved("a marker has no citation")
        quotes = [by_marker[marker].quote for marker in markers]
        if not statement or (exact and statement not in map(_widened, quotes)):
            raise AnswerUnproved("the answer has words that are not the quote's")
        if not _numbers(statement) <= _numbers(" ".join(quotes)):
            raise AnswerUnproved("a number of the answer does not stand in the quotes cited for it")
        used.update(markers)
    if used != set(by_marker):
        raise AnswerUnproved("a citation is not used in the answer")


def _widened(quote: str) -> str:
    """A bracketed number inside a quote would read as a marker: its brackets are made full width."""
    return _MARKER.sub(r"［\1］", quote).strip()


def compose(citations: Sequence[Citation]) -> str:
    """An extractive answer: each quote followed by its marker; the quotes in ``citations`` stay exact."""
    return "\n".join(f"{_widened(c.quote)} [{c.marker}]" for c in citations)
