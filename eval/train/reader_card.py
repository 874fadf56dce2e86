"""Writes the reader's card: what it was made from, how, and what it is worth.

python -m eval.train.reader_card DIR FOLDER

``DIR``: that of ``eval.train.reader``; ``FOLDER``: that of ``eval.train.reader_export``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from eval.train.reader import LAYERS, PUBLIC, QUESTIONS
from rag import weights

_CARD = """---
license: mit
base_model: intfloat/multilingual-e5-small
language: [zh, en]
---
# Jianli's reader

A cross-encoder: question and passage go through one transformer together, and every sentence of the passage
gets a score, the logarithm of the odds that it answers; so does the passage. Made by
`python -m eval.train.reader` from Jianli's retriever ({retriever}), of whose twelve layers it keeps the lowest
{layers}; `python -m eval.train.reader_export` wrote it as ONNX with 8-bit weights. Read by
`index/cross_encoder.py`; switched off by `JIANLI_READER=off`.

Input: `<s> query: QUESTION </s> </s> passage: CONTEXT, line break, TEXT </s>`. A sentence's tokens are averaged
and compared with the question's: both, their product, their difference, their cosine.

## Trained on
{steps} steps in {minutes} minutes on two CPU cores, each of {questions} questions of ours with three passages
(those with the evidence, and others that look like it) and {public} passages of public sets. Binary
cross-entropy for every sentence and every passage, and for every question the likelihood of any right sentence
among all of its passages and "none". Word embeddings frozen.

| data | examples | licence |
|---|---|---|
| questions and near-misses on cases 1-173 and their English editions, each also with the other edition's \
passages; the project's own further questions; topics from the cases' key words; by language of the passages | \
{examples} | the project's |
| SQuAD 2.0 (part), CMRC 2018, DRCD, PolicyQA | of {available:,} | in this order CC BY-SA 4.0, CC BY-SA 4.0, \
CC BY-SA 3.0, MIT |

Nothing comes from cases 85-89 and 174-227.

## Learning curve
Some questions on cases 174-201, six passages each, those with the evidence among them.

| steps | best sentence is evidence | area under the curve, best sentence's odds | … best passage's |
|---|---|---|---|
{curve}

## As it is used
With the linear models over it (`rag/weights.py`; development questions, by cross-validation over cases):

{fitted}

## Limits
Trained for these cases, by one writer of questions: elsewhere it is worse. A near-miss with one detail changed
passes it more often than an absurd one. Its odds are not probabilities before `rag/weights.py` has weighed them.
"""


def card(log: Iterable[Mapping[str, Any]], fitted: str) -> str:
    """``log``: the lines that a training wrote; ``fitted``: what ``eval.train.weights`` measured."""
    lines = list(log)
    data = next(line for line in reversed(lines) if line.get("event") == "data")
    done = next(line for line in reversed(lines) if line.get("event") == "done")
    looks = {line["step"]: line["figures"] for line in lines if line.get("event") == "development"}
    return _CARD.format(
        retriever=data["retriever"],
        layers=LAYERS,
        steps=done["steps"],
        minutes=round(done["seconds"] / 60),
        questions=QUESTIONS,
        public=PUBLIC,
        examples=", ".join(f"{number:,} {kind}" for kind, number in sorted(data["examples"].items())),
        available=data["public"],
        curve="\n".join(
            f"| {step} | {f['best sentence right']} | {f['auc sentence']} | {f['auc window']} |"
            for step, f in sorted(looks.items())
        ),
        fitted=fitted,
    )


def main() -> None:
    training, folder = map(Path, sys.argv[1:])
    log = [json.loads(line) for line in (training / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    fitted = (weights.__doc__ or "").split("\n\n", 1)[1].strip()
    (folder / "README.md").write_text(card(log, fitted), encoding="utf-8")


if __name__ == "__main__":
    main()
