"""The plots of a run, as SVG to stand inside a page: the same run gives the same bytes. Matplotlib is
loaded with this module: import it only where a page is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from eval import metrics
from eval.calibration import BINS, expected_calibration_error, reliability
from eval.figures import Figures
from eval.markup import Markup
from eval.row import Row
from eval.run import Run
from eval.svg import inline, styled
from eval.table import number, of_one, percent

_INK, _MAIN, _FAINT = "#1c1b1a", "#8a1c1c", "#c9c3b9"
_SIZE = (4.8, 3.3)  # inches; small, so that the lettering is still read on a telephone
_LABEL = 24  # characters


@dataclass(frozen=True, slots=True)
class Plot:
    name: str
    title: str
    caption: str
    """What it shows, in words."""
    svg: Markup


def plots(run: Run) -> tuple[Plot, ...]:
    """Those that the run has something to draw for."""
    with styled():
        return tuple(_plots(run))


def _plots(run: Run) -> Iterator[Plot]:
    answers = [row for row in run.rows if row.answered]
    sure = [row for row in run.rows if row.confidence is not None]
    if answers:
        yield _risk(answers)
    if sure:
        yield _reliability(sure, answers)
    yield _shares("kind", "Fully right by kind of question", run.by_kind)
    yield _shares("crossing", "Fully right by language of question and evidence", run.by_crossing)
    if any(row.timings.total for row in sure):
        yield _latency(sure)


def _risk(answers: list[Row]) -> Plot:
    confidence = [row.confidence or 0.0 for row in answers]
    right = [row.judgement.fully_right for row in answers]
    points = metrics.risk_coverage(confidence, right)
    figure, axes = _drawing()
    axes.step(
        [0.0, *(100 * coverage for coverage, _ in points)],
        [100 * risk for risk in (points[0][1], *(risk for _, risk in points))],
        where="pre",
        color=_MAIN,
    )
    axes.set_xlabel("Coverage: % of the answers given, surest first")
    axes.set_ylabel("Risk: % of them not fully right")
    _percentages(axes)
    area = of_one(metrics.area_under_risk(confidence, right))
    return Plot(
        "risk",
        "Risk against coverage",
        f"How many would be wrong if only the surest of the {len(answers)} answers were given: a confidence "
        f"that knows right from wrong makes it rise to the right. Area under it (AURC) {area}; of all "
        f"answers {100 * points[-1][1]:.0f} % are wrong.",
        inline(figure, "risk", f"Risk against coverage, area {area}"),
    )


def _shares(name: str, title: str, groups: dict[str, Figures]) -> Plot:
    figure, axes = _drawing(height=1.1 + 0.34 * len(groups))
    for at, group in enumerate(groups.values()):
        share, low, high = (100 * (group[f"fully_right{end}"] or 0.0) for end in ("", "_low", "_high"))
        axes.barh(at, share, height=0.62, color=_FAINT)
        axes.plot([low, high], [at, at], color=_INK, linewidth=1.2, marker="|", markersize=7)
    names = [f"{_plain(key)}  (n = {group['n']:.0f})" for key, group in groups.items()]
    axes.set_yticks(range(len(groups)), names)
    axes.invert_yaxis()
    axes.set_xlim(-2, 102)
    axes.set_xlabel("% fully right, 95 % bootstrap interval")
    told = ", ".join(f"{key} {percent(group['fully_right'])} %" for key, group in groups.items())
    caption = f"{told}. Where all or none are right, the bootstrap sees no spread: an interval without width."
    return Plot(name, title, caption, inline(figure, name, title))


def _reliability(sure: list[Row], answers: list[Row]) -> Plot:
    figure = Figure(figsize=(_SIZE[0], _SIZE[1] + 0.9), layout="constrained")
    axes, below = figure.subplots(2, 1, sharex=True, height_ratios=[3.2, 1])
    axes.plot([0, 100], [0, 100], color=_INK, linestyle="--", linewidth=0.8)
    errors = []
    # Where nothing was declined the two are one: the first is drawn broad and pale, to be seen behind.
    for label, rows, colour, width in (
        ("all questions", sure, _FAINT, 5.0),
        ("answers given", answers, _MAIN, 1.3),
    ):
        confidence = [row.confidence or 0.0 for row in rows]
        true = [row.answerable and row.judgement.fully_right for row in rows]
        points = reliability(confidence, true)
        error = of_one(expected_calibration_error(confidence, true))
        errors.append(error)
        axes.plot(
            [100 * point.confidence for point in points],
            [100 * point.observed for point in points],
            color=colour,
            marker="o",
            markersize=width + 3,
            linewidth=width,
            label=f"{label} (ECE {error})",
        )
        below.bar(
            [100 * point.low for point in points],
            [point.n for point in points],
            width=100 / BINS,
            align="edge",
            color=colour,
            edgecolor="white",
        )
    axes.set_ylabel("% answerable and right")
    axes.legend(loc="upper left")
    _percentages(axes)
    below.yaxis.set_major_locator(MaxNLocator(nbins=2, integer=True))
    below.set_ylabel("questions")
    below.set_xlabel("Confidence, %")
    return Plot(
        "reliability",
        "Reliability of the confidence",
        f"In {BINS} bins of the confidence: the share that is answerable and was answered right, and below "
        "it how many questions there are. On the dashed line a confidence means what it says. A declined "
        "question cannot be right, so the low bins of all questions lie at 0; the answers given are drawn "
        f"apart. Expected calibration error (Naeini et al. 2015; Guo et al. 2017): {errors[0]} over all "
        f"{len(sure)} questions, {errors[1]} over the {len(answers)} answers given; 0 is faultless, and few "
        "questions give more than 0 by chance.",
        inline(figure, "reliability", f"Reliability diagram, expected calibration error {errors[0]}"),
    )


def _latency(sure: list[Row]) -> Plot:
    totals = sorted(row.timings.total for row in sure)
    figure, axes = _drawing()
    axes.ecdf(totals, color=_MAIN)
    told = []
    for q, style in ((50, "--"), (95, ":")):
        value = metrics.percentile(totals, q) or 0.0
        told.append(f"p{q} {number(value)} ms")
        axes.axvline(value, color=_INK, linestyle=style, linewidth=1, label=told[-1])
    axes.set_xlim(left=0)
    axes.set_ylim(0, 1.02)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100"])
    axes.set_xlabel("Time of an answer, ms")
    axes.set_ylabel("% of the questions not slower")
    axes.legend(loc="upper left")
    words = ", ".join(told)
    caption = (
        f"{len(totals)} questions, one after the other, declined ones too: {words}, slowest "
        f"{number(totals[-1])} ms."
    )
    return Plot("latency", "Latency", caption, inline(figure, "latency", f"Distribution of latency: {words}"))


def _drawing(height: float = _SIZE[1]) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(_SIZE[0], height), layout="constrained")
    return figure, figure.subplots()


def _percentages(axes: Axes) -> None:
    axes.set_xlim(-2, 102)
    axes.set_ylim(-2, 102)


def _plain(label: str) -> str:
    """A kind is a word of ours. In a file from elsewhere it may be anything: letters that the font lacks,
    or so many that no room is left for the plot."""
    shown = ascii(label)[1:-1]
    return shown if len(shown) <= _LABEL else shown[:_LABEL] + "…"
