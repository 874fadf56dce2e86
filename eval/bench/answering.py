"""Question to answer against embedding the question and one raw FAISS search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

import faiss
import numpy as np

from index.snapshot import Snapshot
from rag.ask import ask
from rag.protocols import Embedder
from rag.types import Request


@dataclass(frozen=True, slots=True)
class Answering:
    """Milliseconds, warm, one question at a time; medians over the questions."""

    questions: int
    passages: int
    ask_p50: float
    ask_p95: float
    raw_p50: float
    """Embedding the question and one FAISS search for ten passages."""
    overhead_p50: float
    """Median over the questions of the question's own difference."""
    overhead_p95: float
    ratio: float


def measure(snapshot: Snapshot, embedder: Embedder, questions: Sequence[str], repeats: int = 3) -> Answering:
    """Every question both ways in turn, so that a slow moment hits both; the quickest of ``repeats``."""
    vectors = snapshot.dense.vectors()
    raw = faiss.IndexFlatIP(vectors.shape[1])
    raw.add(vectors)
    whole: list[float] = []
    bare: list[float] = []
    for question in questions:
        request = Request(question)
        ask(request, snapshot, embedder)
        asked, searched = [], []
        for _ in range(repeats):
            started = perf_counter()
            ask(request, snapshot, embedder)
            asked.append(perf_counter() - started)
            started = perf_counter()
            raw.search(embedder.embed_queries([question]), 10)
            searched.append(perf_counter() - started)
        whole.append(1e3 * min(asked))
        bare.append(1e3 * min(searched))
    differences = [a - b for a, b in zip(whole, bare, strict=True)]
    return Answering(
        questions=len(questions),
        passages=len(snapshot.passages),
        ask_p50=_percentile(whole, 50),
        ask_p95=_percentile(whole, 95),
        raw_p50=_percentile(bare, 50),
        overhead_p50=_percentile(differences, 50),
        overhead_p95=_percentile(differences, 95),
        ratio=_percentile(whole, 50) / _percentile(bare, 50),
    )


def _percentile(values: Sequence[float], percent: float) -> float:
    return float(np.percentile(np.asarray(values), percent))
