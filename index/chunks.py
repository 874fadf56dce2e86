"""Cuts the paragraphs of one subsection into the pieces that passages are made of.

A chunk is filled with whole paragraphs, and where a paragraph is longer than the limit with whole
sentences; a longer sentence is cut between clauses, a longer clause after commas or between words.
Nothing but white space lies between the pieces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.sentences import clause_spans, sentence_spans
from index.tokens import count, prefix_within
from rag.types import Language, Paragraph

TINY = 25
"""Chunks of fewer tokens join a neighbour."""

STRETCH = 1.25
"""How far over the limit such a joining may go."""

_SENTENCE_ENDS = tuple("。！？；.!?;”\"’'")
_LIST_NUMBER = re.compile(r"[(（]?[0-9一二三四五六七八九十]+[)）.．、]?")
_COMMA = re.compile(r"，|[,:：](?=\s)")
_WORD = re.compile(r"[0-9A-Za-z.,'’%]")
Span = tuple[int, int]


class Piece(NamedTuple):
    """A sentence, or a part of one that is too long for a passage."""

    start: int
    end: int
    paragraph: Paragraph


def chunks_of(
    text: str, paragraphs: Sequence[Paragraph], language: Language, limit: int
) -> list[list[Piece]]:
    """``paragraphs`` as chunks of at most ``limit`` tokens each, a joined one of a quarter more."""
    chunks: list[list[Piece]] = []
    chunk: list[Piece] = []
    for paragraph in paragraphs:
        pieces = _pieces(text, paragraph, language, limit)
        if chunk and count(text[chunk[0].start : paragraph.end]) <= limit:
            chunk += pieces
            continue
        if chunk:
            before, heading = _without_heading(text, chunk)
            if heading and before:
                chunks.append(before)
                chunk = heading
        fits = count(text[paragraph.start : paragraph.end]) <= limit
        # A stub before a paragraph that must be cut anyway stays with that paragraph's beginning.
        if chunk and (fits or not _tiny(text, chunk)):
            chunks.append(chunk)
            chunk = []
        for piece in pieces:
            if chunk and count(text[chunk[0].start : piece.end]) > limit:
                chunks.append(chunk)
                chunk = []
            chunk.append(piece)
    if chunk:
        chunks.append(chunk)
    return _joined(text, chunks, int(limit * STRETCH))


def _without_heading(text: str, chunk: list[Piece]) -> tuple[list[Piece], list[Piece]]:
    """``chunk`` and the line at its end that heads what comes next, if it ends with one."""
    last = chunk[-1].paragraph
    line = text[last.start : last.end]
    heads = not line.endswith(_SENTENCE_ENDS) or _LIST_NUMBER.fullmatch(line)
    if heads and chunk[0].start <= last.start and count(line) < TINY:
        return [p for p in chunk if p.paragraph != last], [p for p in chunk if p.paragraph == last]
    return chunk, []


def _joined(text: str, chunks: list[list[Piece]], limit: int) -> list[list[Piece]]:
    """Joins a tiny chunk to a neighbour: the rest of a paragraph to what stands before it, a short
    paragraph of its own (a list number, a line that heads what follows) to what comes after."""
    row = 0
    while row < len(chunks):
        heads = chunks[row][0].start == chunks[row][0].paragraph.start
        for neighbour in (row + 1, row - 1) if heads else (row - 1, row + 1):
            left, right = min(row, neighbour), max(row, neighbour)
            if left < 0 or right == len(chunks) or not _tiny(text, chunks[row]):
                continue
            if count(text[chunks[left][0].start : chunks[right][-1].end]) <= limit:
                chunks[left : right + 1] = [chunks[left] + chunks[right]]
                row = left - 1
                break
        row += 1
    return chunks


def _tiny(text: str, chunk: Sequence[Piece]) -> bool:
    return count(text[chunk[0].start : chunk[-1].end]) < TINY


def _pieces(text: str, paragraph: Paragraph, language: Language, limit: int) -> list[Piece]:
    return [
        Piece(start, end, paragraph)
        for sentence in sentence_spans(text, paragraph.start, paragraph.end, language)
        for start, end in _fitting(text, sentence, language, limit)
    ]


def _fitting(text: str, span: Span, language: Language, limit: int) -> list[Span]:
    """A sentence as spans within the limit: whole, or as many whole clauses in each as fit."""
    start, end = span
    if count(text[start:end]) <= limit:
        return [span]
    spans: list[Span] = []
    for clause in clause_spans(text, start, end, language):
        for first, last in _hard_cuts(text, clause, limit):
            if spans and count(text[spans[-1][0] : last]) <= limit:
                spans[-1] = (spans[-1][0], last)
            else:
                spans.append((first, last))
    return spans


def _hard_cuts(text: str, span: Span, limit: int) -> Iterator[Span]:
    """A clause within the limit; where it is longer, cut by the last resort."""
    start, end = span
    window = 16 * limit  # a look at the whole rest for every cut would take quadratic time
    while start < end:
        cut = start + prefix_within(text[start : min(end, start + window)], limit)
        if cut < end:
            cut = _good_cut(text, start, cut)
        yield start, start + len(text[start:cut].rstrip())
        start = cut
        while start < end and text[start].isspace():
            start += 1


def _good_cut(text: str, start: int, cut: int) -> int:
    """The last place in the second half before ``cut`` that follows a comma, or else one that is in no
    word or number, or else ``cut``."""
    commas = [match.end() for match in _COMMA.finditer(text, (start + cut) // 2, cut)]
    if commas:
        return commas[-1]
    for place in range(cut, (start + cut) // 2, -1):
        if not (_WORD.match(text[place - 1]) and _WORD.match(text[place])):
            return place
    return cut
