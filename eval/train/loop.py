"""What the two trainings share: how long, how fast, in which precision, and the log of it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

WARMUP = 0.06


@dataclass(frozen=True, slots=True)
class Budget:
    """The learning rate falls with the time spent, so that a busy machine trains less, not longer; with
    ``steps`` it falls with the steps."""

    minutes: float
    steps: int | None

    def spent(self, steps: int, seconds: float) -> float:
        """Share of the training that is done; 1 or more at its end."""
        return steps / self.steps if self.steps else seconds / (60 * self.minutes)


def rate_at(progress: float, highest: float) -> float:
    """Learning rate after that share of the training: up to ``highest`` over WARMUP, then down to almost
    nothing."""
    return highest * min(1.0, progress / WARMUP + 0.02) * min(1.0, (1.0 - progress) / (1.0 - WARMUP) + 0.01)


def optimizer_of(model: torch.nn.Module) -> torch.optim.Optimizer:
    """Biases and the weights of LayerNorm do not decay. The rate is set before every step."""
    weights = [p for p in model.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in weights if p.ndim > 1], "weight_decay": 0.01},
        {"params": [p for p in weights if p.ndim <= 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=1e-5)


def descend(
    model: torch.nn.Module, optimizer: torch.optim.Optimizer, loss: torch.Tensor, rate: float
) -> float:
    """One step; the value of ``loss``."""
    for group in optimizer.param_groups:
        group["lr"] = rate
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return loss.item()


def half_is_faster(loss: Callable[[bool], torch.Tensor], log: Log) -> bool:
    """bfloat16 is faster only where the processor has instructions for it: both are timed. ``loss``: that of
    a batch, in bfloat16 or not."""
    spent = {}
    for half in (True, False):
        times = []
        for _ in range(2):
            begun = time.monotonic()
            loss(half).backward()  # type: ignore[no-untyped-call]
            times.append(time.monotonic() - begun)
        spent[half] = min(times)
    log(event="precision", bfloat16=round(spent[True], 2), float32=round(spent[False], 2))
    return spent[True] < spent[False]


class Log:
    """One JSON object a line."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path

    def __call__(self, **line: object) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
