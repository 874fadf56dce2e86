"""One measurement: what was measured with what, and its figures, for a terminal and for machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from eval.figures import Figures

_COLUMN = 14
_WORDING = {
    "n": "questions",
    "n_answerable": "  of these answerable",
    "n_placed": "  with the answer in a text word for word",
    "errors": "errors",
    "passage@1": "answer in the first passage, %",
    "passage@5": "  in the first 5",
    "passage@10": "  in the first 10",
    "sentence@1": "answer in the first sentence cited, %",
    "sentence@3": "  in the first 3",
    "sentence@1_answered": "  in the first, of those answered",
    "sentence@3_answered": "  in the first 3, of those answered",
    "auc": "AUC, answerable against not",
    "coverage": "answerable: answered, %",
    "declined": "unanswerable: declined, %",
    "declined_at_90": "  at the threshold that answers 90 %",
    "latency_p50_ms": "time p50, ms",
    "latency_p95_ms": "time p95, ms",
}
_AS_IT_IS = ("n", "n_answerable", "n_placed", "errors", "latency_p50_ms", "latency_p95_ms")


@dataclass(frozen=True, slots=True)
class Report:
    format: str
    path: str
    limit: int | None
    seed: int
    digest: str
    """Of the sample's texts and questions."""
    texts: int
    passages: int
    embedder: str
    reader: str | None
    snapshot: str
    versions: Mapping[str, str]
    notes: tuple[str, ...]
    figures: Mapping[str, Figures]
    """By setting ("open", "given") or by benchmark."""
    reasons: Mapping[str, Mapping[str, int]]
    """By setting: how many were declined for what."""


def format_table(report: Report) -> str:
    """Plain text for a terminal."""
    sampled = "" if report.limit is None else f" (sampled, limit {report.limit}, seed {report.seed})"
    lines = [
        f"{report.format} · {report.path} · {report.texts} texts{sampled}",
        f"{report.passages} passages · snapshot {report.snapshot} · {report.embedder} · "
        f"reader {report.reader or 'off'}",
        *(f"note: {note}" for note in report.notes),
        "",
        *_rows(report.figures),
    ]
    for setting, counts in report.reasons.items():
        if counts:
            told = ", ".join(f"{reason} {count}" for reason, count in counts.items())
            lines.append(f"declined, {setting}: {told}")
    return "\n".join(lines) + "\n"


def _rows(groups: Mapping[str, Figures]) -> Iterator[str]:
    names = list(dict.fromkeys(name for figures in groups.values() for name in figures))
    width = max(len(_wording(name)) for name in names)
    yield " " * width + "".join(f"{group:>{_COLUMN}}" for group in groups)
    for name in names:
        cells = "".join(f"{_cell(name, figures.get(name)):>{_COLUMN}}" for figures in groups.values())
        yield f"{_wording(name):{width}}{cells}"


def _wording(name: str) -> str:
    return _WORDING.get(name, f"{name}, %")


def _cell(name: str, value: float | None) -> str:
    if value is None:
        return "–"
    if name in _AS_IT_IS:
        return f"{value:.0f}"
    return f"{value:.3f}" if name == "auc" else f"{100 * value:.1f}"
