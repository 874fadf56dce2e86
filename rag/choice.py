"""The smallest set of sentences that covers what a question asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.evidence import Candidate
from rag.kinds import asked_kinds, kinds_held
from rag.question import Query
from rag.terms import terms

MAX_PARTS = 3
MAX_ITEMS = 8
MARGIN = 0.75
"""A further sentence is taken for a further part only if it scores at least this share of the best."""

_INTERROGATIVE = re.compile(
    r"谁|什么|何(?:时|地|人|种|罪)|为何|如何|多少|几|哪|是否|怎么|怎样|"
    r"\b(?:what|which|who|whom|whose|when|where|why|how|whether)\b",
    re.IGNORECASE,
)
_ITEM = re.compile(
    r"^\s*(?:[一二三四五六七八九十]+是|第[一二三四五六七八九十]+[，、,是]|[（(][一二三四五六七八九十\d]+[）)]|\d+[.、．]|首先|其次|再次|最后|"
    r"(?:In this regard, )?(?:First(?:ly)?|Second(?:ly)?|Third(?:ly)?|Fourth(?:ly)?|Fifth(?:ly)?|Sixth(?:ly)?)\b|"
    r"The (?:first|second|third|fourth|fifth|sixth) (?:is|was)\b|One is\b|"
    r".{0,300}(?:[：:;；]\s*(?:First|一是|第一)))"
)


def parts(question: str) -> int:
    """How many things a question asks for, judged by its interrogatives; at least 1."""
    return max(1, min(MAX_PARTS, len(_INTERROGATIVE.findall(question))))


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
    """The sentences of the answer, in source order within each case. ``scores``: one a candidate,
    higher is better. Empty where there are no candidates."""
    if not found:
        return []
    order = sorted(range(len(found)), key=lambda i: (-scores[i], found[i].row))
    best = found[order[0]]
    chosen = [best]
    if "list" in query.kinds:
        chosen = _items_with(best, found)
    wanted = parts(query.question)
    if len(chosen) == 1 and wanted > 1:
        chosen = _further_parts(query, found, scores, order, wanted)
    return sorted(chosen, key=lambda c: (c.passage.case_number != best.passage.case_number, c.sentence.start))


def _further_parts(
    query: Query, found: Sequence[Candidate], scores: Sequence[float], order: Sequence[int], wanted: int
) -> list[Candidate]:
    """The best sentence, and others of the same case that hold what it lacks of the question."""
    best = found[order[0]]
    chosen = [best]
    asked = set(terms(query.question))
    covered = set(terms(best.text))
    kinds = asked_kinds(query.question)
    for i in order[1:]:
        if len(chosen) == wanted or scores[i] < MARGIN * scores[order[0]]:
            break
        candidate = found[i]
        if candidate.passage.case_number != best.passage.case_number:
            continue
        new = (asked & set(terms(candidate.text))) - covered
        lacking = kinds_held(kinds, " ".join(c.text for c in chosen)) < 1.0
        if new and (lacking or len(new) >= 2):
            chosen.append(candidate)
            covered |= set(terms(candidate.text))
    return chosen
