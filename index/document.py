"""What reading a source yields: its editions, and an account of every line that belongs to none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rag.types import Edition, Source

FurnitureKind = Literal["title", "case_number", "site", "notice", "series_title", "stray_title", "subtitle"]


@dataclass(frozen=True, slots=True)
class Furniture:
    """A line that is no part of any section: a case's title or number line, a site's footer, …"""

    start: int
    end: int
    kind: FurnitureKind


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that the reader could not place with confidence, or a part that is missing."""

    line: int
    """Counted from 1 in the source text."""
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Document:
    """``editions``: the announcement first where there is one (case_number None), then the cases in
    source order. Every non-blank line lies in a paragraph or a heading of a section, or in
    ``furniture``."""

    source: Source
    editions: tuple[Edition, ...]
    furniture: tuple[Furniture, ...]
    problems: tuple[Problem, ...]
