"""Floors: the least that a run must reach, so that a change that makes answers worse is seen."""

from __future__ import annotations

from collections.abc import Mapping

from eval.run import Run, RunRefused

# Those for which more is better: the only ones that a floor can be set for.
FLOORS = frozenset(
    {
        *(
            f"{what}_{name}@{k}"
            for what in ("section", "evidence")
            for name in ("hit", "recall")
            for k in (1, 5, 10)
        ),
        *(f"{what}_{name}@10" for what in ("section", "evidence") for name in ("mrr", "ndcg")),
        *("fully_right", "fully_right_answerable", "facts_present", "facts_share"),
        *("section_cited", "cases_share", "citation_right_case", "citation_on_evidence", "quotes_verbatim"),
        *("marker_integrity", "numbers_supported", "abstention_precision", "abstention_recall"),
        *("coverage", "declined_at_90", "auc", "located"),
    }
)


def check_floors(run: Run, floors: Mapping[str, float]) -> list[str]:
    """Names of the floors that the run does not reach, in the order given; a figure that the run
    leaves undefined does not reach any. Raises RunRefused for a name that no floor can have."""
    if unknown := sorted(set(floors) - FLOORS):
        raise RunRefused(f"no floor can be set for {', '.join(unknown)}; known: {', '.join(sorted(FLOORS))}")
    values = {name: run.overall[name] for name in floors}
    return [name for name, floor in floors.items() if (value := values[name]) is None or value < floor]
