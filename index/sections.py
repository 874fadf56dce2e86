"""The body of one case: its sections, the credits at its end, and what a site left behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.account import Account
from index.case_number import NumberLine
from index.furniture import is_notice_title, is_site_line, is_stray_title, opens_credits
from index.headings import Heading, find_bare_headings
from index.lines import Line
from index.paragraphs import number_paragraphs
from index.sentences import Span
from rag.types import Section, Source

_NO_STRAYS = frozenset({"keywords"})
_LISTS = frozenset({"regulations", "other"})
_CLOSED = ("。", "！", "？", "”", '"', "」")


@dataclass(frozen=True, slots=True)
class Body:
    """Lines ``first`` to ``end``, by index, of the case that ``label`` names in messages."""

    first: int
    end: int
    label: str


def make_section(source: Source, id_: str, heading: Heading | None, spans: Sequence[Span]) -> Section:
    """A section over ``spans``; without a heading it begins, and its heading stands, at the first of them."""
    start = spans[0][0] if spans else heading.end if heading else 0
    end = spans[-1][1] if spans else start
    return Section(
        id=id_,
        heading=heading.printed if heading else "",
        heading_start=heading.start if heading else start,
        heading_end=heading.end if heading else start,
        start=start,
        end=end,
        paragraphs=number_paragraphs(source.text, spans, id_, source.language),
    )


def read_sections(
    source: Source,
    body: Body,
    lines: Sequence[Line],
    headings: Mapping[int, Heading],
    numbers: Mapping[int, NumberLine],
    account: Account,
) -> tuple[Section, ...]:
    """The sections of a case. Text above its first heading, the whole of a case without headings, and
    the credits at its end (办案检察院：…) become sections ``other`` with an empty heading."""
    own = (i for i in range(body.first, body.end) if i in headings)
    found = {i: headings[i] for i in own if not is_site_line(lines[i].plain)}
    if not any(heading.bracketed for heading in found.values()):
        found = find_bare_headings(lines, body.first, body.end) or found
    last = max(found, default=body.first)
    kept = _without_site(body, last, lines, found, account)
    kept = _without_strays(kept, found, lines, numbers, account)
    sections: list[Section] = []
    heading: Heading | None = None
    spans: list[Span] = []
    in_credits = False

    def close() -> None:
        if heading is not None or spans:
            sections.append(make_section(source, heading.id if heading else "other", heading, spans))

    for index in kept:
        line = lines[index]
        if index in found:
            close()
            heading, in_credits = found[index], False
            ends_at = lines[heading.last_line].end
            rest = source.text[heading.rest : ends_at]
            spans = [(ends_at - len(rest.lstrip()), ends_at)] if rest.strip() else []
            if heading.id == "other":
                account.doubt(line, "a heading that is not known; its text is kept as section `other`")
        elif heading is not None and index <= heading.last_line:
            continue
        else:
            if opens_credits(line.plain) and not in_credits and found:
                close()
                heading, spans, in_credits = None, [], True
            elif heading is None and not in_credits and found:
                account.doubt(line, "stands between the case's number and its first heading; kept as text")
            if index in numbers and numbers[index].title is None:
                account.doubt(line, f"a case number alone on a line, inside of {body.label}; kept as text")
            spans.append((line.start, line.end))
    close()
    return tuple(sections)


def _without_site(
    body: Body, last: int, lines: Sequence[Line], found: Mapping[int, Heading], account: Account
) -> list[int]:
    """Indices of the lines that are the case's own. Below its last heading a site's line ends the case."""
    kept: list[int] = []
    ended = False
    for index in range(body.first, body.end):
        line = lines[index]
        if index > last and found and is_notice_title(line.plain):
            ended = True
            account.put(line, "notice")
            account.doubt(line, "another notice inside of one file; add each batch as a file of its own")
        elif is_site_line(line.plain) or ended:
            ended = ended or index > last
            account.put(line, "site")
        else:
            kept.append(index)
    return kept


def _without_strays(
    kept: list[int],
    found: Mapping[int, Heading],
    lines: Sequence[Line],
    numbers: Mapping[int, NumberLine],
    account: Account,
) -> list[int]:
    """Without the titles of other cases at the end."""
    if not found:
        return kept
    last = found[max(found)]
    if last.id in _NO_STRAYS:
        return kept
    cut = len(kept)
    while cut and kept[cut - 1] > last.last_line:
        index = kept[cut - 1]
        listed = index in numbers and numbers[index].title is not None
        if not listed and not is_stray_title(lines[index].plain, in_list=last.id in _LISTS):
            break
        cut -= 1
    if last.id not in _LISTS and cut and not lines[kept[cut - 1]].text.endswith(_CLOSED):
        return kept
    for index in kept[cut:]:
        account.put(lines[index], "stray_title")
        account.doubt(lines[index], "no part of the case above it: taken for the title of another case")
    return kept[:cut]
