"""Where a training stands, on disk: a stopped one goes on with the same command."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch


@dataclass(slots=True)
class Progress:
    step: int = 0
    seconds: float = 0.0
    """Spent in steps."""
    hard: list[list[int]] | None = None
    """Mined negatives of every pair: rows of the passages; None where they were not mined yet."""
    mined: int = 0
    """How often they were mined."""


def save(path: Path, model: torch.nn.Module, optimizer: torch.optim.Optimizer, at: Progress) -> None:
    """In one step: a broken write leaves the checkpoint before it."""
    unfinished = path.with_suffix(".part")
    states = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "random": torch.get_rng_state(),
    }
    torch.save(states | asdict(at), unfinished)
    os.replace(unfinished, path)


def restore(path: Path, model: torch.nn.Module, optimizer: torch.optim.Optimizer) -> Progress | None:
    """None where there is no checkpoint."""
    if not path.exists():
        return None
    held: dict[str, Any] = torch.load(path)
    model.load_state_dict(held["model"])
    optimizer.load_state_dict(held["optimizer"])
    torch.set_rng_state(held["random"])
    return Progress(held["step"], held["seconds"], held["hard"], held["mined"])
