"""Which sentence of one edition says what a sentence of the other says: labels for reading across languages.

Editions are parallel by paragraph, not by sentence; within the paragraph the nearest sentence by embedding
and by the numbers in it is taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from eval.train.corpus import Cases, Place
from eval.train.recall import Embed

LEAST = 0.6
"""Cosine below which no sentence is taken for the translation."""
SURE = 0.03
"""Sentences of the paragraph that come this near to the best are neither right nor wrong."""
NUMBERS = 0.1
"""What sharing all numbers is worth, in cosine."""
SHORTEST = 4
"""Characters of a piece of evidence that are enough to be found by."""

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Counterpart:
    """Spans of the other edition."""

    best: tuple[int, int]
    row: int
    """Of the passage that holds ``best``."""
    doubtful: tuple[tuple[int, int], ...]
    rows: tuple[int, ...]
    """All passages of the paragraph."""


def counterparts(
    cases: Cases, places: Sequence[tuple[int, Place]], embed: Embed
) -> dict[tuple[int, Place], Counterpart]:
    """``places``: case and place. Those without a counterpart are left out."""
    candidates: dict[tuple[int, Place], list[tuple[int, int, int, str]]] = {}
    rows_of: dict[tuple[int, Place], tuple[int, ...]] = {}
    for case, place in dict.fromkeys(places):
        found = cases.parallel(case, place)
        if found is None or place.end - place.start < SHORTEST:
            continue
        rows_of[case, place] = found[1]
        text = cases.text(case, cases.passages[found[0]].language)
        candidates[case, place] = [
            (row, s.start, s.end, text[s.start : s.end]) for row in found[1] for s in cases.sentences[row]
        ]
    pieces = {key: cases.text(key[0], key[1].language)[key[1].start : key[1].end] for key in candidates}
    others = [text for offered in candidates.values() for _, _, _, text in offered]
    texts = list(dict.fromkeys([*pieces.values(), *others]))
    vectors = dict(zip(texts, embed(texts), strict=True)) if texts else {}
    aligned = {}
    for key, offered in candidates.items():
        own = pieces[key]
        wanted = set(_NUMBER.findall(own))
        scored = sorted(
            (
                (float(vectors[own] @ vectors[text]) + NUMBERS * _shared(wanted, text), start, end, row)
                for row, start, end, text in offered
            ),
            reverse=True,
        )
        best = scored[0]
        if best[0] >= LEAST:
            near = tuple((start, end) for score, start, end, _ in scored[1:] if score > best[0] - SURE)
            aligned[key] = Counterpart((best[1], best[2]), best[3], near, rows_of[key])
    return aligned


def _shared(wanted: set[str], text: str) -> float:
    return len(wanted & set(_NUMBER.findall(text))) / len(wanted) if wanted else 0.0
