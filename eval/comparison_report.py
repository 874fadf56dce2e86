"""What a person reads of a comparison: the figures that are tested, all that moved, then every question
whose answer changed."""

from __future__ import annotations

from collections.abc import Iterator

from eval.comparison import Comparison
from eval.difference import PRIMARY, Difference
from eval.fault import certainty, cited, reason, said, wanted
from eval.figures import Figures
from eval.report import labelled
from eval.row import Row
from eval.table import number


def format_comparison(comparison: Comparison) -> str:
    """Plain text for a terminal."""
    before, after = comparison.before, comparison.after
    lines = [
        f"before  {before.made_by} · {before.snapshot}",
        f"after   {after.made_by} · {after.snapshot}",
        *(f"  {name}: {a} → {b}" for name, (a, b) in comparison.settings.items()),
        *(f"WARNING: {warning}" for warning in comparison.warnings),
        "",
        "Tested, % of the questions that have the figure, the difference in points",
        *map(_tested, comparison.differences),
        f"Regression beyond chance: {', '.join(comparison.regressions) or 'none'}",
        "",
        "All figures that moved",
    ]
    lines += list(_moved(before.overall, after.overall)) or ["  none"]
    for one in comparison.differences:
        if one.name not in (PRIMARY, "fully_right_answerable"):  # their questions stand below
            lines += _questions(one)
    for title, pairs in (
        ("Became right", comparison.gained),
        ("Became wrong", comparison.lost),
        ("Other answer or citations, same verdict", comparison.reworded),
    ):
        lines += ["", f"{title}: {len(pairs)}"]
        for old, new in pairs:
            lines.append(f"{old.id} [{old.kind}, {old.lang} on {old.edition}] {old.question}")
            lines += labelled("wanted", wanted(old))
            lines += _answer("before", old)
            lines += _answer("after", new)
    return "\n".join(lines) + "\n"


def _moved(before: Figures, after: Figures) -> Iterator[str]:
    for name in sorted({*before, *after}):
        a, b = before.get(name), after.get(name)
        if a != b:
            yield f"  {name:24} {number(a):>10} → {number(b):>10}"


def _tested(one: Difference) -> str:
    return (
        f"  {one.name:24} {100 * one.before:3.0f} → {100 * one.after:3.0f}  {100 * one.difference:+6.1f} "
        f"(95 % from {100 * one.low:+.1f} to {100 * one.high:+.1f}, {_p(one.p)}, n = {one.n}): {_judged(one)}"
    )


def _p(p: float) -> str:
    """So many resamples cannot tell a smaller one from 0."""
    return f"p = {p:.3f}" if p >= 0.001 else "p < 0.001"


def _judged(one: Difference) -> str:
    if one.regression:
        return "REGRESSION"
    if one.low > 0:
        return "higher"
    if not one.better and not one.worse:
        return "the same"
    return "lower, but one of several tested" if one.high < 0 else "may be chance"


def _questions(one: Difference) -> Iterator[str]:
    for title, ids in (("rose", one.better), ("fell", one.worse)):
        if ids:
            yield from labelled("", f"{one.name} {title} in {len(ids)}: {', '.join(ids)}")


def _answer(when: str, row: Row) -> Iterator[str]:
    verdict = "right" if row.judgement.fully_right else reason(row)
    yield from labelled(when, f"[{verdict}{certainty(row)}] {said(row)}")
    if row.citations:
        yield from labelled("from", cited(row))
