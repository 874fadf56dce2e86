"""What each part of retrieval finds by itself: BM25, embeddings, and the two fused.

python -m eval.train.ablation DATA SET… [--model MODEL]

``DATA``: a data folder whose snapshot MODEL (as JIANLI_EMBEDDING_MODEL) made; ``SET``: question sets or
files of questions.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from eval.evidence import Locator
from eval.questions import Question, load_set
from index.embedding import load_embedder
from index.store import SnapshotStore
from rag.protocols import Collection, Embedder
from rag.question import understand
from rag.retrieval import retrieve, with_aliases
from rag.types import Request

DEPTHS = (1, 5, 10)
Figures = dict[str, dict[str, float]]


def ablation(questions: Sequence[Question], collection: Collection, embedder: Embedder) -> Figures:
    """By "signal, crossing" ("bm25, en-zh": an English question on a Chinese text): the share of the
    answerable questions with a passage of the evidence among the first, and their number."""
    locator = Locator(collection)
    total: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for question in questions:
        wanted = set(locator.locate(question).passages) if question.answerable else set()
        if not wanted:
            continue
        for signal, rows in _ranked(question, collection, embedder).items():
            sums = total[f"{signal}, {question.lang}-{question.edition}"]
            sums["n"] += 1
            for depth in DEPTHS:
                sums[f"evidence@{depth}"] += not wanted.isdisjoint(rows[:depth])
    return {
        name: {key: value if key == "n" else round(value / sums["n"], 3) for key, value in sums.items()}
        for name, sums in sorted(total.items())
    }


def _ranked(question: Question, collection: Collection, embedder: Embedder) -> dict[str, list[int]]:
    query = understand(Request(question.question), collection)
    vector = embedder.embed_queries([query.text])[0]
    allowed, deepest = collection.rows(query.filters), max(DEPTHS)
    lexical, _ = collection.lexical.search(with_aliases(query.text, collection), deepest, allowed)
    dense, _ = collection.dense.search(vector, deepest, allowed)
    fused = retrieve(query, vector, collection, deepest)
    return {"bm25": lexical.tolist(), "dense": dense.tolist(), "fused": [hit.row for hit in fused]}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m eval.train.ablation", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("sets", nargs="+")
    parser.add_argument("--model", help="as JIANLI_EMBEDDING_MODEL")
    arguments = parser.parse_args()
    embedder = load_embedder(arguments.model, arguments.data / "models")
    collection = SnapshotStore(arguments.data).open_current().snapshot
    collection.check_embedder(embedder)
    questions = [question for name in arguments.sets for question in load_set(name)]
    print(json.dumps(ablation(questions, collection, embedder), indent=1))


if __name__ == "__main__":
    main()
