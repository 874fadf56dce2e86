"""The figures of a reading set. Shares lie in 0..1; a figure that the questions leave undefined is None."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from eval import metrics
from eval.figures import Figures
from eval.public.outcome import Outcome


def reading_figures(outcomes: Sequence[Outcome], *, passages: bool) -> Figures:
    """``passages``: whether passages were sought.

    ``passage@k`` and ``sentence@k`` are shares of the answerable questions whose answer stands in a text:
    one of the first k passages found, or sentences cited, holds an answer. So declining counts as missing it,
    and a list is cited in the order of its text; ``…_answered`` leaves the declined out. A question whose
    asking failed is missed, and has no confidence, answer or time.
    """
    can = [o for o in outcomes if o.answerable]
    cannot = [o for o in outcomes if not o.answerable]
    placed = [o for o in can if o.placed]
    of_can = [o.confidence for o in can if o.confidence is not None]
    of_cannot = [o.confidence for o in cannot if o.confidence is not None]
    times = [o.ms for o in outcomes if o.confidence is not None]
    found = {f"passage@{k}": _among(placed, "passage", k) if passages else None for k in (1, 5, 10)}
    return {
        "n": len(outcomes),
        "n_answerable": len(can),
        "n_placed": len(placed),
        "errors": sum(o.error is not None for o in outcomes),
        **found,
        "sentence@1": _among(placed, "sentence", 1),
        "sentence@3": _among(placed, "sentence", 3),
        "sentence@1_answered": _among([o for o in placed if o.answered], "sentence", 1),
        "sentence@3_answered": _among([o for o in placed if o.answered], "sentence", 3),
        "auc": metrics.auc(of_can, of_cannot),
        "coverage": metrics.mean([o.answered for o in can]),
        "declined": metrics.mean([o.abstained for o in cannot]),
        "declined_at_90": metrics.declined_at_coverage(of_can, of_cannot),
        "latency_p50_ms": metrics.percentile(times, 50),
        "latency_p95_ms": metrics.percentile(times, 95),
    }


def reasons(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """How many questions were declined for each reason, the most frequent first. "case_not_named" and its
    like: the question was taken for one about guiding cases."""
    return dict(Counter(o.reason for o in outcomes if o.reason is not None).most_common())


def _among(outcomes: Sequence[Outcome], what: str, k: int) -> float | None:
    ranks: list[int | None] = [getattr(o, what) for o in outcomes]
    return metrics.mean([rank is not None and rank <= k for rank in ranks])
