"""Trains the reader from the retriever. Knows ``index``: it is trained on what is built.

python -m eval.train.reader --out DIR [--minutes 70] [--steps N] [--seed 7] [--retriever FOLDER]

The same command goes on where it was stopped. DIR holds ``checkpoint.pt`` and ``log.jsonl``;
``python -m eval.train.reader_export DIR FOLDER`` makes the model that is served.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import torch

from eval.metrics import auc
from eval.questions import Question, load_questions, load_set
from eval.train import checkpoint
from eval.train.checkpoint import Progress
from eval.train.corpus import DEVELOPMENT_CASES, SHARED, TRAINING_CASES, Cases
from eval.train.cross_encoder import ReaderModel, as_numbers
from eval.train.examples import Example, Examples, Labelled
from eval.train.loop import Budget, Log, descend, half_is_faster, optimizer_of, rate_at
from eval.train.own_questions import TRAINING, own_questions
from eval.train.public_examples import public_examples
from eval.train.reading_loss import reading_loss
from eval.train.topics import topic_questions
from index.embedding import BUNDLED, load_embedder

RATE = 1.5e-4
LAYERS = 9
"""Of the retriever's twelve, from below: the rest cost a quarter of the time (Sajjad and others 2020 drop as
many at little loss)."""
QUESTIONS = 5
"""Of ours in a step, each with several windows."""
PUBLIC = 3
"""Windows of public sets in a step."""
LOOKS = (0.25, 0.5, 0.75, 1.0)
"""Shares of the training after which the development questions are read."""

_SAVE_SECONDS = 240.0
_DEVELOPMENT_QUESTIONS = 120
_DEVELOPMENT_WINDOWS = 6

Asked = tuple[int, str, Labelled]
"""Number of the question in its step, question, window."""


class Training:
    def __init__(self, out: Path, budget: Budget, seed: int, retriever: Path) -> None:
        self._out, self._budget, self._seed = out, budget, seed
        self._log = Log(out / "log.jsonl")
        embedder = load_embedder(str(retriever), out)
        queries, passages = embedder.embed_queries, embedder.embed_passages
        cases = Cases.read(TRAINING_CASES)
        questions = [
            *training_questions(),
            *own_questions(TRAINING, cases),
            *topic_questions(cases, seed),
        ]
        self._examples = Examples(cases, questions, queries, passages)
        self._public = list(public_examples(SHARED / "bench" / "rc"))
        asked = [*load_set("zh_dev"), *load_set("en_dev")]
        some = random.Random(seed).sample(asked, min(_DEVELOPMENT_QUESTIONS, len(asked)))
        self._development = Examples(Cases.read(DEVELOPMENT_CASES), some, queries, passages)
        self._reader = ReaderModel(retriever, LAYERS, seed)
        self._optimizer = optimizer_of(self._reader.model)
        self._at = Progress()
        self._log(
            event="data",
            retriever=embedder.name,
            examples=Counter(f"{e.language} {'answered' if e.gold else 'not'}" for e in self._examples.all),
            public=len(self._public),
        )

    def run(self) -> None:
        path = self._out / "checkpoint.pt"
        self._choose_precision()
        self._at = checkpoint.restore(path, self._reader.model, self._optimizer) or self._at
        stream = islice(self._steps(), self._at.step, None)
        last = time.monotonic()
        looks = [share for share in LOOKS if share > self._progress()]
        while (progress := self._progress()) < 1.0:
            begun = time.monotonic()
            self._reader.model.train()
            loss = descend(
                self._reader.model, self._optimizer, self._loss(next(stream)), rate_at(progress, RATE)
            )
            spent = time.monotonic() - begun
            self._at.step += 1
            self._at.seconds += spent
            self._log(
                step=self._at.step, loss=round(loss, 4), progress=round(progress, 3), seconds=round(spent, 2)
            )
            if time.monotonic() - last > _SAVE_SECONDS or self._progress() >= 1.0:
                checkpoint.save(path, self._reader.model, self._optimizer, self._at)
                last = time.monotonic()
            if looks and self._progress() >= looks[0]:
                looks.pop(0)
                self._log(event="development", step=self._at.step, figures=self.development())
        self._log(event="done", steps=self._at.step, seconds=round(self._at.seconds))

    def development(self) -> dict[str, float]:
        """For a glance: how often the best sentence of the windows is evidence, and the area under the
        curve of the best sentence's and the best window's log odds, answerable against not."""
        self._reader.model.eval()
        right: list[bool] = []
        best: dict[bool, list[float]] = {True: [], False: []}
        whole: dict[bool, list[float]] = {True: [], False: []}
        with torch.no_grad():
            for example in self._development.all:
                windows = self._development.retrieved(example, _DEVELOPMENT_WINDOWS)
                found, outer = self._reader.scores([(example.question, w.window) for w in windows])
                scored = [
                    (score, label)
                    for scores, window in zip(as_numbers(found), windows, strict=True)
                    for score, label in zip(scores, window.labels, strict=True)
                ]
                answerable = bool(example.gold)
                best[answerable].append(max(score for score, _ in scored))
                whole[answerable].append(max(float(one) for one in outer))
                if answerable:
                    right.append(max(scored)[1] != 0)
        return {
            "best sentence right": round(sum(right) / max(1, len(right)), 3),
            "auc sentence": round(auc(best[True], best[False]) or 0.0, 3),
            "auc window": round(auc(whole[True], whole[False]) or 0.0, 3),
        }

    def _progress(self) -> float:
        return self._budget.spent(self._at.step, self._at.seconds)

    def _loss(self, batch: Sequence[Asked]) -> torch.Tensor:
        sentences, windows = self._reader.scores([(question, w.window) for _, question, w in batch])
        return reading_loss(
            sentences,
            windows,
            [w.labels for _, _, w in batch],
            [w.answered for _, _, w in batch],
            [group for group, _, _ in batch],
        )

    def _choose_precision(self) -> None:
        batch = next(self._steps())

        def loss(half: bool) -> torch.Tensor:
            self._reader.half = half
            return self._loss(batch)

        self._reader.half = half_is_faster(loss, self._log)
        self._optimizer.zero_grad(set_to_none=True)

    def _steps(self) -> Iterator[list[Asked]]:
        """Without end; the same for the same seed. A near-miss stands in the step of its pair."""
        epoch = 0
        while True:
            chosen = random.Random(f"{self._seed} {epoch}")
            epoch += 1
            waiting = _together(self._examples.all, chosen)
            while len(waiting) >= QUESTIONS:
                taken, waiting = waiting[:QUESTIONS], waiting[QUESTIONS:]
                step = [
                    (number, example.question, labelled)
                    for number, example in enumerate(taken)
                    for labelled in self._examples.windows(example, chosen)
                ]
                public = chosen.sample(self._public, PUBLIC)
                step += [(QUESTIONS + n, question, window) for n, (question, window) in enumerate(public)]
                yield step


def training_questions() -> list[Question]:
    """All of the training cases, answerable or not."""
    folder = SHARED / "questions"
    files = [*folder.glob("q_*.jsonl"), *(folder / "pairs").glob("*.jsonl"), *(folder / "en").glob("*.jsonl")]
    return [q for file in sorted(files) for q in load_questions(file) if q.case in TRAINING_CASES]


def _together(examples: Sequence[Example], chosen: random.Random) -> list[Example]:
    """In a random order, but every near-miss behind the question that it differs from."""
    groups: dict[tuple[str, str], list[Example]] = {}
    for example in examples:
        groups.setdefault((example.pair or example.id, example.language), []).append(example)
    order = list(groups.values())
    chosen.shuffle(order)
    return [example for group in order for example in group]


def main() -> None:
    parser = argparse.ArgumentParser(description="Trains the reader.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=70.0)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--retriever", type=Path, default=BUNDLED)
    options = parser.parse_args()
    budget = Budget(options.minutes, options.steps)
    Training(options.out, budget, options.seed, options.retriever).run()


if __name__ == "__main__":
    main()
