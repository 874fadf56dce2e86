"""Which cases and batches a question names, in any notation.

Every repetition in a pattern is bounded: a question is anybody's text, and an unbounded pattern on a hostile
one would hold up every other question.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from rag.numerals import ENGLISH_CARDINAL, ENGLISH_NUMERAL, number

MAX_CASE_NUMBER = 9999
MAX_RANGE = 300
"""A range of cases longer than this is taken for its two ends."""

_S = r"\s{0,3}"
_MORE = "{0,30}"
_N = r"(?:\d{1,4}|[零〇○一二两三四五六七八九十百千]{1,9})"
_JOIN_ZH = rf"{_S}(?:号?{_S}(?:[、,/和与及到至~\-–—]|以及)){_S}(?:检例)?{_S}第?{_S}"
_LIST_ZH = rf"{_N}(?:{_JOIN_ZH}{_N}){_MORE}"
# What "第N号" numbers besides cases: before it a kind of document, after it a thing.
_NOT_AFTER = r"(?<![〔（(\[\d字令告文函发年第])"
_NOT_BEFORE = (
    r"(?!\s{0,3}(?:文|公告|令|判决|裁定|裁决|决定书|通知|商标|指令|议案|提案|楼|线|院|房|矿|井|机|地块|车|船|意见|"
    r"被告|原告|证据|证人|仓|库|犯罪|嫌疑|当事人|店|厂|门|桥|路|公路))"
)
_SECTION_ZH = r"(?=的?(?:要旨|关键词|基本案情|指导意义|相关规定|处理结果|检察机关履职))"
_ZH = re.compile(
    rf"检例{_S}(?:第{_S})?({_LIST_ZH}){_S}号?"
    rf"|(?:指导性?案例|案例){_S}第?{_S}({_LIST_ZH}){_S}号{_NOT_BEFORE}"
    rf"|{_NOT_AFTER}第{_S}({_LIST_ZH}){_S}号{_NOT_BEFORE}"
    rf"|{_NOT_AFTER}(?<![零〇一二两三四五六七八九十百千])({_LIST_ZH}){_S}号(?:{_S}(?:指导性?)?案|{_SECTION_ZH})"
)
_BARE_ZH = re.compile(rf"{_NOT_AFTER}(\d{{1,3}}){_S}号{_NOT_BEFORE}(?!案)")

_MARK = rf"(?:no\.?|nos\.?|numbers?|#|№){_S}"
_DIGITS = r"\d{1,4}(?![\d%]|[,.]\d)"
_JOIN_EN = (
    rf"{_S}(?:,{_S}(?:(?:and|or)\b)?|/|\b(?:and|or|to|through|versus|vs\.?|with)\b|[&–—-]){_S}"
    rf"(?:(?:guiding\s)?cases?\b{_S})?(?:{_MARK})?"
)
# After a bare number: what may follow where it names a case. "case 50 million yuan", "case two parties" do not.
_FOLLOWED = (
    r"(?=\s{0,3}(?:$|[^\w\s]|(?:is|are|was|were|say|says|said|state[sd]?|cites?|cited|concerns?|about|and|or|to|in|on|of|"
    r"for|with|do|does|did|has|have|had|holds?|held|involves?|the|that|which|what|who|how|list|as|please|gist|key|"
    r"keywords?|basic|facts?|results?|outcome|guiding|regulations?|sections?|text|a|an|when|why|where|relates?|mentions?|"
    r"deals?|teach(?:es)?|stands?|address(?:es)?|decide[sd]?|comes?|by|from|at|under|vs|versus|compared?|differs?|this|it|"
    r"there|briefly|summary|title|against|announce[sd]?|through|should|must|can|may|will|would|case)\b))"
)
# "cases 85 and 86" needs no such word, but is no list of amounts.
_UNITS = r"(?:hundred|thousand|million|billion|yuan|rmb|people|persons|victims|years?|months?|days?|percent|times|tons?)\b"
_NO_AMOUNT = rf"(?!\s{{0,3}}{_UNITS})(?!\s{{0,3}}(?:and|or|to|[-–])\s{{0,3}}\d{{1,4}}\s{{0,3}}{_UNITS})"
_ITEM_EN = rf"(?:{_DIGITS}|{ENGLISH_CARDINAL}\b)"
_EN = re.compile(
    rf"\b(?:guiding\s{{1,3}}cases?|experiments?){_S}(?:{_MARK})?({_ITEM_EN}(?:{_JOIN_EN}{_ITEM_EN}){_MORE})"
    rf"|\bcases?{_S}{_MARK}({_ITEM_EN}(?:{_JOIN_EN}{_ITEM_EN}){_MORE})"
    rf"|\bcases\s{{1,3}}({_DIGITS}(?:{_JOIN_EN}{_DIGITS}){{1,30}}){_NO_AMOUNT}"
    rf"|\bcases?\s{{1,3}}({_ITEM_EN}(?:{_JOIN_EN}{_ITEM_EN}){_MORE}){_NO_AMOUNT}{_FOLLOWED}",
    re.IGNORECASE,
)
_BARE_EN = re.compile(
    rf"\b{_MARK}({_DIGITS})\b|^\s*(?:and|what about|how about)\s+(\d{{1,3}})\s*\??\s*$", re.IGNORECASE
)
_COUNT = re.compile(r"one\b", re.IGNORECASE)

_BATCH_ZH = re.compile(rf"第{_S}({_N}){_S}批|({_N}){_S}批(?=指导|案例)")
_BATCH_EN = re.compile(
    rf"\bbatch{_S}(?:{_MARK})?(\d{{1,3}}|{ENGLISH_NUMERAL})\b"
    rf"|\b(\d{{1,3}})(?:st|nd|rd|th)\s{{1,3}}batch\b|\b({ENGLISH_NUMERAL})\s{{1,3}}batch\b",
    re.IGNORECASE,
)
_PIECE = re.compile(
    rf"\d{{1,4}}|[零〇○一二两三四五六七八九十百千]{{1,9}}|{ENGLISH_CARDINAL}\b", re.IGNORECASE
)
_RANGE = re.compile(
    r"\s*号?\s*(?:[到至~\-–—]|to|through)[\s第]*(?:检例|cases?|no\.?|#)?[\s第]*", re.IGNORECASE
)

Span = tuple[int, int, tuple[int, ...]]


def _expand(chunk: str) -> list[int]:
    """The numbers of a list such as "85、86和88" or "85 to 87", ranges filled in."""
    found: list[int] = []
    end = 0
    for piece in _PIECE.finditer(chunk):
        value = number(piece[0])
        if value is None:
            continue
        if found and _RANGE.fullmatch(chunk[end : piece.start()]) and 0 < value - found[-1] <= MAX_RANGE:
            found.extend(range(found[-1] + 1, value + 1))
        else:
            found.append(value)
        end = piece.end()
    return found


def _unique(values: list[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(v for v in values if 0 < v <= MAX_CASE_NUMBER))


@lru_cache(maxsize=256)
def _case_spans(text: str, bare: bool) -> tuple[Span, ...]:
    spans: list[Span] = []
    for pattern in (_ZH, _EN, *((_BARE_ZH, _BARE_EN) if bare else ())):
        for match in pattern.finditer(text):
            group = next(i for i in range(1, pattern.groups + 1) if match[i] is not None)
            if pattern is _EN and group == 4 and _COUNT.match(match[group]):
                continue  # "in case one of them": never a number
            numbers = _unique(_expand(match[group]))
            if numbers and not any(match.start() < end and start < match.end() for start, end, _ in spans):
                spans.append((match.start(), match.end(), numbers))
    return tuple(sorted(spans))


def case_spans(text: str, *, bare: bool = False) -> tuple[Span, ...]:
    """Where ``text`` names cases: (start, end, numbers) of each mention, in order.

    Offsets are those of the NFKC form of ``text``. ``bare``: take "no. 86", "86号" for cases too, as in a
    conversation about cases.
    """
    return _case_spans(unicodedata.normalize("NFKC", text), bare)


def case_numbers(text: str, *, bare: bool = False) -> tuple[int, ...]:
    """The case numbers that ``text`` names, in order of mention, each once."""
    return _unique([n for _, _, numbers in case_spans(text, bare=bare) for n in numbers])


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


def without_references(
    text: str, *, bare: bool = False, instead: Callable[[str], str] = lambda _: " "
) -> str:
    """``text`` (NFKC) with every mention of a case number replaced by ``instead(mention)``, and every
    mention of a batch taken out."""
    text = unicodedata.normalize("NFKC", text)
    for start, end, _ in reversed(case_spans(text, bare=bare)):
        text = text[:start] + instead(text[start:end]) + text[end:]
    for pattern in (_BATCH_ZH, _BATCH_EN):
        text = pattern.sub(" ", text)
    return text


def as_words(mention: str) -> str:
    """The word for a case in the language of a mention: "regulations of case 88" → "regulations of case"."""
    return " case " if mention.isascii() else " 案例 "
