"""Cuts the sections of an edition into passages and sentences, losing nothing.

A passage lies in one section and one subsection. It is filled with whole paragraphs, and where a
paragraph is longer than the limit with whole sentences. Every character that is not white space is
in exactly one passage and in exactly one sentence, and every sentence is in one passage.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256
from itertools import groupby

from index.chunks import Piece, chunks_of
from index.document import Document
from rag.types import Edition, Passage, Section, Sentence, Source

CHUNKER_VERSION = "1"
"""Raise it with every change that moves a passage's or a sentence's bounds, or changes a context."""

MAX_TOKENS = 256
"""cl100k_base tokens of source text in a passage, the context before it not counted."""

MIN_LIMIT = 16
_SUBSECTION_CHARACTERS = 60
_BRACKETS = re.compile(r"[【】\[\]〔〕［］「」『』]")


def passages_of(document: Document, max_tokens: int = MAX_TOKENS) -> tuple[list[Passage], list[Sentence]]:
    """Passages and sentences of all editions of a document, in source order.

    ``Sentence.passage`` is a row of the list returned. Raises ValueError for a limit below 16.
    """
    passages: list[Passage] = []
    sentences: list[Sentence] = []
    for edition in document.editions:
        more, of_them = edition_passages(document.source, edition, max_tokens, len(passages))
        passages += more
        sentences += of_them
    return passages, sentences


def edition_passages(
    source: Source, edition: Edition, max_tokens: int = MAX_TOKENS, first_row: int = 0
) -> tuple[list[Passage], list[Sentence]]:
    """The same for one edition; ``first_row`` is the row of its first passage in the whole list."""
    if max_tokens < MIN_LIMIT:
        raise ValueError(f"max_tokens is {max_tokens}: a passage needs at least {MIN_LIMIT}")
    passages: list[Passage] = []
    sentences: list[Sentence] = []
    for section in edition.sections:
        for subsection, paragraphs in groupby(section.paragraphs, lambda paragraph: paragraph.subsection):
            context = _context(edition, section, subsection)
            for chunk in chunks_of(source.text, list(paragraphs), edition.language, max_tokens):
                row = first_row + len(passages)
                passages.append(_passage(source, edition, section, chunk, context))
                sentences += [
                    Sentence(row, piece.start, piece.end, piece.paragraph.number, subsection)
                    for piece in chunk
                ]
    return passages, sentences


def embedded(context: str, text: str) -> str:
    """What is embedded and indexed for ``text``: case and section named before a passage raised the
    mean reciprocal rank of 20 questions on the English batch from .879 to .906."""
    return f"{context}\n{text}"


def embedded_sentence(passage: Passage, sentence: Sentence) -> str:
    """The same for a sentence of ``passage``."""
    words = passage.text[sentence.start - passage.start : sentence.end - passage.start]
    return embedded(passage.context, words)


def _passage(
    source: Source, edition: Edition, section: Section, chunk: Sequence[Piece], context: str
) -> Passage:
    start, end = chunk[0].start, chunk[-1].end
    return Passage(
        id=_passage_id(source, edition, section, start, end),
        case_number=edition.case_number,
        case_title=edition.title,
        batch=edition.batch,
        language=edition.language,
        section=section.id,
        section_heading=section.heading,
        subsection=chunk[0].paragraph.subsection,
        paragraph=chunk[0].paragraph.number,
        start=start,
        end=end,
        text=source.text[start:end],
        context=context,
        source=source.name,
        source_sha256=source.sha256,
    )


def _passage_id(source: Source, edition: Edition, section: Section, start: int, end: int) -> str:
    if edition.case_number is not None:
        owner = str(edition.case_number)
    else:
        owner = "page" if edition.batch is None else f"batch{edition.batch}"
    made_from = f"{source.sha256} {start} {end} {CHUNKER_VERSION}"
    digest = sha256(made_from.encode()).hexdigest()
    return f"{owner}-{edition.language}-{section.id}-{digest[:8]}"


def _context(edition: Edition, section: Section, subsection: str | None) -> str:
    heading = _BRACKETS.sub("", section.heading).strip(" \t\u3000:：")
    if edition.case_number is None:
        parts = [_batch_name(edition), heading]
    elif edition.language == "zh":
        parts = [f"检例第{edition.case_number}号", edition.title, heading]
    else:
        parts = [f"Guiding Case No. {edition.case_number}", edition.title, heading]
    parts.append((subsection or "")[:_SUBSECTION_CHARACTERS].strip())
    return " ".join(part for part in parts if part)


def _batch_name(edition: Edition) -> str:
    if edition.language == "zh":
        return f"最高人民检察院第{edition.batch}批指导性案例" if edition.batch else "最高人民检察院指导性案例"
    return f"Batch {edition.batch} of guiding cases" if edition.batch else "Guiding cases"
