"""What the tables of a report hold, and how a figure is written in them: for the terminal and the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from eval.figures import Figures
from eval.run import Run


@dataclass(frozen=True, slots=True)
class Column:
    heading: str
    figure: str
    """Its name in Figures."""
    meaning: str
    of_one: bool = False
    """Written as it is, not in per cent."""

    def cell(self, figures: Figures) -> str:
        value = figures[self.figure]
        return of_one(value) if self.of_one else percent(value)


# Two tables, for one would be wider than a terminal.
ANSWERS = (
    Column("right", "fully_right", "every fact and a citation of the right section, or rightly declined"),
    Column("facts", "facts_present", "of the answerable: every fact is in the answer"),
    Column("part", "facts_share", "of the answerable: mean share of the facts"),
    Column("section", "section_cited", "of the answerable: a citation of the right section"),
    Column("answered", "coverage", "of the answerable: not declined"),
    Column("decl.P", "abstention_precision", "of the declined: not answerable indeed"),
    Column("decl.R", "abstention_recall", "of the unanswerable: declined"),
    Column(
        "decl@90",
        "declined_at_90",
        "of the unanswerable: declined at the threshold that answers 90 % of the answerable",
    ),
    Column("AUC", "auc", "how well the confidence parts answerable from unanswerable", of_one=True),
)
RETRIEVAL = (
    *(
        Column(f"sect@{k}", f"section_hit@{k}", "the right section is among the first so many passages")
        for k in (1, 5, 10)
    ),
    Column("MRR", "section_mrr@10", "1 / rank of the right section", of_one=True),
    Column("nDCG", "section_ndcg@10", "gain of the sections, discounted by rank", of_one=True),
    *(
        Column(f"evid@{k}", f"evidence_hit@{k}", "a passage of the evidence is among the first so many")
        for k in (1, 5, 10)
    ),
    *(
        Column(f"rec@{k}", f"evidence_recall@{k}", "share of the evidence's passages among the first so many")
        for k in (1, 5, 10)
    ),
    Column("MRR", "evidence_mrr@10", "1 / rank of the first passage of the evidence", of_one=True),
    Column("nDCG", "evidence_ndcg@10", "gain of the evidence's passages, discounted by rank", of_one=True),
)
PROOFS = ("quotes_verbatim", "marker_integrity", "numbers_supported", "citation_right_case")


def groups(run: Run) -> Iterator[tuple[str, dict[str, Figures]]]:
    """(what the rows are grouped by, the figures of each group), everything first."""
    yield "", {"all": run.overall}
    yield "kind", run.by_kind
    yield "language of the question", run.by_language
    yield "language of question and evidence", run.by_crossing


def interval(figures: Figures) -> str:
    """The 95 % interval of ``fully_right``, in per cent."""
    return f"{percent(figures['fully_right_low'])}–{percent(figures['fully_right_high'])}"


def percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f}"


def proof(value: float | None) -> str:
    """One bad quote in a thousand must not be rounded away."""
    return "–" if value is None else f"{100 * value:.2f} %"


def of_one(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g}" if abs(value) < 10 else f"{value:.0f}"
