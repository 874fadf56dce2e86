"""What changed between two runs of the same questions, and whether it may be chance."""

from __future__ import annotations

from dataclasses import dataclass

from eval import metrics
from eval.difference import Difference, Pair, differences
from eval.row import Row
from eval.run import Run, RunRefused


@dataclass(frozen=True, slots=True)
class Comparison:
    before: Run
    after: Run
    gained: tuple[Pair, ...]
    """(before, after) of the questions that became right, in the set's order."""
    lost: tuple[Pair, ...]
    reworded: tuple[Pair, ...]
    """As right or wrong as before, but with another answer, or other citations for it."""
    difference: float
    """fully_right after minus before; this and the next three stand among ``differences`` too."""
    low: float
    high: float
    """95 % interval of the difference, paired bootstrap."""
    p: float
    differences: tuple[Difference, ...]
    """Of the figures that are tested, fully_right first."""
    settings: dict[str, tuple[str | None, str | None]]
    """Settings that differ, with their values before and after."""
    warnings: tuple[str, ...]
    """Why the figures may differ for another reason than the program."""

    @property
    def regressions(self) -> tuple[str, ...]:
        """Names of the figures that fell by more than chance explains (``eval.difference``)."""
        return tuple(one.name for one in self.differences if one.regression)


def compare_runs(before: Run, after: Run, seed: int = metrics.SEED) -> Comparison:
    """Raises RunRefused when the runs were asked different questions."""
    if before.questions_sha256 != after.questions_sha256:
        raise RunRefused(
            f"the runs were asked different questions ({before.name or 'unnamed'}, {len(before.rows)}, and "
            f"{after.name or 'unnamed'}, {len(after.rows)}): run both on the same question set"
        )
    pairs = list(zip(before.rows, after.rows, strict=True))
    moved = differences(pairs, seed)
    right = moved[0]
    names = sorted({*before.settings, *after.settings})
    values = {name: (before.settings.get(name), after.settings.get(name)) for name in names}
    return Comparison(
        before=before,
        after=after,
        gained=tuple((a, b) for a, b in pairs if a.id in right.better),
        lost=tuple((a, b) for a, b in pairs if a.id in right.worse),
        reworded=tuple((a, b) for a, b in pairs if _same_verdict(a, b) and _served(a) != _served(b)),
        difference=right.difference,
        low=right.low,
        high=right.high,
        p=right.p,
        differences=moved,
        settings={name: pair for name, pair in values.items() if pair[0] != pair[1]},
        warnings=tuple(_warnings(before, after)),
    )


def _warnings(before: Run, after: Run) -> list[str]:
    if before.snapshot == after.snapshot:
        return []
    return [
        f"the runs saw different snapshots ({before.snapshot} and {after.snapshot}): what differs may be the "
        "texts or the index, not the program"
    ]


def _same_verdict(a: Row, b: Row) -> bool:
    return a.judgement.fully_right == b.judgement.fully_right


def _served(row: Row) -> object:
    return row.answer, row.abstained, row.citations, row.error
