"""Fewer word embeddings, and a model as a sentence-transformers folder of float16.

Of the 250,000 pieces of multilingual-e5-small's vocabulary a service for Chinese and English text uses a
tenth, and they are four fifths of the file. A text whose pieces are all kept is cut as before.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from eval.questions import load_questions
from eval.train.corpus import SHARED
from index.e5 import write_files
from index.packed import PackedModel
from index.passages import embedded, passages_of
from index.seeds import read_paths
from index.unigram import unigram_tokenizer

ROWS = 26_500
"""As many as fit, with twelve layers in float16 and the tokenizer, into 65 MB."""

WORDS = "embeddings.word_embeddings.weight"
_CHARACTER = re.compile(r"[\u4e00-\u9fff\u2010-\u203b\u3000-\u303f·×，；：]")
_ASKED = ("question", "standalone")
_BATCH = 512


def tokenizer_of(model: PackedModel) -> Tokenizer:
    return unigram_tokenizer(
        model.pieces, model.replacements, start=model.start, end=model.end, unknown=model.unknown
    )


def wanted_pieces(
    model: PackedModel, needed: Iterable[str], useful: Iterable[str], rows: int = ROWS
) -> list[int]:
    """Ids to keep, ascending: the special ones, every piece that a text of ``needed`` is cut into, every
    Chinese character and ASCII character by itself, then those that occur most often in ``useful``."""
    tokenizer = tokenizer_of(model)
    last = len(model.pieces) - 1  # <mask>
    kept = {model.start, model.pad, model.end, model.unknown, last}
    kept |= set(_pieces(tokenizer, needed))
    for number, (piece, _) in enumerate(model.pieces):
        if _stands_alone(piece.removeprefix("▁")):
            kept.add(number)
    for number, _ in _pieces(tokenizer, useful).most_common():
        if len(kept) >= rows:
            break
        kept.add(number)
    return sorted(kept)


def prune(model: PackedModel, kept: Sequence[int]) -> PackedModel:
    """The model with those pieces alone, numbered anew in the same order. ``kept``: ascending, with the
    special pieces (the first four and the last)."""
    place = {old: new for new, old in enumerate(kept)}
    tensors = dict(model.tensors)
    tensors[WORDS] = np.ascontiguousarray(tensors[WORDS][list(kept)])
    return replace(
        model,
        config=model.config | {"vocab_size": len(kept), "pad_token_id": place[model.pad]},
        pieces=[model.pieces[old] for old in kept],
        start=place[model.start],
        end=place[model.end],
        pad=place[model.pad],
        unknown=place[model.unknown],
        tensors=tensors,
    )


def corpus_texts() -> tuple[list[str], list[str]]:
    """The texts whose pieces must all be kept (cases and questions, as they are embedded), and the public
    texts whose most frequent pieces are kept."""
    needed = []
    documents, _ = read_paths([SHARED / "corpus"])
    for document in documents:
        needed += document.source.text.split("\n")
        needed += [f"passage: {embedded(p.context, p.text)}" for p in passages_of(document)[0]]
    questions = SHARED / "questions"
    for file in sorted(questions.rglob("*.jsonl")):
        if file.parent.name != "dialogues":
            needed += [f"query: {question.question}" for question in load_questions(file)]
            continue
        for line in file.read_text(encoding="utf-8").splitlines():
            needed += [f"query: {turn[name]}" for turn in json.loads(line)["turns"] for name in _ASKED]
    useful = []
    for file in sorted((SHARED / "bench").rglob("*.json")):
        for article in json.loads(file.read_text(encoding="utf-8"))["data"]:
            for paragraph in article["paragraphs"]:
                useful.append(paragraph["context"])
                if file.parent.name == "rc":
                    useful += [asked["question"] for asked in paragraph["qas"]]
    return needed, useful


def write_folder(model: PackedModel, folder: Path) -> int:
    """Float16, in the files that ``index.e5`` writes; returns their bytes. The card is that of the model it
    was made from: ``eval.train.card`` writes its own."""
    halves: dict[str, NDArray[np.float16]] = {
        name: np.ascontiguousarray(tensor.astype(np.float16)) for name, tensor in model.tensors.items()
    }
    folder.mkdir(parents=True, exist_ok=True)
    write_files(replace(model, tensors=halves), folder)  # type: ignore[arg-type]
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _pieces(tokenizer: Tokenizer, texts: Iterable[str]) -> Counter[int]:
    found: Counter[int] = Counter()
    held = list(texts)
    for start in range(0, len(held), _BATCH):
        for encoding in tokenizer.encode_batch(held[start : start + _BATCH], add_special_tokens=False):
            found.update(encoding.ids)
    return found


def _stands_alone(piece: str) -> bool:
    """A character that any text may hold: nothing made of these is unknown."""
    if len(piece) != 1:
        return not piece
    return piece.isascii() or bool(_CHARACTER.match(piece))
