"""Headings of sections: which lines are headings, and which canonical section each one opens."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.lines import Line
from index.section_names import known_section, section_id

_DISTINCTIVE = frozenset({"gist", "guiding_significance"})
_HAN = re.compile(r"[\u4e00-\u9fff]")
_BRACKETED = re.compile(
    r"(?P<marks>[\s\ufeff\u200b#*>]*)"
    r"(?P<printed>(?P<open>[【\[〔［〖])(?P<name>[^【】\[\]〔〕［］〖〗。；;：:0-9０-９]{1,80})[】\]〕］〗])"
    r"(?P<tail>[\s*]*)"
)
_FIRST_HALF = re.compile(
    r"(?P<marks>[\s\ufeff\u200b#*>]*)[【\[〔［〖](?P<name>[^【】\[\]〔〕［］〖〗。；;：:0-9]{1,30})"
)
_SECOND_HALF = re.compile(r"(?P<name>[^【】\[\]〔〕［］〖〗。；;：:0-9]{0,30})(?P<close>[】\]〕］〗])[\s*]*")
_BARE = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、\s*)?(?P<name>[^：:。]{2,40}?)\s*(?:[：:]\s*(?P<rest>.*))?"
)
# Never sub-headings: a line that is one of these names is a heading even without brackets.
_UNMISTAKABLE = frozenset({"keywords", "gist", "basic_case", "guiding_significance", "regulations"})


@dataclass(frozen=True, slots=True)
class Heading:
    id: str
    printed: str
    """As printed, brackets included, without Markdown marks around it; white space inside one that is
    split over two lines is left out."""
    start: int
    """Markdown marks included, so that ``start``..``end`` and the text behind it make up whole lines."""
    end: int
    last_line: int
    """Index of the line that it ends on, the next one where it is split over two."""
    rest: int
    """Offset at which the section's text begins; the end of the line where nothing follows."""
    bracketed: bool


def find_headings(lines: Sequence[Line]) -> dict[int, Heading]:
    """The headings in brackets, and those without that cannot be anything else, by the index of the
    line on which each begins."""
    headings: dict[int, Heading] = {}
    skip = -1
    for index, line in enumerate(lines):
        if index <= skip:
            continue
        heading = _on_one_line(index, line)
        if heading is None and index + 1 < len(lines):
            heading = _over_two_lines(index, line, lines[index + 1])
        if heading is None:
            heading = _unmistakable(index, line)
        if heading is not None:
            headings[index] = heading
            skip = heading.last_line
    return headings


def find_bare_headings(lines: Sequence[Line], first: int, end: int) -> dict[int, Heading]:
    """Headings that a case without any brackets prints: lines first..end that are, or begin with and a
    colon, the name of a known section. One alone may be chance: empty where fewer than two are met."""
    found = ((index, _without_brackets(index, lines[index])) for index in range(first, end))
    headings = {index: heading for index, heading in found if heading is not None}
    return headings if len({heading.id for heading in headings.values()}) > 1 else {}


def is_distinctive(heading: Heading) -> bool:
    """Whether only guiding cases print this heading: 关键词 stands over any article's abstract."""
    name = heading.printed.strip("【】[]〔〕［］〖〗")
    return heading.bracketed and heading.id in _DISTINCTIVE and known_section(name) is not None


def _on_one_line(index: int, line: Line) -> Heading | None:
    match = _BRACKETED.match(line.text)
    if match is None or not match["name"].strip():
        return None
    name, has_rest = match["name"], match.end() < len(line.text)
    if _HAN.search(name) and len(name) > 40:
        return None
    # 【】 are kept for headings; other brackets also open citations and notes in running text.
    if match["open"] != "【" and has_rest and known_section(name) is None:
        return None
    end = line.start + len(match[0].rstrip())
    rest = line.start + match.end()
    return Heading(section_id(name), match["printed"], line.start, end, index, rest, bracketed=True)


def _over_two_lines(index: int, line: Line, following: Line) -> Heading | None:
    head, tail = _FIRST_HALF.fullmatch(line.text), _SECOND_HALF.match(following.text)
    if head is None or tail is None:
        return None
    id_ = section_id(head["name"] + " " * (not _HAN.search(head["name"])) + tail["name"])
    if id_ == "other":
        return None
    end = following.start + len(tail[0].rstrip())
    printed = line.text[head.end("marks") :] + following.text[: tail.end("close")]
    rest = following.start + tail.end()
    return Heading(id_, printed, line.start, end, index + 1, rest, bracketed=True)


def _unmistakable(index: int, line: Line) -> Heading | None:
    heading = _without_brackets(index, line)
    return heading if heading and heading.id in _UNMISTAKABLE and heading.rest == line.end else None


def _without_brackets(index: int, line: Line) -> Heading | None:
    plain = line.plain
    match = _BARE.fullmatch(plain)
    id_ = known_section(match["name"]) if match else None
    if match is None or id_ is None:
        return None
    if not match["rest"]:
        return Heading(id_, plain, line.start, line.end, index, line.end, bracketed=False)
    start = line.start + line.text.index(plain)
    printed = plain[: match.start("rest")].rstrip()
    rest = start + match.start("rest")
    return Heading(id_, printed, line.start, start + len(printed), index, rest, bracketed=False)
