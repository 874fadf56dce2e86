"""Choosing sentences: how well each sentence of the retrieved passages answers the question."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.kinds import kinds_held
from rag.protocols import Collection, Vectors
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
_FIGURE = re.compile(r"\d[\d,.]*\d|\d")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer, with what speaks for it."""

    row: int
    sentence: Sentence
    passage: Passage
    text: str
    features: tuple[float, ...]
    """In the order of FEATURES, each about 0..1."""


def question_terms(query: Query) -> tuple[str, ...]:
    """The distinct terms of the question, without the case and batch numbers that it names."""
    return tuple(dict.fromkeys(terms(without_references(query.text))))


def coverage(asked: Sequence[str], found: set[str], collection: Collection) -> float:
    """Share of the question's terms, weighted by idf, that ``found`` holds; 0 for no terms."""
    weights = [collection.lexical.idf(term) for term in asked]
    total = sum(weights)
    if total <= 0.0:
        return 0.0
    return sum(w for term, w in zip(asked, weights, strict=True) if term in found) / total


def candidates(
    query: Query, hits: Sequence[Hit], vector: Vectors, collection: Collection
) -> tuple[Candidate, ...]:
    """Every sentence of the retrieved passages, in the order of the passages."""
    asked = question_terms(query)
    found: list[Candidate] = []
    for rank, hit in enumerate(hits, 1):
        passage = hit.passage
        source = collection.source(passage.source_sha256).text
        rows = collection.sentence_rows(hit.row)
        cosines = collection.sentence_vectors[rows.start : rows.stop] @ vector
        around = set(terms(f"{passage.context}\n{passage.text}"))
        context_coverage = coverage(asked, around, collection)
        for row, cosine in zip(rows, cosines.tolist(), strict=True):
            sentence = collection.sentences[row]
            text = source[sentence.start : sentence.end]
            features = (
                cosine,
                hit.signals.get("dense", float(cosine)),
                coverage(asked, set(terms(text)), collection),
                context_coverage,
                kinds_held(query.kinds, text),
                1.0 / rank,
                float(passage.section in query.sections),
                float(passage.language == query.language),
            )
            found.append(Candidate(row, sentence, passage, text, features))
    return tuple(found)


def figures(text: str) -> set[str]:
    """The numbers of a text, without thousands separators."""
    text = unicodedata.normalize("NFKC", text)
    return {match.replace(",", "").rstrip(".") for match in _FIGURE.findall(text)}


def unsupported_figures(query: Query, passages: Sequence[Passage]) -> bool:
    """Whether the question takes a number for granted that none of ``passages`` holds."""
    asked = figures(without_references(query.question))
    held: set[str] = set()
    for passage in passages:
        held |= figures(f"{passage.context}\n{passage.text}")
    return bool(asked - held)


def as_matrix(found: Sequence[Candidate]) -> Vectors:
    """float32 of shape (len(found), len(FEATURES))."""
    return np.asarray([c.features for c in found], dtype=np.float32).reshape(len(found), len(FEATURES))
