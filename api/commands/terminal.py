"""What the command line prints: progress for people, plain lines for logs, JSON for machines."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

STEPS = 10
"""How many lines a long work prints where there is no terminal."""


def progress(what: str) -> Callable[[int, int], None]:
    """A progress bar on a terminal, a line every tenth elsewhere; both on standard error."""
    if sys.stderr.isatty():
        return _bar(what)
    return _lines(what)


def _bar(what: str) -> Callable[[int, int], None]:
    bar: tqdm[Any] | None = None

    def show(done: int, total: int) -> None:
        nonlocal bar
        if bar is None:
            bar = tqdm(total=total, desc=what, file=sys.stderr)
        bar.update(done - bar.n)
        if done >= total:
            bar.close()
            bar = None

    return show


def _lines(what: str) -> Callable[[int, int], None]:
    printed = -1

    def show(done: int, total: int) -> None:
        nonlocal printed
        step = STEPS if done >= total else done * STEPS // max(total, 1)
        if step > printed:
            printed = step
            print(f"{what}: {done} of {total}", file=sys.stderr, flush=True)
        if done >= total:
            printed = -1

    return show


def plain(value: object) -> Any:
    """``value`` as JSON knows it: dataclasses as objects, paths as text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: plain(item) for name, item in asdict(value).items()}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, Path) else value


def print_json(value: object) -> None:
    print(json.dumps(plain(value), ensure_ascii=False, indent=2))


def note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
