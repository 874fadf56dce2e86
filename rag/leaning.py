"""Sentences that cannot be understood without the one before, and what they lean on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.evidence import Candidate
from rag.protocols import Collection

BACK = 4
"""Sentences of the same section that are looked through, backwards, for what "the company" is."""
MOST = 2
"""Sentences that an answer gains."""

_NAMED = re.compile(
    r"^.{0,16}?该"
    r"(公司|院|局|厂|村|县|市|区|镇|企业|单位|团伙|平台|网站|机构|中心|学校|银行|店|项目|产品)"
)
_BEFORE = re.compile(
    r"^(?:.{0,10}(?:上述|前述|前者|后者)|对此|为此|据此|此举|此后|随后|二人|两人|三人|其(?![中他余实一二三]))|"
    r"^(?:The (?:former|latter|above|said|two|three)|Both|Such|This|These|Those)\b|"
    r"^(?:He|She|It|They|His|Her|Their|Its)\b"
)


def with_antecedents(chosen: Sequence[Candidate], collection: Collection) -> list[Candidate]:
    """``chosen``, each sentence that leans preceded by the one that it leans on."""
    rows = {c.row for c in chosen}
    result: list[Candidate] = []
    gained = 0
    for candidate in chosen:
        row = _antecedent(candidate, collection)
        if row is not None and row not in rows and gained < MOST:
            rows.add(row)
            gained += 1
            result.append(_candidate(row, candidate, collection))
        result.append(candidate)
    return result


def _antecedent(candidate: Candidate, collection: Collection) -> int | None:
    """Row of the sentence that ``candidate`` leans on; None where it stands by itself."""
    named = _NAMED.match(candidate.text)
    back = BACK if named else 1 if _BEFORE.match(candidate.text) else 0
    for row in range(candidate.row - 1, max(-1, candidate.row - 1 - back), -1):
        if not _same_section(row, candidate, collection):
            return None
        if named is None or named[1] in _text(row, collection):
            return row
    return None


def _same_section(row: int, candidate: Candidate, collection: Collection) -> bool:
    passage, own = collection.passages[collection.sentences[row].passage], candidate.passage
    return (passage.source_sha256, passage.case_number, passage.section, passage.section_heading) == (
        own.source_sha256,
        own.case_number,
        own.section,
        own.section_heading,
    )


def _text(row: int, collection: Collection) -> str:
    sentence = collection.sentences[row]
    passage = collection.passages[sentence.passage]
    return passage.text[sentence.start - passage.start : sentence.end - passage.start]


def _candidate(row: int, leaning: Candidate, collection: Collection) -> Candidate:
    sentence = collection.sentences[row]
    passage = collection.passages[sentence.passage]
    return Candidate(row, sentence, passage, _text(row, collection), leaning.features)
