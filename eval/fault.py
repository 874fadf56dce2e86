"""What is wrong with an answer, in a person's words."""

from __future__ import annotations

from eval.row import Row
from eval.run import Run


def faults(run: Run) -> list[Row]:
    """The rows that are not fully right, in the set's order."""
    return [row for row in run.rows if not row.judgement.fully_right]


def reason(row: Row) -> str:
    """Of a row that is not fully right: "declined what is held", "wrong facts, section"."""
    if row.confidence is None:
        return "failed"
    if row.abstained:
        return "declined what is held"
    if not row.answerable:
        return "answered what is not held"
    judgement = row.judgement
    lacks = [
        name
        for name, good in (("facts", judgement.facts_present), ("section", judgement.section_cited))
        if not good
    ]
    if judgement.citations and not judgement.citations_of_case:
        lacks.append("case")
    return "wrong " + ", ".join(lacks)


def wanted(row: Row) -> str:
    """The expected answer."""
    return row.expected if row.answerable else f"to decline: {row.expected}"


def said(row: Row) -> str:
    return f"(declined) {row.answer}" if row.abstained else row.answer or f"(failed) {row.error}"


def cited(row: Row) -> str:
    """Case and section of every citation, in the order of the markers: "86/gist, 86/gist"."""
    return ", ".join(f"{c.case_number}/{c.section}" for c in row.citations)


def not_held(run: Run) -> str | None:
    """A warning that names the answerable questions whose evidence the collection lacks."""
    astray = [row.id for row in run.rows if row.answerable and not row.located]
    if not astray:
        return None
    names = ", ".join(astray[:8]) + (", …" if len(astray) > 8 else "")
    return (
        f"NOT HELD: the evidence of {len(astray)} answerable questions is not in the collection, so they "
        f"can hardly be answered right, and retrieval leaves them out: {names}"
    )


def certainty(row: Row) -> str:
    """ " (confidence 0.40)", or nothing where asking failed."""
    return "" if row.confidence is None else f" (confidence {row.confidence:.2f})"
