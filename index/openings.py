"""Where cases begin: the lines that name a case, and the first line of its text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.case_number import NumberLine, number_line
from index.furniture import clean_title, is_case_title, is_ordinal, is_signature, is_subtitle
from index.headings import Heading
from index.lines import Line

_OPENERS = frozenset({"keywords", "gist", "basic_case"})
_REACH = 12
"""Lines between a case's number and its first heading, at most."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The lines, by index, that name one case. ``body`` is the index of the first line of its text."""

    number: int | None
    title: str
    first: int
    titles: tuple[int, ...]
    numbers: tuple[int, ...]
    subtitles: tuple[int, ...]
    body: int


def find_numbers(lines: Sequence[Line]) -> dict[int, NumberLine]:
    """The lines that have the form of a number line, by index; a list of titles has such lines too."""
    found = ((i, number_line(line.plain, line.text.startswith("#"))) for i, line in enumerate(lines))
    return {i: number for i, number in found if number is not None}


def find_openings(
    lines: Sequence[Line], headings: Mapping[int, Heading], numbers: Mapping[int, NumberLine]
) -> list[Opening]:
    """The openings of numbered cases, in source order."""
    starts = [i for i in numbers if _begins_case(i, lines, headings, numbers)]
    accepted = {numbers[i].number for i in starts}
    # A case without a single heading is still a case, unless the number is only listed here.
    starts += [
        i
        for i, found in numbers.items()
        if found.title is None and found.number not in accepted and _names_case(i, lines)
    ]
    openings: list[Opening] = []
    for start in sorted(starts):
        floor = openings[-1].body if openings else 0
        if start >= floor:
            openings.append(_open(start, floor, lines, headings, numbers))
    return openings


def title_above(index: int, floor: int, lines: Sequence[Line], headings: Mapping[int, Heading]) -> list[int]:
    """Indices of the title's lines that end just above line ``index`` and not before ``floor``."""
    last = index - 1
    if last < floor or _is_heading(last, headings) or not is_case_title(lines[last].plain):
        return []
    titles = [last]
    while titles[0] > floor and _continues(titles[0], floor, lines, headings):
        titles.insert(0, titles[0] - 1)
    return titles


def join_title(titles: Sequence[int], lines: Sequence[Line]) -> str:
    """The title that these lines print, dressed of numbering; lines in Latin script joined by a space."""
    title = ""
    for index in titles:
        part = lines[index].plain
        title += (" " if title and title[-1].isascii() and part[:1].isascii() else "") + part
    return clean_title(title)


def _open(
    start: int,
    floor: int,
    lines: Sequence[Line],
    headings: Mapping[int, Heading],
    numbers: Mapping[int, NumberLine],
) -> Opening:
    number = numbers[start].number
    titles: list[int] = []
    number_lines: list[int] = []
    subtitles: list[int] = []
    inline = numbers[start].title
    (number_lines if inline is None else titles).append(start)
    title = clean_title(inline) if inline else ""
    body = start + 1
    if inline is None:
        titles = title_above(start, floor, lines, headings)
        title = join_title(titles, lines)
    first = min([start, *titles])
    while first > floor and is_ordinal(lines[first - 1].plain):
        first -= 1
        subtitles.append(first)
        if not titles:
            titles = title_above(first, floor, lines, headings)
            title = join_title(titles, lines)
            first = min([first, *titles])
    while body < len(lines) and not _is_heading(body, headings):
        again = numbers.get(body)
        if again is not None and again.number == number:
            (number_lines if again.title is None else titles).append(body)
            title = title or clean_title(again.title or "")
        elif is_subtitle(lines[body].plain):
            subtitles.append(body)
        elif not title and _is_title_below(body, lines, headings):
            titles.append(body)
            title = join_title([body], lines)
        else:
            break
        body += 1
    return Opening(number, title, first, tuple(titles), tuple(number_lines), tuple(subtitles), body)


def _begins_case(
    index: int, lines: Sequence[Line], headings: Mapping[int, Heading], numbers: Mapping[int, NumberLine]
) -> bool:
    """Whether a number line has a case under it; lists of titles and citations have not."""
    found = numbers[index]
    following = index + 1
    while following < min(index + _REACH, len(lines)) and not _is_heading(following, headings):
        again = numbers.get(following)
        if not (again is not None and again.number == found.number) and not is_subtitle(
            lines[following].plain
        ):
            break
        following += 1
    if _is_heading(following, headings):
        return True
    if following >= len(lines) or found.title is not None:
        return False
    if _is_title_below(following, lines, headings):
        return True
    for ahead in range(following, min(following + _REACH, len(lines))):
        if _is_heading(ahead, headings):
            return headings[ahead].id in _OPENERS
        if ahead in numbers:
            return False
    return False


def _names_case(index: int, lines: Sequence[Line]) -> bool:
    if index == 0:
        return True
    above = lines[index - 1].plain
    return is_case_title(above) and (index == 1 or above.endswith("案") or "case" in above.casefold())


def _is_title_below(index: int, lines: Sequence[Line], headings: Mapping[int, Heading]) -> bool:
    return is_case_title(lines[index].plain) and _is_heading(index + 1, headings)


def _continues(index: int, floor: int, lines: Sequence[Line], headings: Mapping[int, Heading]) -> bool:
    """Whether line ``index`` continues a title begun on the line above it."""
    above = index - 1
    plain = lines[above].plain
    if _is_heading(above, headings) or not is_case_title(plain) or is_ordinal(plain) or plain.endswith("案"):
        return False
    if _unclosed(plain):
        return True
    if above > 0 and is_signature(lines[above - 1].plain):
        return True
    return lines[index].gap == 0 and (above == 0 or lines[above].gap > 0)


def _unclosed(plain: str) -> bool:
    return any(plain.count(a) > plain.count(b) for a, b in ("（）", "“”", "()", "《》"))


def _is_heading(index: int, headings: Mapping[int, Heading]) -> bool:
    return index in headings
