"""Trains the default retriever from multilingual-e5-small. Knows ``index``: what is trained is what is built.

python -m eval.train.retriever --out DIR [--minutes 38] [--steps N] [--seed 7]

The same command goes on where it was stopped. DIR holds ``checkpoint.pt``, ``log.jsonl`` and, at the end,
``model/``. The learning rate falls with the time spent, so that a busy machine trains less, not longer;
``--steps`` makes it fall with the steps, which repeats a run exactly.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from numpy.typing import NDArray

from eval.questions import load_set
from eval.train.batches import batches, forbidden, hardest
from eval.train.card import card
from eval.train.corpus import DEVELOPMENT_CASES, SHARED, TRAINING_CASES, Cases
from eval.train.encoder import Encoder
from eval.train.export import corpus_texts, prune, wanted_pieces, write_folder
from eval.train.pairs import Pair, case_pairs, counts, public_pairs, training_questions, translated_pairs
from eval.train.recall import Figures, measured
from index.packed import read_packed

RATE = 8e-5
WARMUP = 0.06
TEMPERATURE = 0.02
MINED_FROM = 0.45
"""Share of the training after which the hardest negatives are looked for, once."""
MINED = 8
"""Mined negatives in a batch."""
_EVERY_SECONDS = 300.0
_DEVELOPMENT_QUESTIONS = 160


@dataclass(slots=True)
class Progress:
    """What a checkpoint holds beside the weights."""

    step: int = 0
    seconds: float = 0.0
    hard: list[list[int]] | None = None


class Training:
    def __init__(self, out: Path, minutes: float, steps: int | None, seed: int) -> None:
        self.out, self.minutes, self.steps, self.seed = out, minutes, steps, seed
        out.mkdir(parents=True, exist_ok=True)
        packed = read_packed()
        self.packed = prune(packed, wanted_pieces(packed, *corpus_texts()))
        self.encoder = Encoder(self.packed, seed)
        cases = Cases.read(TRAINING_CASES)
        self.ours = [*case_pairs(cases, training_questions()), *translated_pairs(cases, seed)]
        self.public = list(public_pairs(SHARED / "bench" / "rc"))
        self.texts = list({pair.text: pair for pair in self.ours}.values())
        self.number = {id(pair): number for number, pair in enumerate(self.ours)}
        self.log(event="data", vocabulary=len(self.packed.pieces), pairs=counts(self.ours), texts=len(self.texts),
                 public=len(self.public))
        weights = [p for p in self.encoder.model.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(
            [
                {"params": [p for p in weights if p.ndim > 1], "weight_decay": 0.01},
                {"params": [p for p in weights if p.ndim == 1], "weight_decay": 0.0},
            ],
            lr=RATE,
        )
        self.at = Progress()

    def run(self) -> None:
        saved = self._restore()
        stream = islice(batches(self.ours, self.public, self.seed), self.at.step, None)
        self._choose_precision()
        if not saved:
            self.log(event="development", progress=0.0, figures=self._development())
        last = time.monotonic()
        while (progress := self._progress()) < 1.0:
            begun = time.monotonic()
            if progress >= MINED_FROM and self.at.hard is None:
                self._mine()
                self.log(event="development", progress=progress, figures=self._development())
            loss = self._step(next(stream), progress)
            self.at.step += 1
            self.at.seconds += time.monotonic() - begun
            self.log(step=self.at.step, loss=round(loss, 4), progress=round(progress, 3),
                     seconds=round(time.monotonic() - begun, 2))
            if time.monotonic() - last > _EVERY_SECONDS:
                self._save()
                last = time.monotonic()
        self._save()
        final = replace(self.packed, tensors=self.packed.tensors | self.encoder.tensors())
        size = write_folder(final, self.out / "model", card("not measured yet"))
        self.log(event="done", steps=self.at.step, seconds=round(self.at.seconds), bytes=size)

    def _progress(self) -> float:
        if self.steps:
            return self.at.step / self.steps
        return self.at.seconds / (60 * self.minutes)

    def _step(self, batch: list[Pair], progress: float) -> float:
        rate = min(1.0, progress / WARMUP + 0.02) * min(1.0, (1.0 - progress) / (1.0 - WARMUP) + 0.01)
        for group in self.optimizer.param_groups:
            group["lr"] = RATE * rate
        loss = self._loss(batch)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.encoder.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        return float(loss)

    def _loss(self, batch: list[Pair]) -> torch.Tensor:
        passages = [*batch, *self._mined(batch)]
        queries = self.encoder.train("query: ", [pair.question for pair in batch])
        vectors = self.encoder.train("passage: ", [pair.text for pair in passages])
        return contrastive(queries, vectors, forbidden(batch, passages))

    def _mined(self, batch: list[Pair]) -> list[Pair]:
        if self.at.hard is None:
            return []
        chosen = random.Random(f"{self.seed} mined {self.at.step}")
        ours = [pair for pair in batch if id(pair) in self.number]
        rows = [self.at.hard[self.number[id(pair)]] for pair in chosen.sample(ours, min(MINED, len(ours)))]
        return [self.texts[chosen.choice(few)] for few in rows if few]

    def _mine(self) -> None:
        questions = self.encoder.embed("query: ", [pair.question for pair in self.ours])
        vectors = self.encoder.embed("passage: ", [pair.text for pair in self.texts])
        self.at.hard = hardest(self.ours, questions, self.texts, vectors, keep=6)

    def _choose_precision(self) -> None:
        """bfloat16 is faster only where the processor has instructions for it: both are timed."""
        batch = next(batches(self.ours, self.public, self.seed))
        spent = {}
        for half in (True, False):
            self.encoder.half = half
            times = []
            for _ in range(2):
                begun = time.monotonic()
                self._loss(batch).backward()  # type: ignore[no-untyped-call]
                times.append(time.monotonic() - begun)
            spent[half] = min(times)
        self.optimizer.zero_grad(set_to_none=True)
        self.encoder.half = spent[True] < spent[False]
        self.log(event="precision", bfloat16=round(spent[True], 2), float32=round(spent[False], 2))

    def _development(self) -> Figures:
        cases = Cases.read(DEVELOPMENT_CASES)
        asked = [*load_set("zh_dev"), *load_set("en_dev")]
        asked = random.Random(self.seed).sample(asked, min(_DEVELOPMENT_QUESTIONS, len(asked)))
        embed = self.encoder.embed
        return measured(cases, asked, lambda t: embed("query: ", t), lambda t: embed("passage: ", t))

    def _save(self) -> None:
        path = self.out / "checkpoint.pt"
        torch.save(
            {
                "model": self.encoder.model.state_dict(),
                "optimizer": self.optimizer.state_dict(),
                "random": torch.get_rng_state(),
                "step": self.at.step,
                "seconds": self.at.seconds,
                "hard": self.at.hard,
            },
            path.with_suffix(".part"),
        )
        os.replace(path.with_suffix(".part"), path)

    def _restore(self) -> bool:
        path = self.out / "checkpoint.pt"
        if not path.exists():
            return False
        held: dict[str, Any] = torch.load(path)
        self.encoder.model.load_state_dict(held["model"])
        self.optimizer.load_state_dict(held["optimizer"])
        torch.set_rng_state(held["random"])
        self.at = Progress(held["step"], held["seconds"], held["hard"])
        return True

    def log(self, **line: object) -> None:
        with (self.out / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def contrastive(queries: torch.Tensor, passages: torch.Tensor, masked: NDArray[Any]) -> torch.Tensor:
    """Cross-entropy of every question over the passages and of every question's passage over the questions.

    ``queries`` (n, d) and ``passages`` (n + extra, d), unit rows; the first n passages answer the n
    questions. ``masked`` (n, n + extra): pairs that are neither positive nor negative.
    """
    scores = (queries @ passages.T / TEMPERATURE).masked_fill(torch.from_numpy(masked), -1e4)
    right = torch.arange(len(queries))
    back = scores[:, : len(queries)].T
    return (
        torch.nn.functional.cross_entropy(scores, right) + torch.nn.functional.cross_entropy(back, right)
    ) / 2


def main() -> None:
    parser = argparse.ArgumentParser(description="Trains the default retriever.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=38.0)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    Training(options.out, options.minutes, options.steps, options.seed).run()


if __name__ == "__main__":
    main()
