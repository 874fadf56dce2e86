"""Cases whose number line is missing: found by their headings, numbered where that is certain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from index.account import Account
from index.furniture import is_ordinal
from index.headings import Heading, is_distinctive
from index.lines import Line
from index.openings import Opening, join_title, title_above

_OPENERS = frozenset({"keywords", "gist", "basic_case"})


def with_unnumbered(
    openings: Sequence[Opening],
    lines: Sequence[Line],
    headings: Mapping[int, Heading],
    named: int | None,
    account: Account,
) -> list[Opening]:
    """``openings`` and those of cases without a number line, in source order. ``named``: the number
    that the file's name states, believed where the file holds one case."""
    numbered = list(openings)
    found = _before(numbered, lines, headings)
    for index, opening in enumerate(numbered):
        end = numbered[index + 1].first if index + 1 < len(numbered) else len(lines)
        found += _inside(opening.body, end, lines, headings)
    every = sorted([*numbered, *found], key=lambda o: o.first)
    for opening in found:
        place = every.index(opening)
        number, ground = _number(every, place, named)
        line = lines[opening.first]
        if number is None:
            account.doubt(
                line, "a case without a case number; add a line such as （检例第85号） below its title"
            )
        else:
            account.doubt(line, f"a case without a case number; taken for case {number} because {ground}")
            every[place] = replace(opening, number=number)
    return every


def _before(
    openings: Sequence[Opening], lines: Sequence[Line], headings: Mapping[int, Heading]
) -> list[Opening]:
    """Cases above the first numbered one: only where a heading stands there that no other text prints."""
    end = openings[0].first if openings else len(lines)
    above = [i for i in sorted(headings) if i < end]
    if not any(is_distinctive(headings[i]) for i in above):
        return []
    first = _opening(above[0], 0, lines, headings)
    return [first, *_inside(first.body, end, lines, headings)]


def _inside(begin: int, end: int, lines: Sequence[Line], headings: Mapping[int, Heading]) -> list[Opening]:
    """Cases that begin between two lines: their opening heading comes again, below a title."""
    found: list[Opening] = []
    seen: set[str] = set()
    opener: str | None = None
    floor = begin
    for index in range(begin, end):
        heading = headings.get(index)
        if heading is None:
            continue
        if opener is None and heading.id in _OPENERS:
            opener = heading.id
        if heading.id == opener and heading.id in seen and len(seen) > 1:
            opening = _opening(index, floor, lines, headings)
            if opening.titles and (opening.title.endswith("案") or "case" in opening.title.casefold()):
                found.append(opening)
                seen = set()
        seen.add(heading.id)
        floor = index + 1
    return found


def _opening(index: int, floor: int, lines: Sequence[Line], headings: Mapping[int, Heading]) -> Opening:
    titles = title_above(index, floor, lines, headings)
    first = min([index, *titles])
    subtitles = []
    if first > floor and is_ordinal(lines[first - 1].plain):
        first -= 1
        subtitles.append(first)
    return Opening(None, join_title(titles, lines), first, tuple(titles), (), tuple(subtitles), index)


def _number(every: Sequence[Opening], place: int, named: int | None) -> tuple[int | None, str]:
    if len(every) == 1 and named is not None:
        return named, "the file's name says so"
    before = every[place - 1].number if place else None
    after = every[place + 1].number if place + 1 < len(every) else None
    if before is not None and after == before + 2:
        return before + 1, f"it stands between {before} and {after}"
    return None, ""
