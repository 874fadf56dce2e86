"""What is made small in training, and how fast."""

from __future__ import annotations

from typing import Any

import torch
from numpy.typing import NDArray

RATE = 8e-5
WARMUP = 0.06
TEMPERATURE = 0.02


def rate_at(progress: float) -> float:
    """Learning rate after that share of the training: up to RATE over WARMUP, then down to almost nothing."""
    return RATE * min(1.0, progress / WARMUP + 0.02) * min(1.0, (1.0 - progress) / (1.0 - WARMUP) + 0.01)


def contrastive(queries: torch.Tensor, passages: torch.Tensor, masked: NDArray[Any]) -> torch.Tensor:
    """Cross-entropy of every question over the passages and of every question's passage over the questions.

    ``queries`` (n, d) and ``passages`` (n + extra, d), unit rows; the first n passages answer the n
    questions. ``masked`` (n, n + extra): pairs that are neither right nor wrong.
    """
    scores = (queries @ passages.T / TEMPERATURE).masked_fill(torch.from_numpy(masked), -1e4)
    right = torch.arange(len(queries))
    entropy = torch.nn.functional.cross_entropy
    return (entropy(scores, right) + entropy(scores[:, : len(queries)].T, right)) / 2
