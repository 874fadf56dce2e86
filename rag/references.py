"""Which cases and batches a question names, in any notation."""

from __future__ import annotations

import re
import unicodedata

from rag.numerals import ENGLISH_NUMERAL, number

MAX_RANGE = 60
"""A range of cases longer than this is taken for its two ends: nobody asks about 200 cases at once."""

_HAN_NUMERAL = r"[零〇○一二两三四五六七八九十百千]+"
_N = rf"(?:\d{{1,4}}|{_HAN_NUMERAL})"
_JOIN_ZH = r"\s*(?:号?\s*[、,和与及到至~\-–—]|号?\s*以及)\s*(?:检例)?\s*第?\s*"
# What follows "第N号" when it numbers a document, a trademark or a plot, not a case.
_NOT_A_CASE = r"(?!\s*(?:文|公告|令|判决|裁定|裁决|决定书|通知|商标|指令|议案|提案|楼|线|院|房|矿|井|机|地块|车|船|意见))"
_ZH = re.compile(
    rf"检例\s*(?:第\s*)?(?P<a>{_N}(?:{_JOIN_ZH}{_N})*)\s*号?"
    rf"|(?:指导性?案例|案例|案件?)\s*第?\s*(?P<b>{_N}(?:{_JOIN_ZH}{_N})*)\s*号"
    rf"|(?<![〔（(\[\d字])第\s*(?P<c>{_N}(?:{_JOIN_ZH}{_N})*)\s*号{_NOT_A_CASE}"
    rf"|(?<![\d第〔\]）)])(?P<d>\d{{1,4}}(?:{_JOIN_ZH}\d{{1,4}})*)\s*号(?:指导性?)?案"
)
_EN_N = r"(?:no\.?|number|nos\.?|#|№)?\s*(?:\d{1,4}(?![\d,.]*\d)|" + ENGLISH_NUMERAL + r")\b"
_EN_JOIN = r"\s*(?:,\s*(?:and|or)?|and|or|&|to|through|versus|vs\.?|with|[-–—])\s*(?:(?:guiding\s+)?case\s+)?"
_EN = re.compile(
    rf"\b(?:(?:guiding|procuratorial|spp)\s+)?(?:cases?|experiments?)\s*(?P<a>{_EN_N}(?:{_EN_JOIN}{_EN_N})*)"
    rf"|\bjianli\s*(?P<b>{_EN_N})|(?<![a-z] )\bno\.\s*(?P<c>\d{{1,4}})\b(?=\s*(?:\?|$|'s|,))",
    re.IGNORECASE,
)
_BATCH_ZH = re.compile(rf"第\s*({_N})\s*批|({_N})\s*批(?=指导|案例)")
_BATCH_EN = re.compile(
    rf"\bbatch\s*(?:no\.?|number|#)?\s*(\d{{1,3}}|{ENGLISH_NUMERAL})\b"
    rf"|\b(\d{{1,3}})(?:st|nd|rd|th)\s+batch|\b({ENGLISH_NUMERAL})\s+batch",
    re.IGNORECASE,
)
_PIECE = re.compile(rf"\d{{1,4}}|{_HAN_NUMERAL}|{ENGLISH_NUMERAL}", re.IGNORECASE)
_RANGE = re.compile(r"^\s*号?\s*(?:[到至~\-–—]|to|through)\s*(?:检例)?\s*(?:第|no\.?)?\s*$", re.IGNORECASE)
_COUNTED = re.compile(r"^\s*(?:cases|defendants|people|suspects|persons|years?|months?)\b", re.IGNORECASE)


def _expand(chunk: str) -> list[int]:
    """The numbers of a list such as "85、86和88" or "85 to 87", ranges filled in."""
    found: list[int] = []
    end = 0
    for piece in _PIECE.finditer(chunk):
        value = number(piece[0])
        if value is None:
            continue
        between = chunk[end : piece.start()]
        if found and _RANGE.match(between) and 0 < value - found[-1] <= MAX_RANGE:
            found.extend(range(found[-1] + 1, value + 1))
        else:
            found.append(value)
        end = piece.end()
    return found


def _unique(values: list[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(v for v in values if 0 < v < 10_000))


def case_spans(text: str) -> list[tuple[int, int, tuple[int, ...]]]:
    """Where ``text`` names cases: (start, end, numbers) of each mention, in order.

    Offsets are those of the NFKC form of ``text``.
    """
    text = unicodedata.normalize("NFKC", text)
    spans = []
    for pattern in (_ZH, _EN):
        for match in pattern.finditer(text):
            chunk = next(group for group in match.groups() if group is not None)
            if pattern is _EN and _COUNTED.match(text[match.end() :]):
                continue  # "in this case two defendants": a count, not a case number
            numbers = _unique(_expand(chunk))
            if numbers:
                spans.append((match.start(), match.end(), numbers))
    return sorted(spans)


def case_numbers(text: str) -> tuple[int, ...]:
    """The case numbers that ``text`` names, in order of mention, each once."""
    return _unique([n for _, _, numbers in case_spans(text) for n in numbers])


def batch_numbers(text: str) -> tuple[int, ...]:
    """The batches that ``text`` names (第二十三批, batch 23, the twenty-third batch)."""
    text = unicodedata.normalize("NFKC", text)
    values = []
    for pattern in (_BATCH_ZH, _BATCH_EN):
        for match in pattern.finditer(text):
            value = number(next(group for group in match.groups() if group is not None))
            if value is not None:
                values.append(value)
    return _unique(values)


def without_references(text: str) -> str:
    """``text`` (NFKC) with every mention of a case or batch number taken out."""
    text = unicodedata.normalize("NFKC", text)
    for start, end, _ in reversed(case_spans(text)):
        text = text[:start] + " " + text[end:]
    for pattern in (_BATCH_ZH, _BATCH_EN):
        text = pattern.sub(" ", text)
    return text
