"""A source text as its non-blank lines, each with the place where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.full_stops import full_stop_ends

# Only these three end a line: str.splitlines would also cut at form feeds and at U+2028, which
# stand inside paragraphs of pages copied from browsers.
_BREAK = re.compile(r"\r\n|\n|\r")
_LEADING = re.compile(r"^[\s\ufeff\u200b\u200c\u200d\u2060>]*(?:#{1,6}(?![0-9])\s*)?(?:[*_]{1,3}(?=\S))?")
_TRAILING = frozenset("*\ufeff\u200b\u200c\u200d\u2060")
_SENTENCE_STOP = re.compile(r"[。；！？]|;\s|[!?]\s+[A-Z]")
_FULL_STOP = re.compile(r"\.\s+(?=\S)")
_OPEN_END = re.compile(r"[。；：！？:;，,、.!?…]$")
_ABBREVIATED_END = re.compile(r"(?:Ltd|Co|Inc|Corp|No|et al|etc)\.$")


@dataclass(frozen=True, slots=True)
class Line:
    """One line without the white space around it. ``text`` is exactly ``source[start:end]``."""

    number: int
    """Counted from 1 in the source, blank lines included."""
    start: int
    end: int
    text: str
    gap: int
    """Blank lines between this line and the one before it."""

    @property
    def plain(self) -> str:
        """The line without Markdown marks and invisible characters; for recognition, never quoted."""
        plain = _LEADING.sub("", self.text, count=1)
        end = len(plain)
        while end and (plain[end - 1] in _TRAILING or plain[end - 1].isspace()):
            end -= 1
        return plain[:end]


def split_lines(text: str) -> list[Line]:
    """The non-blank lines of ``text``, in order."""
    lines: list[Line] = []
    begin, gap = 0, 0
    for number, (end, following) in enumerate(_edges(text, 0, len(text)), 1):
        raw = text[begin:end]
        content = raw.strip()
        if content:
            start = begin + len(raw) - len(raw.lstrip())
            lines.append(Line(number, start, start + len(content), content, gap))
            gap = 0
        else:
            gap += 1
        begin = following
    return lines


def line_regions(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of the non-blank lines inside ``text[start:end]``, without the white space around them."""
    regions: list[tuple[int, int]] = []
    begin = start
    for break_at, following in _edges(text, start, end):
        raw = text[begin:break_at]
        content = raw.strip()
        if content:
            first = begin + len(raw) - len(raw.lstrip())
            regions.append((first, first + len(content)))
        begin = following
    return regions


def looks_like_title(plain: str) -> bool:
    """Whether a line could be the title of a case: short, one phrase, no full stop or colon at its end."""
    if not 2 <= len(plain) <= 300 or _SENTENCE_STOP.search(plain):
        return False
    if any(full_stop_ends(plain[: m.start() + 1], plain[m.end() :]) for m in _FULL_STOP.finditer(plain)):
        return False
    return not _OPEN_END.search(plain) or bool(_ABBREVIATED_END.search(plain))


def _edges(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where each line ends, and where the next one begins."""
    return [*((m.start(), m.end()) for m in _BREAK.finditer(text, start, end)), (end, end)]
