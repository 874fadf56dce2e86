"""What a person reads of a run: one table by kind and language, then every wrong answer beside what
should have been said."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from eval.comparison import Comparison
from eval.figures import Figures
from eval.row import Row
from eval.run import Run

_WIDTH = 110
# (heading, figure); two tables, for one would be wider than a terminal.
_ANSWERS = (
    ("right", "fully_right"),
    ("facts", "facts_present"),
    ("part", "facts_share"),
    ("section", "section_cited"),
    ("answered", "coverage"),
    ("decl.P", "abstention_precision"),
    ("decl.R", "abstention_recall"),
    ("decl@90", "declined_at_90"),
    ("AUC", "auc"),
)
_RETRIEVAL = (
    *((f"sect@{k}", f"section_hit@{k}") for k in (1, 5, 10)),
    ("MRR", "section_mrr@10"),
    ("nDCG", "section_ndcg@10"),
    *((f"evid@{k}", f"evidence_hit@{k}") for k in (1, 5, 10)),
    *((f"rec@{k}", f"evidence_recall@{k}") for k in (1, 5, 10)),
    ("MRR", "evidence_mrr@10"),
    ("nDCG", "evidence_ndcg@10"),
)
_PROOFS = ("quotes_verbatim", "marker_integrity", "numbers_supported", "citation_right_case")


def format_report(run: Run, wrong: int | None = None) -> str:
    """Plain text for a terminal; ``wrong`` limits how many wrong answers are listed (None: all)."""
    faults = [row for row in run.rows if not row.judgement.fully_right]
    shown = faults[: len(faults) if wrong is None else wrong]
    lines = [
        f"{run.name or 'questions'} · {_made_by(run)}",
        f"snapshot {run.snapshot} · {run.embedder}",
        *(f"  {name} = {value}" for name, value in sorted(run.settings.items())),
        "",
        "Answers, % of the questions of the row (AUC of 1)",
        *_table(run, _ANSWERS, "n"),
        "",
        "Retrieval, % of the answerable questions whose evidence is held (MRR and nDCG of 1)",
        *_table(run, _RETRIEVAL, "n_retrieval"),
        "",
        *_summary(run),
        "",
        f"Wrong: {len(faults)} of {len(run.rows)}" + (f", {len(shown)} shown" if shown != faults else ""),
    ]
    for row in shown:
        lines += ["", *_fault(row)]
    return "\n".join(lines) + "\n"


def format_comparison(comparison: Comparison) -> str:
    before, after = comparison.before, comparison.after
    verdict = "a difference" if comparison.low > 0 or comparison.high < 0 else "may be chance"
    low, high = 100 * comparison.low, 100 * comparison.high
    was, now = before.overall["fully_right"], after.overall["fully_right"]
    lines = [
        f"before  {_made_by(before)} · {before.snapshot}",
        f"after   {_made_by(after)} · {after.snapshot}",
        *(f"  {name}: {a} → {b}" for name, (a, b) in comparison.settings.items()),
        "",
        f"fully right {_percent(was)} → {_percent(now)} %, {100 * comparison.difference:+.1f} points "
        f"(95 % from {low:+.1f} to {high:+.1f}, p = {comparison.p:.3f}: {verdict})",
        "",
    ]
    for name in sorted({*before.overall, *after.overall}):
        a, b = before.overall.get(name), after.overall.get(name)
        if a != b:
            lines.append(f"  {name:24} {_number(a):>10} → {_number(b):>10}")
    for title, pairs in (
        ("Became right", comparison.gained),
        ("Became wrong", comparison.lost),
        ("Other answer, same verdict", comparison.reworded),
    ):
        lines += ["", f"{title}: {len(pairs)}"]
        for old, new in pairs:
            lines += [
                f"{old.id}  {old.question}",
                *_labelled("wanted", old.expected),
                *_labelled("before", _said(old)),
                *_labelled("after", _said(new)),
            ]
    return "\n".join(lines) + "\n"


def _made_by(run: Run) -> str:
    return f"{run.started} · commit {run.commit}{' (changed)' if run.dirty else ''}"


def _table(run: Run, columns: tuple[tuple[str, str], ...], count: str) -> Iterator[str]:
    groups: list[tuple[str, Figures]] = [("all", run.overall)]
    for by in (run.by_kind, run.by_language, run.by_crossing):
        groups += by.items()
    with_interval = columns is _ANSWERS
    interval = f" {'95 %':>9}" if with_interval else ""
    yield f"{'':10}{'n':>5}{interval}" + "".join(f"{heading:>9}" for heading, _ in columns)
    for name, figures in groups:
        low, high = figures["fully_right_low"], figures["fully_right_high"]
        interval = f" {_percent(low)}–{_percent(high)}".rjust(10) if with_interval else ""
        cells = "".join(
            f"{_of_one(figures[key]) if heading in ('AUC', 'MRR', 'nDCG') else _percent(figures[key]):>9}"
            for heading, key in columns
        )
        yield f"{name:10}{figures[count] or 0:>5.0f}{interval}{cells}"


def _summary(run: Run) -> Iterator[str]:
    f = run.overall
    yield "Proofs: " + " · ".join(f"{name} {_proof(f[name])}" for name in _PROOFS)
    yield (
        f"On the evidence: {_percent(f['citation_on_evidence'])} % of citations · "
        f"AURC {_of_one(f['aurc'])} · errors {f['errors']:.0f}"
    )
    yield (
        f"Length: citations {_number(f['citations_median'])} (p95 {_number(f['citations_p95'])}), "
        f"characters {_number(f['characters_median'])} (p95 {_number(f['characters_p95'])})"
    )
    yield (
        f"Time: p50 {_number(f['latency_p50_ms'])} ms, p95 {_number(f['latency_p95_ms'])} ms · mean "
        + ", ".join(f"{stage} {_number(f[f'{stage}_mean_ms'])}" for stage in ("embed", "retrieve", "answer"))
    )
    if astray := [row.id for row in run.rows if row.answerable and not row.located]:
        names = ", ".join(astray[:8]) + (", …" if len(astray) > 8 else "")
        yield (
            f"NOT HELD: the evidence of {len(astray)} answerable questions is not in the collection, so they "
            f"can hardly be answered right, and retrieval leaves them out: {names}"
        )


def _fault(row: Row) -> Iterator[str]:
    yield f"{row.id} [{row.kind}, {row.lang} on {row.edition}] {_reason(row)}"
    yield from _labelled("asked", row.question)
    yield from _labelled("wanted", row.expected if row.answerable else f"to decline: {row.expected}")
    if row.answerable:
        yield from _labelled("facts", " + ".join(" / ".join(group) for group in row.must))
        yield from _labelled("in", ", ".join(row.sections) or "not located")
    yield from _labelled("said", _said(row))
    if row.citations:
        yield from _labelled("from", ", ".join(f"{c.case_number}/{c.section}" for c in row.citations))


def _reason(row: Row) -> str:
    confidence = "" if row.confidence is None else f" (confidence {row.confidence:.2f})"
    if row.confidence is None:
        return f"failed: {row.error}"
    if row.abstained:
        return "declined what is held" + confidence
    if not row.answerable:
        return "answered what is not held" + confidence
    judgement = row.judgement
    lacks = [
        name
        for name, good in (("facts", judgement.facts_present), ("section", judgement.section_cited))
        if not good
    ]
    if judgement.citations and not judgement.citations_of_case:
        lacks.append("case")
    return "wrong " + ", ".join(lacks) + confidence


def _said(row: Row) -> str:
    return f"(declined) {row.answer}" if row.abstained else row.answer or f"(failed) {row.error}"


def _labelled(label: str, text: str) -> list[str]:
    """The text wrapped beside its label; Chinese has no blanks, so it breaks anywhere."""
    return textwrap.wrap(
        " ".join(text.split()) or "–",
        _WIDTH,
        initial_indent=f"  {label:7} ",
        subsequent_indent=" " * 10,
    )


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f}"


def _proof(value: float | None) -> str:
    """One bad quote in a thousand must not be rounded away."""
    return "–" if value is None else f"{100 * value:.2f} %"


def _of_one(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g}" if abs(value) < 10 else f"{value:.0f}"
