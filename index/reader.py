"""From a source text to a document: its editions, and an account of every line that belongs to none."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence

from index.account import Account
from index.case_number import MAX_CASE_NUMBER, NumberLine, batch_in_name, case_in_name, find_batch
from index.document import Document
from index.furniture import is_notice_title, is_series_title, is_site_head
from index.headings import Heading, find_headings
from index.lines import Line, split_lines
from index.openings import Opening, find_numbers, find_openings
from index.sections import Body, make_section, read_sections
from index.source import detect_language, make_source, require_text
from index.unnumbered import with_unnumbered
from rag.errors import SourceRefused
from rag.types import Edition, Section, Source

LONGEST_TITLE = 120
"""Characters; a first line longer than this is text, and names no announcement."""

_EXPECTED = {"gist": "要旨 (gist)", "basic_case": "基本案情 (basic case)"}


def read_document(name: str, text: str, batch: int | None = None) -> Document:
    """The editions that ``text`` holds. ``batch`` is read from the text where it is not given.

    Raises SourceRefused where the text is blank, cannot be stored, or holds no guiding case.
    """
    require_text(text, name)
    lines = split_lines(text)
    headings = find_headings(lines)
    numbers = find_numbers(lines)
    account = Account()
    openings = with_unnumbered(
        find_openings(lines, headings, numbers), lines, headings, case_in_name(name), account
    )
    if not openings:
        raise SourceRefused(_refusal(name, headings, numbers))
    above = lines[: openings[0].first]
    if batch is None:
        batch = find_batch("\n".join(line.text for line in above)) or batch_in_name(name)
    source = make_source(name, text, detect_language(text), batch)
    editions = _announcement(source, above, account)
    _check_numbers(openings, lines, account)
    for opening, following in zip(openings, [*openings[1:], None], strict=True):
        end = following.first if following else len(lines)
        editions.append(_case(source, opening, end, lines, headings, numbers, account))
    return Document(source, tuple(editions), account.furniture, account.problems)


def _announcement(source: Source, above: Sequence[Line], account: Account) -> list[Edition]:
    """What a batch page says before its first case; nothing where that is only the batch's name."""
    end = len(above)
    while end and is_series_title(above[end - 1].plain):
        end -= 1
        account.put(above[end], "series_title")
    body = []
    for line in above[:end]:
        if is_site_head(line.plain):
            account.put(line, "site")
        else:
            body.append(line)
    if not body:
        return []
    candidates = [line.plain for line in body if is_notice_title(line.plain)]
    candidates += [body[0].plain, *(line.plain for line in above[end:])]
    title = next((t for t in candidates if len(t) <= LONGEST_TITLE), body[0].plain[:LONGEST_TITLE] + "…")
    section = make_section(source, "announcement", None, [(line.start, line.end) for line in body])
    return [_edition(source, None, title, section.start, (section,))]


def _case(
    source: Source,
    opening: Opening,
    end: int,
    lines: Sequence[Line],
    headings: Mapping[int, Heading],
    numbers: Mapping[int, NumberLine],
    account: Account,
) -> Edition:
    for index in opening.titles:
        account.put(lines[index], "title")
    for index in opening.numbers:
        account.put(lines[index], "case_number")
    for index in opening.subtitles:
        account.put(lines[index], "subtitle")
    first = lines[opening.first]
    number = opening.number if opening.number and opening.number <= MAX_CASE_NUMBER else None
    label = f"case {opening.number}" if opening.number is not None else "a case without a number"
    sections = read_sections(source, Body(opening.body, end, label), lines, headings, numbers, account)
    _check_sections(sections, label, first, lines, account)
    if not opening.title:
        account.doubt(first, f"{label} has no title above or beside its number")
    title = opening.title or (
        f"检例第{number}号" if source.language == "zh" else f"Guiding Case No. {number}"
    )
    return _edition(source, number, title if opening.title or number else "", first.start, sections)


def _edition(
    source: Source, number: int | None, title: str, start: int, sections: tuple[Section, ...]
) -> Edition:
    return Edition(
        case_number=number,
        batch=source.batch,
        language=source.language,
        title=title,
        source=source.name,
        source_sha256=source.sha256,
        start=start,
        end=max([start, *(max(s.heading_end, s.end) for s in sections)]),
        sections=sections,
    )


def _check_numbers(openings: Sequence[Opening], lines: Sequence[Line], account: Account) -> None:
    seen: Counter[int] = Counter()
    for opening in openings:
        if opening.number is None:
            continue
        line = lines[opening.numbers[0] if opening.numbers else opening.first]
        if not 0 < opening.number <= MAX_CASE_NUMBER:
            account.doubt(
                line,
                f"the case number {opening.number} is not between 1 and {MAX_CASE_NUMBER}; kept without one",
            )
        elif seen[opening.number]:
            account.doubt(line, f"case {opening.number} stands in this file already; both are kept")
        seen[opening.number] += 1


def _check_sections(
    sections: Sequence[Section], label: str, first: Line, lines: Sequence[Line], account: Account
) -> None:
    if not any(section.heading for section in sections):
        account.doubt(first, f"{label} has no headings such as 【要旨】; its text is kept as one section")
        return
    held = {section.id for section in sections}
    for id_, name in _EXPECTED.items():
        if id_ not in held:
            account.doubt(first, f"{label} prints no section {name}")
    for section in sections:
        if not section.paragraphs:
            line = lines[bisect_right(lines, section.heading_start, key=lambda ln: ln.start) - 1]
            account.doubt(line, f"{section.heading} of {label} has no text under it")


def _refusal(name: str, headings: Mapping[int, Heading], numbers: Mapping[int, NumberLine]) -> str:
    if numbers:
        met = "case numbers stand in it, but no headings such as 【要旨】 under any of them"
    elif headings:
        met = (
            "no case number such as （检例第85号） was found, and its headings are not those of guiding cases"
        )
    else:
        met = "no case number such as （检例第85号） and no headings such as 【要旨】 were found"
    return (
        f"{name} is not a text of guiding cases: {met}; send the plain text of a batch's page, with each "
        "case's title, number line and headings on lines of their own"
    )
