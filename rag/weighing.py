"""What some retrieved passages say to a question: the sentences to quote, and how likely they answer it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.choice import choose
from rag.confidence import confidence, score, weights_for
from rag.evidence import Candidate, candidates, windows
from rag.protocols import Collection, Reader, Vectors
from rag.question import Query
from rag.types import Hit


@dataclass(frozen=True, slots=True)
class Weighed:
    chosen: tuple[Candidate, ...]
    """The best first, a list's items in source order; empty where nothing was retrieved."""
    certainty: float
    """Estimated probability, in 0..1, that they answer."""
    enough: bool
    """Whether that is enough to answer with."""


def weigh(
    query: Query, hits: Sequence[Hit], vector: Vectors, collection: Collection, reader: Reader | None
) -> Weighed:
    """``vector``: the question's embedding, shape (d,). Without a reader sentences are weighed by
    similarity alone."""
    weights = weights_for(reader is not None)
    readings = None if reader is None else reader.read(query.text, windows(hits, collection))
    found = candidates(query, hits, vector, collection, readings)
    if not found:
        return Weighed((), 0.0, False)
    scores = score(found, weights)
    chosen = choose(query, found, scores)
    certainty = confidence(query, found, scores, hits, collection, weights)
    return Weighed(tuple(chosen), certainty, certainty >= weights.threshold)
