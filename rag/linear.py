"""The shape of what ``python -m eval.train.weights`` fits."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """Two linear models, and from which probability on an answer is given."""

    sentence: tuple[float, ...]
    """In the order of the candidates' features."""
    answered: tuple[float, ...]
    """In the order of the features of being answered."""
    bias: float
    threshold: float
