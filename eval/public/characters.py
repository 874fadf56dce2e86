"""Precision and recall in characters, as LegalBench-RAG defines them (Pipitone and Alami 2024)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from eval import metrics
from eval.evidence import Span
from eval.figures import Figures
from eval.public.gold import common, gold_spans
from eval.public.outcome import Search
from eval.public.public_set import PublicSet
from rag.errors import JianliError
from rag.protocols import Collection, Progress
from rag.types import Request

DEPTHS = (1, 2, 4, 8, 16, 32, 64)
"""The paper's k: numbers of chunks retrieved."""
MEAN = "mean"
"""Name of the mean over the benchmarks, each with the same weight, as in the authors' ``benchmark.py``."""


def precision_recall(retrieved: Sequence[Span], gold: Sequence[Span]) -> tuple[float, float]:
    """precision = Σ |r ∩ g| / Σ |r| and recall = Σ |r ∩ g| / Σ |g|, in characters, r a retrieved span and g a
    gold one, the numerator over all pairs; 0 where nothing is retrieved (arXiv 2408.10343, and the authors'
    ``run_benchmark.py``). The spans of each side share no character, as passages of one collection do not."""
    shared = sum(common(g, r) for r in retrieved for g in gold)
    of_retrieved = sum(r.end - r.start for r in retrieved)
    return shared / of_retrieved if of_retrieved else 0.0, shared / sum(g.end - g.start for g in gold)


def retrieval_figures(
    public: PublicSet, collection: Collection, search: Search, progress: Progress | None = None
) -> dict[str, Figures]:
    """By benchmark, and MEAN where there are several. ``precision@k`` and ``recall@k`` are means over the
    questions, in 0..1; fewer than k passages count as they are. A question whose search failed found none."""
    sha256 = {text.id: text.sha256 for text in public.texts}
    rows: defaultdict[str, list[dict[str, float]]] = defaultdict(list)
    times: defaultdict[str, list[float]] = defaultdict(list)
    for done, question in enumerate(public.questions, 1):
        gold = gold_spans(question, sha256)
        retrieved: list[Span] = []
        row = {"errors": 0.0}
        try:
            result = search(Request(question.text, top_k=DEPTHS[-1]), collection)
            retrieved = [Span(h.passage.source_sha256, h.passage.start, h.passage.end) for h in result.hits]
            times[question.group].append(result.timings.total)
        except JianliError:
            row["errors"] = 1.0
        for k in DEPTHS:
            row[f"precision@{k}"], row[f"recall@{k}"] = precision_recall(retrieved[:k], gold)
        rows[question.group].append(row)
        if progress:
            progress(done, len(public.questions))
    groups = {name: _figures(rows[name], times[name]) for name in sorted(rows)}
    return groups | ({MEAN: _mean(list(groups.values()))} if len(groups) > 1 else {})


def _figures(rows: Sequence[dict[str, float]], times: Sequence[float]) -> Figures:
    names = [f"{what}@{k}" for what in ("precision", "recall") for k in DEPTHS]
    return {
        "n": len(rows),
        "errors": sum(row["errors"] for row in rows),
        **{name: metrics.mean([row[name] for row in rows]) for name in names},
        "latency_p50_ms": metrics.percentile(times, 50),
        "latency_p95_ms": metrics.percentile(times, 95),
    }


def _mean(groups: Sequence[Figures]) -> Figures:
    mean: Figures = {name: sum(group[name] or 0 for group in groups) for name in ("n", "errors")}
    for name in groups[0]:
        if "@" in name:
            mean[name] = metrics.mean([value for group in groups if (value := group[name]) is not None])
    return mean
