"""How often a model's nearest passages hold the evidence: the dense half of retrieval, by itself.

python -m eval.train.recall MODEL > FIGURES.json

``MODEL``: a sentence-transformers folder. Development questions only: of the Chinese cases among the Chinese
passages of cases 1-227, of the English editions among all English passages.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from eval.questions import Question, load_set
from eval.train.corpus import Cases
from index.embedding import load_embedder
from index.passages import embedded
from rag.protocols import Vectors
from rag.types import Language

Embed = Callable[[Sequence[str]], Vectors]
Figures = dict[str, dict[str, float]]
DEPTHS = (1, 5, 10)


def measured(cases: Cases, questions: Sequence[Question], queries: Embed, passages: Embed) -> Figures:
    """By crossing ("en-zh": an English question on a Chinese text): the share of the answerable questions
    with a passage of the evidence, or of its section, among the first."""
    figures: Figures = {}
    for language in ("zh", "en"):
        asked = [q for q in questions if q.answerable and q.edition == language]
        rows = [row for row, passage in enumerate(cases.passages) if passage.language == language]
        if asked and rows:
            texts = [embedded(cases.passages[row].context, cases.passages[row].text) for row in rows]
            scores = queries([q.question for q in asked]) @ passages(texts).T
            figures |= _ranked(cases, asked, rows, scores, language)
    return figures


def _ranked(
    cases: Cases, asked: Sequence[Question], rows: Sequence[int], scores: Vectors, language: Language
) -> Figures:
    total: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for question, line in zip(asked, scores, strict=True):
        wanted = {
            row
            for case in question.cases
            if case is not None
            for piece in question.evidence
            for place in cases.places(case, language, piece)
            for row in place.rows
        }
        if not wanted:
            continue
        sections = {_section(cases, row) for row in wanted}
        order = [rows[i] for i in np.argsort(-line)[: max(DEPTHS)]]
        sums = total[f"{question.lang}-{language}"]
        sums["n"] += 1
        first = next((rank for rank, row in enumerate(order, 1) if row in wanted), None)
        sums["mrr@10"] += 1 / first if first else 0.0
        for depth in DEPTHS:
            sums[f"evidence@{depth}"] += any(row in wanted for row in order[:depth])
            sums[f"section@{depth}"] += any(_section(cases, row) in sections for row in order[:depth])
    return {
        crossing: {
            name: value if name == "n" else round(value / sums["n"], 3) for name, value in sums.items()
        }
        for crossing, sums in total.items()
    }


def _section(cases: Cases, row: int) -> tuple[int | None, str]:
    return cases.passages[row].case_number, cases.passages[row].section


def main() -> None:
    embedder = load_embedder(sys.argv[1], Path())
    questions = [*load_set("zh_dev"), *load_set("en_dev")]
    cases = Cases.read(range(1, 228))
    figures = measured(cases, questions, embedder.embed_queries, embedder.embed_passages)
    print(json.dumps({"model": embedder.name, "figures": figures}, indent=1))


if __name__ == "__main__":
    main()
