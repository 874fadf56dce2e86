"""Fits the two small linear models of ``rag.confidence`` and writes ``rag/weights.py``.

python -m eval.train.weights --on DATA QUESTIONS… [--on …] [--threshold-on DATA QUESTIONS…]

``DATA`` is a data folder whose current snapshot holds the cases that the question files ask about. Fit on
training questions (cases 1-173) and choose the threshold on development questions (174-201); never hand in
a test set. Choosing a sentence is a softmax over all sentences of the retrieved passages; the probability
of being answered is a logistic regression on whether the sentence chosen is evidence.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from eval.evidence import Locator
from eval.questions import Question, load_questions
from index.embedding import load_embedder
from index.store import SnapshotStore
from rag.ask import READ
from rag.confidence import ANSWERED_FEATURES, answered_features
from rag.evidence import FEATURES, Candidate, as_matrix, candidates
from rag.protocols import Collection, Embedder, Vectors
from rag.question import Query, understand
from rag.retrieval import retrieve
from rag.types import Hit, Request

TARGET = Path(__file__).resolve().parents[2] / "rag" / "weights.py"
STEPS = 300
COVERAGE = 0.8
"""Share of the answerable development questions that are answered. Similarity tells answered from
unanswered badly (AUC .6): a stricter threshold declines more right answers than wrong ones."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question with the sentences that were there to choose from."""

    question: Question
    query: Query
    hits: Sequence[Hit]
    found: Sequence[Candidate]
    matrix: Vectors
    evidence: NDArray[np.bool_]
    """One a candidate: whether it overlaps the question's evidence."""
    collection: Collection


def examples(questions: Iterable[Question], collection: Collection, embedder: Embedder) -> list[Example]:
    """Questions that name a section or a case that is not held are answered by rule and left out."""
    locator = Locator(collection)
    made = []
    for question in questions:
        query = understand(Request(question.question), collection)
        if query.missing_cases or (query.wants_sections and query.case_numbers):
            continue
        vector = embedder.embed_queries([query.text])[0]
        hits = retrieve(query, vector, collection, READ)
        found = candidates(query, hits, vector, collection)
        spans = locator.locate(question).spans if question.answerable else ()
        evidence = np.asarray(
            [
                any(
                    span.source_sha256 == c.passage.source_sha256
                    and span.start < c.sentence.end
                    and c.sentence.start < span.end
                    for span in spans
                )
                for c in found
            ],
            dtype=np.bool_,
        )
        if found:
            made.append(Example(question, query, hits, found, as_matrix(found), evidence, collection))
    return made


def fit_choice(made: Sequence[Example]) -> list[float]:
    """Weights of FEATURES, by maximising the softmax share of the evidence among the candidates."""
    useful = [e for e in made if e.evidence.any()]
    matrices = [torch.from_numpy(e.matrix) for e in useful]
    gold = [torch.from_numpy(e.evidence) for e in useful]
    weights = torch.zeros(len(FEATURES), requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        terms = []
        for matrix, right in zip(matrices, gold, strict=True):
            scores = matrix @ weights
            terms.append(torch.logsumexp(scores, 0) - torch.logsumexp(scores[right], 0))
        total = torch.stack(terms).mean() + 1e-4 * weights.square().sum()
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimiser.step(loss)  # type: ignore[no-untyped-call]
    return [round(float(w), 4) for w in weights.detach()]


def fit_answered(made: Sequence[Example], choice: Sequence[float]) -> tuple[list[float], float]:
    """Weights of ANSWERED_FEATURES and the bias."""
    rows, labels = _answered(made, choice)
    scale = np.maximum(rows.std(axis=0), 1e-3)
    model = LogisticRegression(C=1.0, max_iter=2000).fit(rows / scale, labels)
    weights = [round(float(w), 4) for w in model.coef_[0] / scale]
    return weights, round(float(model.intercept_[0]), 4)


def _answered(
    made: Sequence[Example], choice: Sequence[float]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    rows, labels = [], []
    for e in made:
        scores = (e.matrix @ np.asarray(choice, dtype=np.float32)).tolist()
        rows.append(answered_features(e.query, e.found, scores, e.hits, e.collection))
        labels.append(bool(e.evidence[int(np.argmax(scores))]))
    return np.asarray(rows), np.asarray(labels)


def thresholds_at(
    made: Sequence[Example],
    choice: Sequence[float],
    weights: Sequence[float],
    bias: float,
    coverage: float = COVERAGE,
) -> dict[str, float]:
    """For each language of question, the probability that ``coverage`` of its answerable questions
    reach. Those across languages are left out: the passage is seldom found for them, and they would
    pull the threshold down for all."""
    rows, _ = _answered(made, choice)
    probability = 1.0 / (1.0 + np.exp(-(rows @ np.asarray(weights) + bias)))
    found = {}
    for language in ("en", "zh"):
        of_it = [e.question.answerable and e.question.lang == e.question.edition == language for e in made]
        found[language] = round(float(np.quantile(probability[np.asarray(of_it)], 1.0 - coverage)), 4)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m eval.train.weights", description=__doc__)
    parser.add_argument("--on", nargs="+", action="append", required=True, metavar="DATA QUESTIONS")
    parser.add_argument("--threshold-on", nargs="+", action="append", required=True)
    parser.add_argument("--model", help="as JIANLI_EMBEDDING_MODEL")
    parser.add_argument("--models", type=Path, default=Path("data/models"))
    arguments = parser.parse_args()
    embedder = load_embedder(arguments.model, arguments.models)
    made = _all(arguments.on, embedder)
    choice = fit_choice(made)
    weights, bias = fit_answered(made, choice)
    thresholds = thresholds_at(_all(arguments.threshold_on, embedder), choice, weights, bias)
    TARGET.write_text(_module(embedder.name, len(made), choice, weights, bias, thresholds), encoding="utf-8")
    print(TARGET.read_text(encoding="utf-8"))


def _all(groups: Sequence[Sequence[str]], embedder: Embedder) -> list[Example]:
    made: list[Example] = []
    for data, *files in groups:
        collection = SnapshotStore(Path(data)).open_current().snapshot
        for file in files:
            made += examples(load_questions(Path(file)), collection, embedder)
    return made


def _module(
    name: str,
    count: int,
    choice: Sequence[float],
    weights: Sequence[float],
    bias: float,
    thresholds: dict[str, float],
) -> str:
    def rows(features: Sequence[str], values: Sequence[float]) -> str:
        return "".join(
            f"    {value},  # {feature}\n" for feature, value in zip(features, values, strict=True)
        )

    return (
        f'"""Made by ``python -m eval.train.weights``, do not edit: {count} questions.\n\n{name}\n"""\n\n'
        f"SENTENCE = (\n{rows(FEATURES, choice)})\n"
        f"ANSWERED = (\n{rows(ANSWERED_FEATURES, weights)})\n"
        f"ANSWERED_BIAS = {bias}\nTHRESHOLDS = {repr(thresholds).replace(chr(39), chr(34))}\n"
    )


if __name__ == "__main__":
    main()
