"""What a person reads of a run in a terminal: one table by kind and language, then every wrong answer
beside what should have been said. ``eval.page`` is the same for a browser."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from eval.fault import certainty, cited, faults, not_held, reason, said, wanted
from eval.row import Row
from eval.run import Run
from eval.table import ANSWERS, PROOFS, RETRIEVAL, Column, groups, interval, number, of_one, percent, proof

_WIDTH = 110


def format_report(run: Run, wrong: int | None = None) -> str:
    """Plain text for a terminal; ``wrong`` limits how many wrong answers are listed (None: all)."""
    found = faults(run)
    shown = found[: len(found) if wrong is None else wrong]
    lines = [
        f"{run.name or 'questions'} · {run.made_by}",
        f"snapshot {run.snapshot} · {run.embedder}",
        *(f"  {name} = {value}" for name, value in sorted(run.settings.items())),
        "",
        "Answers, % of the questions of the row (AUC of 1)",
        *_table(run, ANSWERS, "n"),
        "",
        "Retrieval, % of the answerable questions whose evidence is held (MRR and nDCG of 1)",
        *_table(run, RETRIEVAL, "n_retrieval"),
        "",
        *_summary(run),
        "",
        f"Wrong: {len(found)} of {len(run.rows)}" + (f", {len(shown)} shown" if shown != found else ""),
    ]
    for row in shown:
        lines += ["", *_fault(row)]
    return "\n".join(lines) + "\n"


def _table(run: Run, columns: tuple[Column, ...], count: str) -> Iterator[str]:
    with_interval = columns is ANSWERS
    between = f" {'95 %':>9}" if with_interval else ""
    yield f"{'':10}{'n':>5}{between}" + "".join(f"{column.heading:>9}" for column in columns)
    for _, of_group in groups(run):
        for name, figures in of_group.items():
            between = " " + interval(figures).rjust(9) if with_interval else ""
            cells = "".join(f"{column.cell(figures):>9}" for column in columns)
            yield f"{name:10}{figures[count] or 0:>5.0f}{between}{cells}"


def _summary(run: Run) -> Iterator[str]:
    f = run.overall
    yield "Proofs: " + " · ".join(f"{name} {proof(f[name])}" for name in PROOFS)
    yield (
        f"On the evidence: {percent(f['citation_on_evidence'])} % of citations · "
        f"AURC {of_one(f['aurc'])} · errors {f['errors']:.0f}"
    )
    yield (
        f"Length: citations {number(f['citations_median'])} (p95 {number(f['citations_p95'])}), "
        f"characters {number(f['characters_median'])} (p95 {number(f['characters_p95'])})"
    )
    yield (
        f"Time: p50 {number(f['latency_p50_ms'])} ms, p95 {number(f['latency_p95_ms'])} ms · mean "
        + ", ".join(
            f"{stage} {number(f[f'{stage}_mean_ms'])}" for stage in ("embed", "retrieve", "read", "answer")
        )
    )
    if warning := not_held(run):
        yield warning


def _fault(row: Row) -> Iterator[str]:
    failure = f": {row.error}" if row.confidence is None else ""
    yield f"{row.id} [{row.kind}, {row.lang} on {row.edition}] {reason(row)}{failure}{certainty(row)}"
    yield from labelled("asked", row.question)
    yield from labelled("wanted", wanted(row))
    if row.answerable:
        yield from labelled("facts", " + ".join(" / ".join(group) for group in row.must))
        yield from labelled("in", ", ".join(row.sections) or "not located")
    yield from labelled("said", said(row))
    if row.citations:
        yield from labelled("from", cited(row))


def labelled(label: str, text: str) -> list[str]:
    """The text wrapped beside its label; Chinese has no blanks, so it breaks anywhere."""
    return textwrap.wrap(
        " ".join(text.split()) or "–",
        _WIDTH,
        initial_indent=f"  {label:7} ",
        subsequent_indent=" " * 10,
    )
