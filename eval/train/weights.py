"""Fits the two small linear models of ``rag.confidence`` and writes ``rag/weights.py``.

python -m eval.train.weights --on DATA QUESTIONS… [--on …]

``DATA`` is a data folder whose current snapshot holds the cases that the question files ask about. Hand in
development questions (cases 174-201): the reader knows the training questions too well to be weighed on
them. Never hand in a test set. Choosing a sentence is a softmax over all sentences of the passages read; the
probability of being answered is a logistic regression on whether the sentence chosen is evidence. It is
made twice: with the reader and without.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from eval.evidence import Locator
from eval.questions import Question, load_questions
from index.cross_encoder import load_reader
from index.embedding import load_embedder
from index.store import SnapshotStore
from rag.ask import READ
from rag.confidence import ANSWERED_FEATURES, READ_ANSWERED_FEATURES, answered_features
from rag.evidence import FEATURES, READ_FEATURES, Candidate, as_matrix, candidates, windows
from rag.linear import Weights
from rag.protocols import Collection, Embedder, Reader, Vectors
from rag.question import Query, understand
from rag.retrieval import retrieve
from rag.types import Hit, Request

TARGET = Path(__file__).resolve().parents[2] / "rag" / "weights.py"
STEPS = 300
FOLDS = 7
SENTENCE_DECAY = 2e-4
ANSWERED_DECAY = 1.0
"""Of the L2 penalty, over standardised features."""
SPEAKS_AGAINST = {"unsupported_figures", "unsupported_names"}
EITHER = {"english_on_english", "across_languages"}
"""All other features speak for an answer. Near-misses share their words with the text, so that some hundred
questions alone would teach that shared words speak against one."""
FALSE_ANSWERS = 0.35
"""Share of the unanswerable development questions that may be answered: sets the threshold."""


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


def examples(
    questions: Iterable[Question], collection: Collection, embedder: Embedder, reader: Reader | None
) -> list[Example]:
    """Questions that name a section or a case that is not held are answered by rule and left out."""
    locator = Locator(collection)
    made = []
    for question in questions:
        query = understand(Request(question.question), collection)
        if query.missing_cases or (query.wants_sections and query.case_numbers):
            continue
        vector = embedder.embed_queries([query.text])[0]
        hits = retrieve(query, vector, collection, READ)
        readings = reader.read(query.text, windows(hits, collection)) if reader else None
        found = candidates(query, hits, vector, collection, readings)
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


def fit_choice(made: Sequence[Example]) -> tuple[float, ...]:
    """Weights of the features, by maximising the softmax share of the evidence among the candidates."""
    useful = [e for e in made if e.evidence.any()]
    matrices = [torch.from_numpy(e.matrix) for e in useful]
    gold = [torch.from_numpy(e.evidence) for e in useful]
    weights = torch.zeros(made[0].matrix.shape[1], requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        terms = []
        for matrix, right in zip(matrices, gold, strict=True):
            scores = matrix @ weights
            terms.append(torch.logsumexp(scores, 0) - torch.logsumexp(scores[right], 0))
        total = torch.stack(terms).mean() + SENTENCE_DECAY * weights.square().sum()
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimiser.step(loss)  # type: ignore[no-untyped-call]
    return tuple(round(float(w), 4) for w in weights.detach())


def fit_answered(rows: NDArray[np.float64], labels: NDArray[np.bool_]) -> tuple[tuple[float, ...], float]:
    """Weights of the features of being answered, and the bias: a logistic regression with an L2 penalty over
    standardised features, none of them with the wrong sign (SPEAKS_AGAINST, EITHER)."""
    scale = np.maximum(rows.std(axis=0), 1e-3)
    known = np.hstack([rows / scale, np.ones((len(rows), 1))])
    right = labels.astype(np.float64)
    decay = np.append(np.full(rows.shape[1], ANSWERED_DECAY), 0.0)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        odds = known @ weights
        slope = known.T @ (1.0 / (1.0 + np.exp(-odds)) - right) + decay * weights
        total = (np.logaddexp(0.0, odds) - right * odds).sum() + 0.5 * (decay * weights**2).sum()
        return float(total), slope

    names = READ_ANSWERED_FEATURES[: rows.shape[1]]
    bounds = [
        (None, 0) if name in SPEAKS_AGAINST else (None, None) if name in EITHER else (0, None)
        for name in names
    ]
    start = np.zeros(known.shape[1])
    found = minimize(loss, start, jac=True, bounds=[*bounds, (None, None)], method="L-BFGS-B").x
    weights = tuple(round(float(w), 4) for w in found[:-1] / scale)
    return weights, round(float(found[-1]), 4)


def answered(
    made: Sequence[Example], choice: Sequence[float]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Features, and whether the sentence chosen is evidence."""
    rows, labels = [], []
    for e in made:
        scores = (e.matrix @ np.asarray(choice, dtype=np.float32)).tolist()
        rows.append(answered_features(e.query, e.found, scores, e.hits, e.collection))
        labels.append(bool(e.evidence[int(np.argmax(scores))]))
    return np.asarray(rows), np.asarray(labels)


