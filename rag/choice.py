"""The smallest set of sentences that covers what a question asks for."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from rag.evidence import Candidate
from rag.question import Query

MAX_ITEMS = 8
MAX_SENTENCES = 4
ENOUGH = 0.9
"""Share of the candidates' probability at which no further sentence is taken."""
WORTH = 0.1
"""A further sentence must be at least this likely, measured against the best."""

_ITEM = re.compile(
    r"^\s*(?:[一二三四五六七八九十]+是|第[一二三四五六七八九十]+[，、,是]|[（(][一二三四五六七八九十\d]+[）)]|\d+[.、．]|首先|其次|再次|最后|"
    r"(?:In this regard, )?(?:First(?:ly)?|Second(?:ly)?|Third(?:ly)?|Fourth(?:ly)?|Fifth(?:ly)?|Sixth(?:ly)?)\b|"
    r"The (?:first|second|third|fourth|fifth|sixth) (?:is|was)\b|One is\b|"
    r".{0,300}(?:[：:;；]\s*(?:First|一是|第一)))"
)


def is_item(text: str) -> bool:
    """Whether a sentence opens, or announces with its first item, an enumeration."""
    return _ITEM.match(text) is not None


def _items_with(best: Candidate, found: Sequence[Candidate]) -> list[Candidate]:
    """The enumeration that ``best`` belongs to: the neighbouring items of the same subsection."""
    siblings = sorted(
        (
            c
            for c in found
            if c.passage.source_sha256 == best.passage.source_sha256
            and c.passage.section == best.passage.section
            and c.passage.case_number == best.passage.case_number
            and c.sentence.subsection == best.sentence.subsection
        ),
        key=lambda c: c.sentence.start,
    )
    items = [c for c in siblings if is_item(c.text)]
    if best not in items or len(items) < 2:
        return [best]
    return items[:MAX_ITEMS]


def choose(query: Query, found: Sequence[Candidate], scores: Sequence[float]) -> list[Candidate]:
    """The sentences of the answer, the best first; a list's items in source order.

    ``scores``: one a candidate, the logarithm of its odds among the others (``rag.confidence.score``).
    Sentences are taken from the best down, all of one edition, until they probably hold the evidence: one
    where it stands out, more where several things are asked. Empty where there are no candidates.
    """
    if not found:
        return []
    shares = _softmax(scores)
    order = sorted(range(len(found)), key=lambda i: (-shares[i], found[i].row))
    best = found[order[0]]
    chosen = _items_with(best, found) if "list" in query.kinds else [best]
    if len(chosen) == 1:
        chosen = []
        covered = 0.0
        for i in order:
            if len(chosen) == MAX_SENTENCES or covered >= ENOUGH:
                break
            if chosen and shares[i] < WORTH * shares[order[0]]:
                break
            covered += shares[i]
            # Another edition would say the same again.
            if _edition(found[i]) == _edition(best):
                chosen.append(found[i])
    return chosen


def _edition(candidate: Candidate) -> tuple[int | None, str]:
    return candidate.passage.case_number, candidate.passage.language


def _softmax(scores: Sequence[float]) -> list[float]:
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]
