"""Numbers as they are printed: ASCII, full-width and Chinese numerals, English words and ordinals."""

from __future__ import annotations

import re
import unicodedata

CHINESE_NUMERAL = "0-9０-９〇○零一二两三四五六七八九十百千廿卅"
"""Inside of a character class that matches any digit of a Chinese or Arabic number."""

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_CARDINALS = """
one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen
"""
_ORDINALS = """
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
fifteenth sixteenth seventeenth eighteenth nineteenth
"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {w: n for n, w in enumerate(_CARDINALS.split(), 1)} | {
    w: n for n, w in enumerate(_ORDINALS.split(), 1)
}
_TEN = {w: n for n, w in enumerate(_TENS.split(), 2)} | {
    f"{w[:-1]}ieth": n for n, w in enumerate(_TENS.split(), 2)
}
_SMALL_WORDS = "|".join(sorted(_SMALL, key=len, reverse=True))
_TEN_WORDS = "|".join(sorted(_TEN, key=len, reverse=True))

ENGLISH_ORDINAL = (
    rf"(?:(?:one|two|three|four|five|six|seven|eight|nine)[ -]hundred(?:th)?(?:[ -]and)?[ -]?)?"
    rf"(?:(?:{_TEN_WORDS})(?:[ -](?:{_SMALL_WORDS}))?|(?:{_SMALL_WORDS}))?"
)
"""Pattern of a number in words up to 999, cardinal or ordinal; it also matches nothing at all."""

_CARDINAL = "|".join(sorted(_CARDINALS.split(), key=len, reverse=True))
ENGLISH_CARDINAL = (
    rf"(?:(?:one|two|three|four|five|six|seven|eight|nine)[ -]hundred(?:[ -]and)?[ -]?)?"
    rf"(?:(?:{'|'.join(_TENS.split())})(?:[ -](?:{_CARDINAL}))?|(?:{_CARDINAL}))"
)
"""Pattern of a cardinal number in words up to 999."""

ENGLISH_NUMERAL = rf"(?=[a-z]){ENGLISH_ORDINAL}(?<=[a-z])"
"""The same, but at least a word."""


def integer(printed: str) -> int | None:
    """The number that ``printed`` stands for (``85``, ``８５``, ``八十五``, ``一百二十``, ``二〇三``), or
    None where it is no number."""
    printed = re.sub(r"\s", "", unicodedata.normalize("NFKC", printed))
    if re.fullmatch(r"[0-9]{1,12}", printed):
        return int(printed)
    if not printed:
        return None
    printed = printed.replace("廿", "二十").replace("卅", "三十")
    if not any(c in _UNITS for c in printed):
        if not all(c in _DIGITS for c in printed):
            return None
        return int("".join(str(_DIGITS[c]) for c in printed))
    total, digit = 0, None
    for c in printed:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in _UNITS:
            total += (1 if digit is None else digit) * _UNITS[c]
            digit = None
        else:
            return None
    return total + (digit or 0)


def english_number(words: str) -> int | None:
    """The number that ``words`` stand for (``twenty-third``, ``forty eight``), 1 to 999, or None."""
    total = 0
    parts = [p for p in re.split(r"[\s-]+", words.casefold()) if p and p != "and"]
    for part in parts:
        if part in ("hundred", "hundredth"):
            total = (total or 1) * 100
        elif part in _SMALL:
            total += _SMALL[part]
        elif part in _TEN:
            total += 10 * _TEN[part]
        else:
            return None
    return total or None


def number(printed: str) -> int | None:
    """The number that ``printed`` stands for, in any of these notations; None where it is none."""
    value = integer(printed)
    return english_number(printed) if value is None else value
