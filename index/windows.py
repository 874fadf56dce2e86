"""How a question and a passage become one input of the reader, and which of its tokens are whose.

The same for training and for answering: a reader that was trained on other inputs would read badly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from rag.protocols import Window

QUESTION_TOKENS = 96
WINDOW_TOKENS = 448
"""Tokens of an input at most. What is longer loses its last sentences: they are not scored."""

QUESTION, PASSAGE, FIRST_SENTENCE = 0, 1, 2
"""Rows of ``Inputs.members``: the question's tokens, the passage's, then one row a sentence."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """One input before padding."""

    ids: list[int]
    question: range
    passage: range
    sentences: list[list[int]]
    """Positions of each sentence's tokens; empty where it was cut off."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """A padded batch of b inputs with at most s sentences and n tokens."""

    ids: NDArray[np.int64]
    """(b, n)"""
    mask: NDArray[np.int64]
    """(b, n), 1 where there is a token."""
    members: NDArray[np.float32]
    """(b, 2 + s, n): each row averages the tokens that it owns; all 0 where it owns none."""


class Tokenizing:
    """``tokenizer``: XLM-R style, with a template for pairs; its truncation and padding must be off."""

    def __init__(self, tokenizer: Tokenizer, pad: int) -> None:
        self._tokenizer = tokenizer
        self._pad = pad

    def tokens(self, question: str, windows: Sequence[Window]) -> list[Tokens]:
        pairs = [(f"query: {question}", f"passage: {window.context}\n{window.text}") for window in windows]
        encodings = self._tokenizer.encode_batch(pairs)
        return [_tokens(encoding, window) for encoding, window in zip(encodings, windows, strict=True)]

    def padded(self, rows: Sequence[Tokens]) -> Inputs:
        longest = max(len(row.ids) for row in rows)
        most = max(len(row.sentences) for row in rows)
        ids = np.full((len(rows), longest), self._pad, np.int64)
        mask = np.zeros((len(rows), longest), np.int64)
        members = np.zeros((len(rows), FIRST_SENTENCE + most, longest), np.float32)
        for i, row in enumerate(rows):
            ids[i, : len(row.ids)] = row.ids
            mask[i, : len(row.ids)] = 1
            owned = [list(row.question), list(row.passage), *row.sentences]
            for j, positions in enumerate(owned):
                if positions:
                    members[i, j, positions] = 1.0 / len(positions)
        return Inputs(ids, mask, members)


def _tokens(encoding: object, window: Window) -> Tokens:
    ids: list[int] = encoding.ids  # type: ignore[attr-defined]
    owners: list[int | None] = encoding.sequence_ids  # type: ignore[attr-defined]
    offsets: list[tuple[int, int]] = encoding.offsets  # type: ignore[attr-defined]
    asked = [at for at, owner in enumerate(owners) if owner == 0]
    read = [at for at, owner in enumerate(owners) if owner == 1]
    # <s> question </s> </s> passage </s>: a long question loses its end, then the passage does.
    first = asked[0]
    kept_question = asked[:QUESTION_TOKENS]
    between = ids[asked[-1] + 1 : read[0]]
    room = WINDOW_TOKENS - first - len(kept_question) - len(between) - 1
    kept_passage = read[:room]
    start = first + len(kept_question) + len(between)
    joined = [
        *ids[:first],
        *(ids[at] for at in kept_question),
        *between,
        *(ids[at] for at in kept_passage),
        ids[-1],
    ]
    shift = len("passage: ") + len(window.context) + 1
    sentences: list[list[int]] = []
    at = 0
    for begin, end in window.sentences:
        own = []
        while at < len(kept_passage) and offsets[kept_passage[at]][0] < end + shift:
            low, high = offsets[kept_passage[at]]
            if high > begin + shift and high > low:
                own.append(start + at)
            at += 1
        whole = at < len(kept_passage) or len(kept_passage) == len(read)
        sentences.append(own if whole else [])
    passage = range(start, start + len(kept_passage))
    return Tokens(joined, range(first, first + len(kept_question)), passage, sentences)
