"""Paragraphs of a section, each under the sub-heading that it stands below."""

from __future__ import annotations

from collections.abc import Sequence

from index.numbering import is_lone_marker, is_plain_subheading, is_run_in_subheading, marker
from index.sentences import Span, first_sentence
from rag.types import Language, Paragraph

# Numbers there count items of a quoted article of law, and no sub-headings are printed.
_FLAT = frozenset({"keywords", "regulations"})
_PLAIN_SUBHEADINGS = frozenset({"basic_case", "procuratorial_process", "outcome", "guiding_significance"})
_RUN_IN_SUBHEADINGS = frozenset({"procuratorial_process", "outcome"})
_FULL_STOPS = tuple('。！？；：.!?;:”"’）)')


def number_paragraphs(
    text: str, spans: Sequence[Span], section: str, language: Language
) -> tuple[Paragraph, ...]:
    """The paragraphs at ``spans``, numbered from 1, of a section with the canonical id ``section``."""
    paragraphs: list[Paragraph] = []
    current: str | None = None
    after_lone_marker = False
    for index, (start, end) in enumerate(spans):
        if section not in _FLAT:
            opened = _opened(text, spans, index, section, language)
            if opened is not None and not (after_lone_marker and marker(text[start:end]) is None):
                current = opened
            after_lone_marker = is_lone_marker(text[start:end])
        paragraphs.append(Paragraph(start, end, index + 1, current))
    return tuple(paragraphs)


def _opened(text: str, spans: Sequence[Span], index: int, section: str, language: Language) -> str | None:
    """The sub-heading that a paragraph opens, or None where it stands under the one before."""
    start, end = spans[index]
    line = text[start:end]
    following = text[slice(*spans[index + 1])] if index + 1 < len(spans) else ""
    if is_lone_marker(line):
        # The number was cut off from its paragraph: together they read as the source meant them.
        if not following or marker(following):
            return line
        gap = " " if language == "en" else ""
        return line + gap + first_sentence(following, 0, len(following), language)
    if marker(line):
        return first_sentence(text, start, end, language)
    before = text[slice(*spans[index - 1])] if index else ""
    closed = not before or before.endswith(_FULL_STOPS) or marker(before) is not None
    if section in _PLAIN_SUBHEADINGS and closed and is_plain_subheading(line, following):
        return line
    if section in _RUN_IN_SUBHEADINGS:
        sentence = first_sentence(text, start, end, language)
        if len(sentence) < len(line) and is_run_in_subheading(sentence):
            return sentence
    return None
