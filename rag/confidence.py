"""How likely it is that the question is answered by the chosen sentences.

Two small linear models over the features of ``rag.evidence``; their weights are fitted on the
development questions by ``python -m eval.train.weights`` (``rag.weights``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np

from rag.evidence import FEATURES, ODDS, Candidate, as_matrix, terms_of, unsupported_figures
from rag.linear import Weights
from rag.protocols import Collection
from rag.question import Query
from rag.terms import terms
from rag.types import Hit
from rag.weights import WITH_READER, WITHOUT_READER

ANSWERED_FEATURES = (
    "cosine",
    "passage_cosine",
    "coverage",
    "context_coverage",
    "kind",
    "score",
    "lead",
    "unsupported_figures",
    "unsupported_names",
    "english_on_english",
    "across_languages",
)
READ_ANSWERED_FEATURES = (*ANSWERED_FEATURES, "reader", "window", "best_window", "any_sentence")
"""With a reader: its log odds of the sentence chosen, of its passage, of the best passage, and that any of
the sentences read answers; in units of ODDS."""

_NAME = re.compile(r"(?<![.?!]\s)(?<!^)\b[A-Z][a-z]+(?:\s+[A-Z][a-z]+)*\b")


def weights_for(read: bool) -> Weights:
    return WITH_READER if read else WITHOUT_READER


def score(found: Sequence[Candidate], weights: Weights) -> list[float]:
    """One number a candidate: the higher, the more likely it is the sentence that answers."""
    if not found:
        return []
    values: list[float] = (as_matrix(found) @ np.asarray(weights.sentence, dtype=np.float32)).tolist()
    return values


def _unsupported_names(query: Query, hits: Sequence[Hit], collection: Collection) -> float:
    """Share of the question's capitalised names that no retrieved passage holds."""
    if query.language != "en":
        return 0.0
    names = {term for match in _NAME.findall(query.question) for term in terms(match)}
    if not names:
        return 0.0
    held: set[str] = set()
    for hit in hits:
        if hit.passage.language == "zh":
            return 0.0  # names are transliterated: nothing to compare
        held |= terms_of(hit.passage.context) | terms_of(hit.passage.text)
    for group in collection.aliases:
        if any(terms_of(name) & held for name in group):
            held |= frozenset[str]().union(*(terms_of(name) for name in group))
    return len(names - held) / len(names)


def answered_features(
    query: Query,
    found: Sequence[Candidate],
    scores: Sequence[float],
    hits: Sequence[Hit],
    collection: Collection,
) -> tuple[float, ...]:
    """What the probability is computed from, in the order of ANSWERED_FEATURES or, where a reader read, of
    READ_ANSWERED_FEATURES."""
    order = sorted(range(len(found)), key=lambda i: (-scores[i], found[i].row))
    best = found[order[0]]
    cosine, passage_cosine, covered, context, kind, _, _, same = best.features[: len(FEATURES)]
    others = [scores[i] for i in order[1:]]
    read: tuple[float, ...] = ()
    if len(best.features) > len(FEATURES):
        sentences = np.asarray([c.features[-2] for c in found]) * ODDS
        any_of_them = float(np.logaddexp.reduce(sentences))
        read = (*best.features[-2:], max(c.features[-1] for c in found), any_of_them / ODDS)
    return (
        cosine,
        passage_cosine,
        covered * same,
        context * same,
        kind,
        scores[order[0]],
        scores[order[0]] - (sum(others) / len(others) if others else 0.0),
        float(unsupported_figures(query, [hit.passage for hit in hits])),
        _unsupported_names(query, hits, collection),
        same * float(query.language == "en"),
        1.0 - same,
        *read,
    )


def confidence(
    query: Query,
    found: Sequence[Candidate],
    scores: Sequence[float],
    hits: Sequence[Hit],
    collection: Collection,
    weights: Weights,
) -> float:
    """Estimated probability, in 0..1, that the question is answered; 0 without candidates."""
    if not found:
        return 0.0
    features = answered_features(query, found, scores, hits, collection)
    logit = weights.bias + sum(w * x for w, x in zip(weights.answered, features, strict=True))
    return 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, logit))))
