"""Sentences and clauses of a text, as exact spans: the units that an answer quotes.

Both functions guarantee: spans in order, without overlap, without white space at their edges, and
together holding every character of ``text[start:end]`` that is not white space.
"""

from __future__ import annotations

import re

from index.full_stops import full_stop_ends
from index.lines import line_regions
from index.numbering import item_starts, marker
from index.quotations import (
    CLOSERS,
    GOES_ON,
    LONGEST_WHOLE_QUOTATION,
    PARENTHESES,
    TITLE_MARKS,
    enclosing,
    enclosures,
)
from rag.types import Language

Span = tuple[int, int]

_NEAR = 60
"""Characters that are looked at on either side of a stop; all of a long line would take for ever."""
_STOP = re.compile(r"[.。！？!?…]+(?:\s+[.。!?]+(?=\s|$))*")
_STOP_ZH = re.compile(r"[。！？!?]+[。！？!?…]*")

_GLUED = re.compile(r"[A-Z][a-z]|[A-Z] ")


def sentence_spans(text: str, start: int, end: int, language: Language) -> list[Span]:
    """The sentences of ``text[start:end]``; a line break always ends one, ；and : never do."""
    spans: list[Span] = []
    for first, last in line_regions(text, start, end):
        line = text[first:last]
        breaks = _chinese_breaks(line) if language == "zh" else _english_breaks(line)
        spans += _cut(text, first, last, [first + b for b in breaks])
    return spans


def clause_spans(text: str, start: int, end: int, language: Language) -> list[Span]:
    """The sentences of ``text[start:end]``, cut again after ；and ; and before the items of a list
    (一是…；二是…). For sentences that are too long to quote whole."""
    spans: list[Span] = []
    for first, last in sentence_spans(text, start, end, language):
        pairs = enclosures(text[first:last], language)
        cuts = [m.end() for m in re.finditer("[；;]+", text[first:last])]
        cuts += [at - first for at in item_starts(text, first, last)]
        free = [first + c for c in sorted(set(cuts)) if enclosing(pairs, c - 1, whole=True) is None]
        spans += _cut(text, first, last, free)
    return spans


def first_sentence(text: str, start: int, end: int, language: Language) -> str:
    """The first sentence of ``text[start:end]``; empty where that is blank."""
    spans = sentence_spans(text, start, end, language)
    return text[spans[0][0] : spans[0][1]] if spans else ""


def _cut(text: str, first: int, last: int, breaks: list[int]) -> list[Span]:
    spans: list[Span] = []
    begin = first
    for at in [*breaks, last]:
        piece = text[begin:at]
        content = piece.strip()
        if not content:
            continue
        head = begin + len(piece) - len(piece.lstrip())
        if spans and not any(c.isalnum() for c in content):
            spans[-1] = (spans[-1][0], head + len(content))  # a stray mark is no sentence of its own
        else:
            spans.append((head, head + len(content)))
        begin = at
    return spans


def _chinese_breaks(line: str) -> list[int]:
    pairs = enclosures(line, "zh")
    breaks: list[int] = []
    for match in _STOP_ZH.finditer(line):
        at = _break_after(line, match, pairs)
        if at is None:
            continue
        if at > match.end() and line[at - 1] not in PARENTHESES and GOES_ON.match(line, at):
            continue
        breaks.append(at)
    return breaks


def _english_breaks(line: str) -> list[int]:
    pairs = enclosures(line, "en")
    opening = len(marker(line) or "")
    breaks: list[int] = []
    for match in _STOP.finditer(line):
        at = _break_after(line, match, pairs)
        if at is None or match.end() <= opening:
            continue
        while at < len(line) and line[at] == "'":
            at += 1
        rest = line[at : at + _NEAR].lstrip()
        if rest and not _may_begin_sentence(line, match, at, rest):
            continue
        breaks.append(at)
    return breaks


def _break_after(line: str, match: re.Match[str], pairs: list[Span]) -> int | None:
    """Where a sentence that stops at ``match`` ends, its closing marks included; None where the stop
    stands inside a title, quotation or parenthesis that belongs to a longer sentence."""
    at = match.end()
    holder = enclosing(pairs, match.start(), whole=False)
    if holder is None:
        while at < len(line) and line[at] in CLOSERS:
            at += 1
        return at
    opener, closer = holder
    if line[opener] in TITLE_MARKS:
        return None
    while at < closer and (line[at] in CLOSERS or line[at] in "\"'"):
        at += 1
    if at == closer:
        if line[opener] in PARENTHESES and not _stands_alone(line, opener):
            return None
        return closer + 1
    return None if closer - opener <= LONGEST_WHOLE_QUOTATION else match.end()


def _stands_alone(line: str, opener: int) -> bool:
    before = line[max(0, opener - _NEAR) : opener].rstrip()
    return not before or before[-1] in "。！？.!?"


def _may_begin_sentence(line: str, match: re.Match[str], at: int, rest: str) -> bool:
    if rest[0].islower():
        return False
    spaced = line[at].isspace()
    stop = match[0]
    if stop[-1] in "。！？":
        return True
    before = line[max(0, match.end() - _NEAR) : match.end()]
    if not spaced:
        return bool(at == match.end() and re.search(r"[a-z]{2}\.$", before) and _GLUED.match(rest)) or not (
            rest[0].isascii()
        )
    if stop != ".":
        return True
    return full_stop_ends(before, rest)
