"""Stand-ins for what is slow or far away, derived from their input alone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence

import numpy as np

from rag.protocols import Progress, Reading, Vectors, Window


class FakeEmbedder:
    """Texts that share words, Chinese characters or pairs of them are near; a query and a passage of the
    same text are the same. ``name`` may be changed to stand for another model."""

    def __init__(self, name: str = "fake", dimensions: int = 64) -> None:
        self.name = name
        self.dimensions = dimensions

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self._embed(texts)

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        vectors = self._embed(texts)
        if progress is not None and len(texts):
            progress(len(texts), len(texts))
        return vectors

    def _embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            for feature in _features(text):
                number = int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest(), "big")
                vectors[row, (number >> 1) % self.dimensions] += 1 if number & 1 else -1
            if not vectors[row].any():
                vectors[row, 0] = 1
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


def _features(text: str) -> Iterator[str]:
    for word in re.findall(r"[a-z]+|\d+|[\u3400-\u9fff]+", text.lower()):
        if word.isascii():
            yield word
        else:
            yield from word
            yield from (word[at : at + 2] for at in range(len(word) - 1))


class FakeReader:
    """A sentence answers as far as it holds the question's words; ``certain`` answers always, or never."""

    name = "fake reader"

    def __init__(self, certain: bool | None = None) -> None:
        self.certain = certain
        self.asked: list[tuple[str, int]] = []

    def read(self, question: str, windows: Sequence[Window]) -> list[Reading]:
        self.asked.append((question, len(windows)))
        wanted = set(_features(question))
        readings = []
        for window in windows:
            texts = [window.text[start:end] for start, end in window.sentences]
            shares = [len(wanted & set(_features(text))) / max(1, len(wanted)) for text in texts]
            odds = [16.0 * share - 6.0 for share in shares]
            if self.certain is not None:
                odds = [one + (50.0 if self.certain else -50.0) for one in odds]
            readings.append(Reading(tuple(odds), max(odds, default=-10.0)))
        return readings
