"""What changed between two runs of the same questions, and whether it may be chance."""

from __future__ import annotations

from dataclasses import dataclass

from eval import metrics
from eval.row import Row
from eval.run import Run, RunRefused


@dataclass(frozen=True, slots=True)
class Comparison:
    before: Run
    after: Run
    gained: tuple[tuple[Row, Row], ...]
    """(before, after) of the questions that became right, in the set's order."""
    lost: tuple[tuple[Row, Row], ...]
    reworded: tuple[tuple[Row, Row], ...]
    """As right or wrong as before, but with another answer."""
    difference: float
    """fully_right after minus before."""
    low: float
    high: float
    """95 % interval of the difference, paired bootstrap."""
    p: float
    settings: dict[str, tuple[str | None, str | None]]
    """Settings that differ, with their values before and after."""


def compare_runs(before: Run, after: Run, seed: int = metrics.SEED) -> Comparison:
    """Raises RunRefused when the runs were asked different questions."""
    if before.questions_sha256 != after.questions_sha256:
        raise RunRefused(
            f"the runs were asked different questions ({before.name or 'unnamed'}, {len(before.rows)}, and "
            f"{after.name or 'unnamed'}, {len(after.rows)}): run both on the same question set"
        )
    pairs = list(zip(before.rows, after.rows, strict=True))
    was = [a.judgement.fully_right for a, _ in pairs]
    now = [b.judgement.fully_right for _, b in pairs]
    low, high, p = metrics.paired_bootstrap(was, now, seed)
    names = sorted({*before.settings, *after.settings})
    values = {name: (before.settings.get(name), after.settings.get(name)) for name in names}
    return Comparison(
        before=before,
        after=after,
        gained=tuple(pair for pair, a, b in zip(pairs, was, now, strict=True) if b and not a),
        lost=tuple(pair for pair, a, b in zip(pairs, was, now, strict=True) if a and not b),
        reworded=tuple((a, b) for a, b in pairs if _same_verdict(a, b) and a.answer != b.answer),
        difference=sum(now) / len(pairs) - sum(was) / len(pairs),
        low=low,
        high=high,
        p=p,
        settings={name: pair for name, pair in values.items() if pair[0] != pair[1]},
    )


def _same_verdict(a: Row, b: Row) -> bool:
    return a.judgement.fully_right == b.judgement.fully_right
