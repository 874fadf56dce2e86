"""Whether a confidence means what it says: of the questions at 0.7, about 70 % should come true."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    low: float
    high: float
    """Confidences in (low, high]; the first bin holds 0 as well."""
    n: int
    confidence: float
    """Their mean."""
    observed: float
    """Share of them that came true."""


def reliability(confidence: Sequence[float], true: Sequence[bool], bins: int = BINS) -> list[Bin]:
    """The points of a reliability diagram, confidence ascending: ``bins`` bins of one width, closed
    above, as in Guo et al. 2017, section 2; those without a question are left out. Raises ValueError
    for a confidence outside 0..1."""
    # As quotients, so that a confidence written as 0.3 is on the edge 3/10: no sum of tenths is that.
    edges = [edge / bins for edge in range(1, bins + 1)]
    held: list[list[tuple[float, bool]]] = [[] for _ in edges]
    for score, came_true in zip(confidence, true, strict=True):
        if not 0 <= score <= 1:
            raise ValueError(f"a confidence is 0 to 1, not {score}")
        held[bisect_left(edges, score)].append((score, came_true))
    return [
        Bin(
            low=number / bins,
            high=edges[number],
            n=len(pairs),
            confidence=sum(score for score, _ in pairs) / len(pairs),
            observed=sum(came_true for _, came_true in pairs) / len(pairs),
        )
        for number, pairs in enumerate(held)
        if pairs
    ]


def expected_calibration_error(
    confidence: Sequence[float], true: Sequence[bool], bins: int = BINS
) -> float | None:
    """ECE = Σ over bins of (n of the bin / n) · |share that came true − mean confidence|, in 0..1, 0 is
    faultless (Naeini, Cooper and Hauskrecht 2015; bins as in Guo, Pleiss, Sun and Weinberger 2017,
    equation 3). None without a question.

    With few questions a bin it is above 0 by chance alone, even for a perfect confidence."""
    if not confidence:
        return None
    points = reliability(confidence, true, bins)
    return sum(point.n * abs(point.observed - point.confidence) for point in points) / len(confidence)
