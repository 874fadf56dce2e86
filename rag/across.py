"""Questions over several cases: answered case by case, one proof each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.protocols import Collection, Reader, Vectors
from rag.question import Query
from rag.retrieval import DEPTH, retrieve
from rag.types import Hit
from rag.weighing import Weighed, weigh

MOST_CASES = 8
"""Cases of an answer, and cases that are looked into for one."""
MOST_PROOFS = 2
"""Sentences a case where the cases are named."""
PASSAGES = 3
"""Read of each case."""

_WHICH_CASES = re.compile(
    r"\b(?:which|what|any|list|name|how many)\b"
    r"(?:\s+(?:of|the|these|those|all|other|guiding|held|two|three|four|more))*"
    r"\s+(?:[a-z-]+\s+){0,2}cases\b|"
    r"(?:哪(?:些|几)个?|有(?:没有|无)|列出|几[个件]|多少[个件]).{0,12}(?:案例|案件|案)|"
    r"案例.{0,6}(?:有哪些|是哪些|有哪几)",
    re.IGNORECASE,
)


def over_several(query: Query) -> bool:
    """Whether the question names several cases, or asks which cases are such and such."""
    if len(query.case_numbers) > 1:
        return True
    return not query.case_numbers and _WHICH_CASES.search(query.question) is not None


def across(query: Query, vector: Vectors, collection: Collection, reader: Reader | None) -> list[Weighed]:
    """What each case says, in the order of the cases' numbers; those that do not answer are left out."""
    if query.case_numbers:
        narrowed = [
            replace(query, filters=replace(query.filters, case_numbers=(number,)))
            for number in query.case_numbers[:MOST_CASES]
        ]
        looked = [(q, retrieve(q, vector, collection, PASSAGES)) for q in narrowed]
    else:
        looked = [(query, hits) for hits in _by_case(retrieve(query, vector, collection, DEPTH))]
    said = [weigh(q, hits, vector, collection, reader) for q, hits in looked]
    # What is asked of named cases may need more than a sentence; that a case is one of those asked for, one.
    most = MOST_PROOFS if query.case_numbers else 1
    enough = [replace(one, chosen=one.chosen[:most]) for one in said if one.enough]
    return sorted(enough, key=lambda one: one.chosen[0].passage.case_number or 0)


def _by_case(hits: Sequence[Hit]) -> list[tuple[Hit, ...]]:
    """The best passages of the best cases, one edition a case."""
    cases: dict[int, list[Hit]] = {}
    for hit in hits:
        number = hit.passage.case_number
        if number is None or (number not in cases and len(cases) == MOST_CASES):
            continue
        held = cases.setdefault(number, [])
        if len(held) < PASSAGES and (not held or held[0].passage.language == hit.passage.language):
            held.append(hit)
    return [tuple(held) for held in cases.values()]
