"""The account of a reading: every line that is no text of a section, and every doubt."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.document import Furniture, FurnitureKind, Problem
from index.lines import Line


@dataclass(slots=True)
class Account:
    """Filled while a source is read, then frozen into its document."""

    _furniture: list[Furniture] = field(default_factory=list)
    _problems: list[Problem] = field(default_factory=list)

    def put(self, line: Line, kind: FurnitureKind) -> None:
        self._furniture.append(Furniture(line.start, line.end, kind))

    def doubt(self, line: Line, reason: str) -> None:
        self._problems.append(Problem(line.number, line.text, reason))

    @property
    def furniture(self) -> tuple[Furniture, ...]:
        """In source order."""
        return tuple(sorted(self._furniture, key=lambda f: f.start))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """In source order."""
        return tuple(sorted(self._problems, key=lambda p: (p.line, p.reason)))
