"""Batches of training pairs whose other passages are hard negatives: questions on one case side by side,
beside questions on a case like it."""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import count

import numpy as np
from numpy.typing import NDArray

from eval.train.pairs import Pair, by_group, collides

GROUP = 4
"""Pairs of one case that stand together."""
OURS = 6
"""Groups of our cases in a batch; half of them are each followed by one on the case most like it."""
PUBLIC = 2
"""Groups from the public sets in a batch."""

_HAN = re.compile(r"[\u4e00-\u9fff]+")


def batches(ours: Sequence[Pair], public: Sequence[Pair], seed: int) -> Iterator[list[Pair]]:
    """Without end; the same for the same seed. An epoch is one pass over ``ours``, its last groups that
    fill no batch left out."""
    likeness = alike(by_group(ours))
    of_public = _public(public, seed)
    for epoch in count():
        chosen = random.Random(f"{seed} {epoch}")
        waiting = _groups(ours, chosen)
        while len(waiting) >= OURS:
            batch: list[Pair] = []
            for _ in range(OURS // 2):
                first = waiting.pop()
                like = likeness[first[0].group]
                second = max(range(len(waiting)), key=lambda i: like.get(waiting[i][0].group, -1.0))
                batch += [*first, *waiting.pop(second)]
            for _ in range(PUBLIC if public else 0):
                batch += next(of_public)
            yield batch


def alike(groups: Mapping[str, Sequence[Pair]]) -> dict[str, dict[str, float]]:
    """Cosine of the groups' Chinese bigrams (TF-IDF); a group with itself is left out."""
    words: dict[str, Counter[str]] = {}
    for name, pairs in groups.items():
        runs = [run for text in {pair.text for pair in pairs} for run in _HAN.findall(text)]
        words[name] = Counter(run[i : i + 2] for run in runs for i in range(len(run) - 1))
    spread = Counter(word for counted in words.values() for word in counted)
    vectors = {}
    for name, counted in words.items():
        weights = {w: (1 + math.log(n)) * math.log(len(words) / spread[w]) for w, n in counted.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        vectors[name] = {word: weight / length for word, weight in weights.items()}
    return {
        one: {
            other: sum(weight * theirs.get(word, 0.0) for word, weight in mine.items())
            for other, theirs in vectors.items()
            if other != one
        }
        for one, mine in vectors.items()
    }


def forbidden(pairs: Sequence[Pair], passages: Sequence[Pair]) -> NDArray[np.bool_]:
    """Shape (pairs, passages): which passages are no negatives of which question. The diagonal, each
    question with its own passage, is free."""
    return np.array(
        [
            [i != j and collides(pair, other) for j, other in enumerate(passages)]
            for i, pair in enumerate(pairs)
        ]
    )


def hardest(
    pairs: Sequence[Pair],
    questions: NDArray[np.float32],
    texts: Sequence[Pair],
    vectors: NDArray[np.float32],
    keep: int,
) -> list[list[int]]:
    """For each pair the rows of ``texts`` most like its question that do not hold the answer and are in
    the language of its passage."""
    languages = np.array([other.crossing[-2:] for other in texts])
    found = []
    for pair, question in zip(pairs, questions, strict=True):
        scores = np.where(languages == pair.crossing[-2:], vectors @ question, -2.0)
        order = np.argsort(-scores)[: keep + 20]
        rows = [int(row) for row in order if scores[row] > -2.0 and not collides(pair, texts[row])]
        found.append(rows[:keep])
    return found


def _groups(pairs: Sequence[Pair], chosen: random.Random) -> list[list[Pair]]:
    """Shuffled groups of GROUP pairs of one case. Those that fill no group are left for another epoch."""
    groups = []
    for held in by_group(pairs).values():
        shuffled = chosen.sample(held, len(held))
        full = len(shuffled) // GROUP
        # Dealt out in the order of their passages, so that one passage's questions part.
        dealt = sorted(shuffled, key=lambda pair: str(pair.key))
        groups += [dealt[first::full][:GROUP] for first in range(full)]
    chosen.shuffle(groups)
    return groups


def _public(pairs: Sequence[Pair], seed: int) -> Iterator[list[Pair]]:
    for epoch in count():
        if groups := _groups(pairs, random.Random(f"public {seed} {epoch}")):
            yield from groups
        else:
            return
