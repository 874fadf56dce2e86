"""Question to answer against embedding the question and one raw FAISS search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

import faiss
import numpy as np

from index.snapshot import Snapshot
from rag.ask import ask
from rag.protocols import Embedder, Reader
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


def measure(
    snapshot: Snapshot, embedder: Embedder, reader: Reader | None, questions: Sequence[str]
) -> Answering:
    """Every question once, both ways in turn, so that a slow moment hits both and nothing kept from an
    earlier answer to the same question helps. The first tenth only warms up."""
    vectors = snapshot.dense.vectors()
    raw = faiss.IndexFlatIP(vectors.shape[1])
    raw.add(vectors)
    faiss.omp_set_num_threads(1)
    whole: list[float] = []
    bare: list[float] = []
    for number, question in enumerate(questions):
        started = perf_counter()
        raw.search(embedder.embed_queries([question]), 10)
        searched = perf_counter() - started
        started = perf_counter()
        ask(Request(question), snapshot, embedder, reader)
        asked = perf_counter() - started
        if number >= len(questions) // 10:
            whole.append(1e3 * asked)
            bare.append(1e3 * searched)
    differences = [a - b for a, b in zip(whole, bare, strict=True)]
    return Answering(
        questions=len(whole),
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
