"""Trains the default retriever from multilingual-e5-small. Knows ``index``: what is trained is what is built.

python -m eval.train.retriever --out DIR [--minutes 36] [--steps N] [--seed 7]

The same command goes on where it was stopped. DIR holds ``checkpoint.pt``, ``log.jsonl`` and, at the end,
``model/``. The learning rate falls with the time spent, so that a busy machine trains less, not longer;
with ``--steps`` it falls with the steps.
"""

from __future__ import annotations

import argparse
import json
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
from eval.train.loss import RATE, contrastive, rate_at
from eval.train.pairs import Pair, case_pairs, counts, public_pairs, training_questions, translated_pairs
from eval.train.recall import Figures, measured
from index.packed import read_packed

MINED_FROM = 0.45
"""Share of the training after which the hardest negatives are looked for, once."""
MINED = 8
"""Mined negatives in a batch."""
KEPT = 6
"""Mined negatives of a pair, of which one is taken at random: the very hardest are often right."""

_SAVE_SECONDS = 300.0
_DEVELOPMENT_QUESTIONS = 160


class Training:
    def __init__(self, out: Path, minutes: float, steps: int | None, seed: int) -> None:
        self._out, self._minutes, self._steps, self._seed = out, minutes, steps, seed
        out.mkdir(parents=True, exist_ok=True)
        packed = read_packed()
        self._packed = prune(packed, wanted_pieces(packed, *corpus_texts()))
        self._encoder = Encoder(self._packed, seed)
        cases = Cases.read(TRAINING_CASES)
        self._ours = [*case_pairs(cases, training_questions()), *translated_pairs(cases, seed)]
        self._public = list(public_pairs(SHARED / "bench" / "rc"))
        self._texts = list({pair.text: pair for pair in self._ours}.values())
        self._number = {id(pair): number for number, pair in enumerate(self._ours)}
        self._optimizer = _optimizer(self._encoder.model)
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
            if progress >= MINED_FROM and self._at.hard is None:
                self._at.hard = self._mined_anew()
                checkpoint.save(path, self._encoder.model, self._optimizer, self._at)
                self._log(event="development", progress=progress, figures=self._development())
            begun = time.monotonic()
            loss = self._step(next(stream), rate_at(progress))
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
        self._log(event="done", steps=self._at.step, seconds=round(self._at.seconds), bytes=size)

    def _progress(self) -> float:
        return self._at.step / self._steps if self._steps else self._at.seconds / (60 * self._minutes)

    def _step(self, batch: list[Pair], rate: float) -> float:
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        loss = self._loss(batch)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._encoder.model.parameters(), 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        return loss.item()

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
        """bfloat16 is faster only where the processor has instructions for it: both are timed."""
        batch = next(batches(self._ours, self._public, self._seed))
        spent = {}
        for half in (True, False):
            self._encoder.half = half
            times = []
            for _ in range(2):
                begun = time.monotonic()
                self._loss(batch).backward()  # type: ignore[no-untyped-call]
                times.append(time.monotonic() - begun)
            spent[half] = min(times)
        self._optimizer.zero_grad(set_to_none=True)
        self._encoder.half = spent[True] < spent[False]
        self._log(event="precision", bfloat16=round(spent[True], 2), float32=round(spent[False], 2))

    def _development(self) -> Figures:
        """Of some questions, among the passages of the development cases alone: for a glance."""
        asked = [*load_set("zh_dev"), *load_set("en_dev")]
        some = random.Random(self._seed).sample(asked, min(_DEVELOPMENT_QUESTIONS, len(asked)))
        embed = self._encoder.embed
        cases = Cases.read(DEVELOPMENT_CASES)
        return measured(cases, some, lambda t: embed("query: ", t), lambda t: embed("passage: ", t))

    def _log(self, **line: object) -> None:
        with (self._out / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def _optimizer(model: torch.nn.Module) -> torch.optim.Optimizer:
    """Biases and the weights of LayerNorm do not decay."""
    weights = [p for p in model.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in weights if p.ndim > 1], "weight_decay": 0.01},
        {"params": [p for p in weights if p.ndim == 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=RATE)


def main() -> None:
    parser = argparse.ArgumentParser(description="Trains the default retriever.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=36.0)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    Training(options.out, options.minutes, options.steps, options.seed).run()


if __name__ == "__main__":
    main()
