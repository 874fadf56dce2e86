"""Choosing sentences: how well each sentence of the retrieved passages answers the question."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from rag.kinds import kinds_held
from rag.protocols import Collection, Reading, Vectors, Window
from rag.question import Query
from rag.references import without_references
from rag.terms import terms
from rag.types import Hit, Passage, Sentence

FEATURES = (
    "cosine",
    "passage_cosine",
    "coverage",
    "context_coverage",
    "kind",
    "reciprocal_rank",
    "named_section",
    "same_language",
)
READ_FEATURES = (*FEATURES, "reader", "window")
"""With a reader: its log odds of the sentence and of the passage, in units of ODDS."""
ODDS = 10.0
NOT_READ = -20.0
"""Log odds of a sentence that the reader did not get to."""

_FIGURE = re.compile(r"\d[\d,.]*\d|\d")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer, with what speaks for it."""

    row: int
    sentence: Sentence
    passage: Passage
    text: str
    features: tuple[float, ...]
    """In the order of FEATURES, or of READ_FEATURES where a reader read; each about 0..1."""


def question_terms(query: Query) -> tuple[str, ...]:
    """The distinct terms of the question, without the case and batch numbers that it names."""
    return tuple(dict.fromkeys(terms(without_references(query.text))))


@lru_cache(maxsize=16384)
def terms_of(text: str) -> frozenset[str]:
    """The distinct terms of a text of the collection, kept: the same sentences are weighed again and
    again, and splitting them is most of the work."""
    return frozenset(terms(text))


def coverage(weights: Mapping[str, float], found: frozenset[str]) -> float:
    """Share of the question's terms, each with its idf in ``weights``, that ``found`` holds."""
    total = sum(weights.values())
    if total <= 0.0:
        return 0.0
    return sum(weight for term, weight in weights.items() if term in found) / total


def window(passage: Passage, sentences: Iterable[Sentence]) -> Window:
    """A passage as a reader gets it, in training and in answering alike."""
    spans = tuple((s.start - passage.start, s.end - passage.start) for s in sentences)
    return Window(passage.context, passage.text, spans)


def windows(hits: Sequence[Hit], collection: Collection) -> list[Window]:
    return [
        window(hit.passage, (collection.sentences[row] for row in collection.sentence_rows(hit.row)))
        for hit in hits
    ]


def candidates(
    query: Query,
    hits: Sequence[Hit],
    vector: Vectors,
    collection: Collection,
    readings: Sequence[Reading] | None = None,
) -> tuple[Candidate, ...]:
    """Every sentence of the retrieved passages, in the order of the passages. ``readings``: one a hit,
    where there is a reader."""
    weights = {term: collection.lexical.idf(term) for term in question_terms(query)}
    found: list[Candidate] = []
    for rank, hit in enumerate(hits, 1):
        passage = hit.passage
        source = collection.source(passage.source_sha256).text
        rows = collection.sentence_rows(hit.row)
        cosines = (collection.sentence_vectors[rows.start : rows.stop] @ vector).tolist()
        texts = [source[collection.sentences[row].start : collection.sentences[row].end] for row in rows]
        held = [terms_of(text) for text in texts]
        around = coverage(weights, terms_of(passage.context).union(*held))
        for place, (row, cosine, text, words) in enumerate(zip(rows, cosines, texts, held, strict=True)):
            features: tuple[float, ...] = (
                cosine,
                hit.signals.get("dense", cosine),
                coverage(weights, words),
                around,
                kinds_held(query.kinds, text),
                1.0 / rank,
                float(passage.section in query.sections),
                float(passage.language == query.language),
            )
            if readings is not None:
                reading = readings[rank - 1]
                features += (max(NOT_READ, reading.sentences[place]) / ODDS, reading.answered / ODDS)
            found.append(Candidate(row, collection.sentences[row], passage, text, features))
    return tuple(found)


@lru_cache(maxsize=4096)
def figures(text: str) -> frozenset[str]:
    """The numbers of a text, without thousands separators."""
    text = unicodedata.normalize("NFKC", text)
    return frozenset(match.replace(",", "").rstrip(".") for match in _FIGURE.findall(text))


def unsupported_figures(query: Query, passages: Sequence[Passage]) -> bool:
    """Whether the question takes a number for granted that none of ``passages`` holds."""
    asked = figures(without_references(query.question))
    if not asked:
        return False
    held: set[str] = set()
    for passage in passages:
        held |= figures(passage.context) | figures(passage.text)
    return not asked <= held


def as_matrix(found: Sequence[Candidate]) -> Vectors:
    """float32 of shape (len(found), number of features). ``found`` must not be empty."""
    return np.asarray([c.features for c in found], dtype=np.float32)
