"""Trains the default retriever from multilingual-e5-small. Knows ``index``: what is trained is what is built.

python -m eval.train.retriever --out DIR [--minutes 80] [--steps N] [--seed 7]

The same command goes on where it was stopped. DIR holds ``checkpoint.pt``, ``log.jsonl`` and, at the end,
``model/``.
"""

from __future__ import annotations

import argparse
import random
import time
from dataclasses import replace
from itertools import islice
from pathlib import Path

import torch

from eval.questions import load_set
from eval.train import checkpoint
from eval.train.batches import batches, forbidden, hardest
from eval.train.checkpoint import Progress
from eval.train.corpus import DEVELOPMENT_CASES, SHARED, TRAINING_CASES, Cases
from eval.train.encoder import Encoder
from eval.train.export import corpus_texts, prune, wanted_pieces, write_folder
from eval.train.loop import Budget, Log, descend, half_is_faster, optimizer_of, rate_at
from eval.train.loss import RATE, contrastive
from eval.train.pairs import Pair, case_pairs, counts, public_pairs, training_questions, translated_pairs
from eval.train.recall import Figures, measured
from index.packed import read_packed

MINED_AT = (0.45, 0.7)
"""Shares of the training after which the hardest negatives are looked for, each time anew."""
MINED = 8
"""Mined negatives in a batch."""
KEPT = 6
"""Mined negatives of a pair, of which one is taken at random: the very hardest are often right."""

_SAVE_SECONDS = 300.0
_DEVELOPMENT_QUESTIONS = 160


class Training:
    def __init__(self, out: Path, budget: Budget, seed: int) -> None:
        self._out, self._budget, self._seed = out, budget, seed
        self._log = Log(out / "log.jsonl")
        packed = read_packed()
        self._packed = prune(packed, wanted_pieces(packed, *corpus_texts()))
        self._encoder = Encoder(self._packed, seed)
        cases = Cases.read(TRAINING_CASES)
        self._ours = [*case_pairs(cases, training_questions()), *translated_pairs(cases, seed)]
        self._public = list(public_pairs(SHARED / "bench" / "rc"))
        self._texts = list({pair.text: pair for pair in self._ours}.values())
        self._number = {id(pair): number for number, pair in enumerate(self._ours)}
        self._optimizer = optimizer_of(self._encoder.model)
        self._at = Progress()
        self._log(
            event="data",
            vocabulary=len(self._packed.pieces),
            pairs=counts(self._ours),
            texts=len(self._texts),
            public=len(self._public),
        )

    def run(self) -> None:
        path = self._out / "checkpoint.pt"
        self._choose_precision()
        saved = checkpoint.restore(path, self._encoder.model, self._optimizer)
        self._at = saved or self._at
        if saved is None:
            self._log(event="development", progress=0.0, figures=self._development())
        stream = islice(batches(self._ours, self._public, self._seed), self._at.step, None)
        last = time.monotonic()
        while (progress := self._progress()) < 1.0:
            if progress >= (*MINED_AT, 1.0)[self._at.mined]:
                self._at.hard, self._at.mined = self._mined_anew(), self._at.mined + 1
                checkpoint.save(path, self._encoder.model, self._optimizer, self._at)
                self._log(event="development", progress=progress, figures=self._development())
            begun = time.monotonic()
            loss = descend(
                self._encoder.model, self._optimizer, self._loss(next(stream)), rate_at(progress, RATE)
            )
            spent = time.monotonic() - begun
            self._at.step += 1
            self._at.seconds += spent
            self._log(
                step=self._at.step, loss=round(loss, 4), progress=round(progress, 3), seconds=round(spent, 2)
            )
            if time.monotonic() - last > _SAVE_SECONDS:
                checkpoint.save(path, self._encoder.model, self._optimizer, self._at)
                last = time.monotonic()
        checkpoint.save(path, self._encoder.model, self._optimizer, self._at)
        final = replace(self._packed, tensors=self._packed.tensors | self._encoder.tensors())
        size = write_folder(final, self._out / "model")
        self._log(
            event="done", mined=MINED_AT, steps=self._at.step, seconds=round(self._at.seconds), bytes=size
        )

    def _progress(self) -> float:
        return self._budget.spent(self._at.step, self._at.seconds)

    def _loss(self, batch: list[Pair]) -> torch.Tensor:
        passages = [*batch, *self._mined(batch)]
        queries = self._encoder.train("query: ", [pair.question for pair in batch])
        vectors = self._encoder.train("passage: ", [pair.text for pair in passages])
        return contrastive(queries, vectors, forbidden(batch, passages))

    def _mined(self, batch: list[Pair]) -> list[Pair]:
        if self._at.hard is None:
            return []
        chosen = random.Random(f"{self._seed} mined {self._at.step}")
        ours = [pair for pair in batch if id(pair) in self._number]
        rows = [self._at.hard[self._number[id(pair)]] for pair in chosen.sample(ours, min(MINED, len(ours)))]
        return [self._texts[chosen.choice(few)] for few in rows if few]

    def _mined_anew(self) -> list[list[int]]:
        questions = self._encoder.embed("query: ", [pair.question for pair in self._ours])
        vectors = self._encoder.embed("passage: ", [pair.text for pair in self._texts])
        return hardest(self._ours, questions, self._texts, vectors, KEPT)

    def _choose_precision(self) -> None:
        batch = next(batches(self._ours, self._public, self._seed))

        def loss(half: bool) -> torch.Tensor:
            self._encoder.half = half
            return self._loss(batch)

        self._encoder.half = half_is_faster(loss, self._log)
        self._optimizer.zero_grad(set_to_none=True)

    def _development(self) -> Figures:
        """Of some questions, among the passages of the development cases alone: for a glance."""
        asked = [*load_set("zh_dev"), *load_set("en_dev")]
        some = random.Random(self._seed).sample(asked, min(_DEVELOPMENT_QUESTIONS, len(asked)))
        embed = self._encoder.embed
        cases = Cases.read(DEVELOPMENT_CASES)
        return measured(cases, some, lambda t: embed("query: ", t), lambda t: embed("passage: ", t))


def main() -> None:
    parser = argparse.ArgumentParser(description="Trains the default retriever.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=80.0)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    Training(options.out, Budget(options.minutes, options.steps), options.seed).run()


if __name__ == "__main__":
    main()
