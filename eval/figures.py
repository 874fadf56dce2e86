"""The figures of a group of rows: one flat dictionary, so that reports, floors and comparisons
share their names. A figure that the group leaves undefined is None."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from eval import metrics
from eval.row import Ranking, Row

Figures = dict[str, float | None]


def figures(rows: Sequence[Row]) -> Figures:
    """All shares lie in 0..1. Times are milliseconds.

    Facts and section are shares of the answerable questions (declining counts as missing them);
    citation precision counts the citations given to answerable questions; the proofs (quotes,
    markers, numbers) are counted over every answer given. A question whose asking failed is wrong,
    and has no confidence, answer or time."""
    can = [row for row in rows if row.answerable]
    answers = [row for row in rows if row.answered]
    to_can = [row for row in answers if row.answerable]
    low_high = metrics.bootstrap_interval([row.judgement.fully_right for row in rows])
    precision, recall = metrics.abstention([r.answerable for r in rows], [r.abstained for r in rows])
    confident = [(r.confidence, r) for r in rows if r.confidence is not None]
    of_can = [score for score, row in confident if row.answerable]
    of_cannot = [score for score, row in confident if not row.answerable]
    of_answers = [(score, row.judgement.fully_right) for score, row in confident if row.answered]
    return {
        "n": len(rows),
        "n_answerable": len(can),
        "errors": sum(row.error is not None for row in rows),
        "located": metrics.mean([row.located for row in can]),
        **_retrieval(rows),
        "fully_right": metrics.mean([row.judgement.fully_right for row in rows]),
        "fully_right_low": low_high[0] if low_high else None,
        "fully_right_high": low_high[1] if low_high else None,
        "fully_right_answerable": metrics.mean([row.judgement.fully_right for row in can]),
        "facts_present": metrics.mean([bool(row.judgement.facts_present) for row in can]),
        "facts_share": metrics.mean([row.judgement.facts_share or 0.0 for row in can]),
        "section_cited": metrics.mean([bool(row.judgement.section_cited) for row in can]),
        "cases_share": metrics.mean([row.judgement.cases_share or 0.0 for row in can]),
        "citation_right_case": _per_citation(to_can, lambda row: row.judgement.citations_of_case),
        "citation_on_evidence": _per_citation(
            [row for row in to_can if row.located], lambda row: row.judgement.citations_on_evidence
        ),
        "quotes_verbatim": _per_citation(rows, lambda row: row.judgement.quotes_verbatim),
        "marker_integrity": metrics.mean([bool(row.judgement.marker_integrity) for row in answers]),
        "numbers_supported": metrics.mean([bool(row.judgement.numbers_supported) for row in answers]),
        "abstention_precision": precision,
        "abstention_recall": recall,
        "coverage": metrics.mean([row.answered for row in can]),
        "declined_at_90": metrics.declined_at_coverage(of_can, of_cannot),
        "auc": metrics.auc(of_can, of_cannot),
        "aurc": metrics.area_under_risk([score for score, _ in of_answers], [ok for _, ok in of_answers]),
        "citations_median": metrics.percentile([row.judgement.citations for row in answers], 50),
        "citations_p95": metrics.percentile([row.judgement.citations for row in answers], 95),
        "characters_median": metrics.percentile([len(row.answer) for row in answers], 50),
        "characters_p95": metrics.percentile([len(row.answer) for row in answers], 95),
        **_latency(rows),
    }


def grouped(rows: Sequence[Row], key: Callable[[Row], str]) -> dict[str, Figures]:
    """Groups in the order of their names."""
    return {name: figures([row for row in rows if key(row) == name]) for name in sorted(set(map(key, rows)))}


def _retrieval(rows: Sequence[Row]) -> Figures:
    """Answerable questions with located evidence only: there is nothing to find for the others."""
    sought = [row.retrieval for row in rows if row.retrieval is not None]
    out: Figures = {"n_retrieval": len(sought)}
    for what, rankings in (
        ("section", [r.sections for r in sought]),
        ("evidence", [r.evidence for r in sought]),
    ):

        def average(metric: Callable[..., float], k: int, rankings: list[Ranking] = rankings) -> float | None:
            return metrics.mean([metric(r.found, frozenset(r.relevant), k) for r in rankings])

        for k in (1, 5, 10):
            out[f"{what}_hit@{k}"] = average(metrics.success, k)
            out[f"{what}_recall@{k}"] = average(metrics.recall, k)
        out[f"{what}_mrr@10"] = average(metrics.reciprocal_rank, 10)
        out[f"{what}_ndcg@10"] = average(metrics.ndcg, 10)
    return out


def _per_citation(rows: Sequence[Row], good: Callable[[Row], int]) -> float | None:
    total = sum(row.judgement.citations for row in rows)
    return sum(map(good, rows)) / total if total else None


def _latency(rows: Sequence[Row]) -> Figures:
    times = [row.timings for row in rows if row.confidence is not None]
    totals = [t.total for t in times]
    return {
        "latency_p50_ms": metrics.percentile(totals, 50),
        "latency_p95_ms": metrics.percentile(totals, 95),
        "embed_mean_ms": metrics.mean([t.embed for t in times]),
        "retrieve_mean_ms": metrics.mean([t.retrieve for t in times]),
        "read_mean_ms": metrics.mean([t.read for t in times]),
        "answer_mean_ms": metrics.mean([t.answer for t in times]),
    }