def fit(made: Sequence[Example]) -> tuple[Weights, dict[str, float]]:
    """The weights, and what was measured across folds of cases: the probabilities that set the threshold are
    of questions on cases that the weights had not seen."""
    cases = np.asarray([e.question.case or 0 for e in made])
    unseen = np.zeros(len(made))
    best = np.zeros(len(made), dtype=np.bool_)
    for seen, held in GroupKFold(FOLDS).split(cases, groups=cases):
        choice = fit_choice([made[i] for i in seen])
        weights, bias = fit_answered(*answered([made[i] for i in seen], choice))
        rows, labels = answered([made[i] for i in held], choice)
        unseen[held] = 1.0 / (1.0 + np.exp(-(rows @ np.asarray(weights) + bias)))
        best[held] = labels
    answerable = np.asarray([e.question.answerable for e in made])
    threshold = round(float(np.quantile(unseen[~answerable], 1.0 - FALSE_ANSWERS)), 4)
    choice = fit_choice(made)
    weights, bias = fit_answered(*answered(made, choice))
    figures = {
        "questions": len(made),
        "best sentence right": round(float(best[answerable].mean()), 3),
        "auc answerable": round(float(roc_auc_score(answerable, unseen)), 3),
        "answered": round(float((unseen[answerable] >= threshold).mean()), 3),
    }
    return Weights(choice, weights, bias, threshold), figures


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m eval.train.weights", description=__doc__)
    parser.add_argument("--on", nargs="+", action="append", required=True, metavar="DATA QUESTIONS")
    parser.add_argument("--model", help="as JIANLI_EMBEDDING_MODEL")
    parser.add_argument("--models", type=Path, default=Path("data/models"))
    arguments = parser.parse_args()
    embedder, reader = load_embedder(arguments.model, arguments.models), load_reader()
    with_reader, read = fit(_all(arguments.on, lambda asked, of: examples(asked, of, embedder, reader)))
    without, plain = fit(_all(arguments.on, lambda asked, of: examples(asked, of, embedder, None)))
    text = f"{embedder.name}, {reader.name}\nwith the reader: {read}\nwithout: {plain}"
    TARGET.write_text(_module(text, with_reader, without), encoding="utf-8")
    print(text)


def _all(
    groups: Sequence[Sequence[str]], made_of: Callable[[Iterable[Question], Collection], list[Example]]
) -> list[Example]:
    made: list[Example] = []
    for data, *files in groups:
        collection = SnapshotStore(Path(data)).open_current().snapshot
        for file in files:
            made += made_of(load_questions(Path(file)), collection)
    return made


def _module(text: str, with_reader: Weights, without: Weights) -> str:
    def rows(features: Sequence[str], values: Sequence[float]) -> str:
        lines = "".join(f"        {v},  # {name}\n" for name, v in zip(features, values, strict=True))
        return f"(\n{lines}    )"

    def one(name: str, weights: Weights, sentence: Sequence[str], about: Sequence[str]) -> str:
        return (
            f"{name} = Weights(\n    sentence={rows(sentence, weights.sentence)},\n"
            f"    answered={rows(about, weights.answered)},\n"
            f"    bias={weights.bias},\n    threshold={weights.threshold},\n)\n"
        )

    return (
        f'"""Made by ``python -m eval.train.weights``, do not edit.\n\n{text}\n"""\n\n'
        "from rag.linear import Weights\n\n"
        + one("WITH_READER", with_reader, READ_FEATURES, READ_ANSWERED_FEATURES)
        + one("WITHOUT_READER", without, FEATURES, ANSWERED_FEATURES)
    )


if __name__ == "__main__":
    main()
