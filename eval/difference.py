"""How far one figure moved between two runs of the same questions, and whether chance may have moved it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from eval import metrics
from eval.row import Row

LEVEL = 0.05
"""Of chance: see ``differences``."""
PRIMARY = "fully_right"
Pair = tuple[Row, Row]
"""One question, before and after."""


@dataclass(frozen=True, slots=True)
class Difference:
    name: str
    """Of the figure."""
    n: int
    """Questions that have it."""
    before: float
    after: float
    difference: float
    """after minus before."""
    low: float
    high: float
    """95 % interval of the difference, paired bootstrap."""
    p: float
    """Two-sided, of that bootstrap."""
    better: tuple[str, ...]
    """Ids of the questions in which it rose."""
    worse: tuple[str, ...]
    regression: bool = False
    """It fell, by more than chance explains."""


def _fully_right(row: Row) -> float | None:
    return float(row.judgement.fully_right)


def _fully_right_answerable(row: Row) -> float | None:
    return float(row.judgement.fully_right) if row.answerable else None


def _declined(row: Row) -> float | None:
    return None if row.answerable else float(row.abstained)


def _evidence_in_five(row: Row) -> float | None:
    if row.retrieval is None:
        return 0.0 if row.answerable else None
    return metrics.success(row.retrieval.evidence.found, frozenset(row.retrieval.evidence.relevant), 5)


def _citations_of_case(row: Row) -> float | None:
    judgement = row.judgement
    if not row.answerable or not row.answered or not judgement.citations:
        return None
    return judgement.citations_of_case / judgement.citations


_VALUES: dict[str, Callable[[Row], float | None]] = {
    PRIMARY: _fully_right,
    "fully_right_answerable": _fully_right_answerable,
    "abstention_recall": _declined,
    "evidence_hit@5": _evidence_in_five,
    "citation_right_case": _citations_of_case,
}
TESTED = tuple(_VALUES)


def differences(pairs: Sequence[Pair], seed: int = metrics.SEED) -> tuple[Difference, ...]:
    """One of each figure in TESTED, in that order; those that no question has are left out.

    The mean over questions of one value a question, as in Figures but for two. ``evidence_hit@5`` is 0
    where the evidence is not held, so that losing a text is seen (Figures leaves such questions out).
    ``citation_right_case`` is the mean share of the right citations of the answerable questions that
    both runs answered with citations (Figures counts citations: there a long answer counts more).

    What is a regression. ``fully_right`` is tested by itself: its 95 % interval lies wholly below 0.
    The others are four more chances of a false alarm, so they share one: Holm's procedure over the
    one-sided p of each (half of ``p`` where the figure fell), at 0.05 / 2. So when nothing became
    worse, each of the two tests fails with probability 0.025 and a comparison with at most 0.05, to
    the accuracy of the bootstrap (simulated: of 6000 comparisons of 126 questions, 5 to 40 % of which
    changed by a coin's toss, 2.4 % by ``fully_right``, 4.2 % in all).

    It says nothing of a small change (three answers lost and none won are chance in a set of ten or
    more), nor of figures that are not in TESTED; fewer than ten questions should not be tested."""
    found = [made for name, value in _VALUES.items() if (made := _difference(name, value, pairs, seed))]
    others = [one for one in found if one.name != PRIMARY]
    fallen = metrics.holm([one.p / 2 if one.difference < 0 else 1.0 for one in others], LEVEL / 2)
    worse = {one.name for one, fell in zip(others, fallen, strict=True) if fell}
    return tuple(
        replace(one, regression=one.high < 0 if one.name == PRIMARY else one.name in worse) for one in found
    )


def _difference(
    name: str, value: Callable[[Row], float | None], pairs: Sequence[Pair], seed: int
) -> Difference | None:
    ids, before, after = [], [], []
    for old, new in pairs:
        a, b = value(old), value(new)
        if a is not None and b is not None:
            ids.append(old.id)
            before.append(a)
            after.append(b)
    if not ids:
        return None
    low, high, p = metrics.paired_bootstrap(before, after, seed)
    moved = list(zip(ids, before, after, strict=True))
    return Difference(
        name=name,
        n=len(ids),
        before=sum(before) / len(ids),
        after=sum(after) / len(ids),
        difference=sum(after) / len(ids) - sum(before) / len(ids),
        low=low,
        high=high,
        p=p,
        better=tuple(question for question, a, b in moved if b > a),
        worse=tuple(question for question, a, b in moved if b < a),
    )
