"""What is made small in training the retriever."""

from __future__ import annotations

from typing import Any

import torch
from numpy.typing import NDArray

RATE = 8e-5
TEMPERATURE = 0.02


def contrastive(queries: torch.Tensor, passages: torch.Tensor, masked: NDArray[Any]) -> torch.Tensor:
    """Cross-entropy of every question over the passages and of every question's passage over the questions.

    ``queries`` (n, d) and ``passages`` (n + extra, d), unit rows; the first n passages answer the n
    questions. ``masked`` (n, n + extra): pairs that are neither right nor wrong.
    """
    scores = (queries @ passages.T / TEMPERATURE).masked_fill(torch.from_numpy(masked), -1e4)
    right = torch.arange(len(queries))
    entropy = torch.nn.functional.cross_entropy
    return (entropy(scores, right) + entropy(scores[:, : len(queries)].T, right)) / 2
