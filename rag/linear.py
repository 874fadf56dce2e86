"""The shape of what ``python -m eval.train.weights`` fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rag.types import Language


@dataclass(frozen=True, slots=True)
class Weights:
    """Two linear models, and from which probability on an answer is given."""

    sentence: tuple[float, ...]
    """In the order of the candidates' features."""
    answered: tuple[float, ...]
    """In the order of the features of being answered."""
    bias: float
    thresholds: Mapping[Language, float]
    """By the language of the passage chosen."""
