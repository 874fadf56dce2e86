"""Numbers in an answer and in its quotes, read apart from the code that answers: the check would
prove nothing if it shared that code.

A number is compared by its value, so that 5000万元 supports "50 million yuan", 第一百零六条
"Article 106" and "seven months" "7 months".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

_HAN_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WORDS = {word: n for n, word in enumerate(_ONES)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}

_NUMBER = re.compile(
    rf"""
    (?:(?P<digits>(?:\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+)(?:\.\d+)?)
      |(?<![A-Za-z])(?P<word>(?i:{"|".join(_TENS)})(?:[\s-](?i:{"|".join(_ONES[1:10])}))?|(?i:{"|".join(_ONES)}))(?![A-Za-z])
    )
    (?:\s*(?P<han_scale>[百千万亿]+)(?![克米瓦])|[\s-]*(?P<scale>(?i:{"|".join(_SCALES)}))(?![A-Za-z]))?
    |(?P<han>第?[零〇一二两三四五六七八九十百千万亿]+)(?P<unit>[年月日条款项号元岁倍])?
    |(?<![A-Za-z])(?P<month>{"|".join(_MONTHS)})(?![A-Za-z])
    """,
    re.VERBOSE,
)


def stated(text: str) -> frozenset[Decimal]:
    """The numbers that an answer must be able to prove: those in digits, and Chinese numerals
    before a unit or after 第. "一些" and "one of them" state no number."""
    return frozenset(value for value, is_stated in _read(text) if is_stated)


def held(text: str) -> frozenset[Decimal]:
    """Every number that a quote can be read to hold, in digits or words of either language."""
    return frozenset(value for value, _ in _read(text))


def _read(text: str) -> Iterator[tuple[Decimal, bool]]:
    # Full-width digits become plain ones; a full-width comma parts a list and groups no thousands.
    plain = "".join(chr(ord(c) - 0xFEE0) if "０" <= c <= "９" or c == "．" else c for c in text)
    for match in _NUMBER.finditer(plain):
        if han := match["han"]:
            value = Decimal(_han(han.removeprefix("第")))
            yield value, han.startswith("第") or (bool(match["unit"]) and value > 1)
        elif month := match["month"]:
            yield Decimal(_MONTHS.index(month) + 1), False
        else:
            digits, word = match["digits"], match["word"]
            value = Decimal(digits.replace(",", "")) if digits else Decimal(_word(word))
            for unit in match["han_scale"] or "":
                value *= _HAN_UNITS[unit]
            if match["scale"]:
                value *= _SCALES[match["scale"].lower()]
            yield value, bool(digits)


def _word(word: str) -> int:
    return sum(_WORDS[part] for part in re.split(r"[\s-]", word.lower()))


def _han(numeral: str) -> int:
    """三百零六 is 306; without a unit it is read digit by digit, as years are: 二〇二〇 is 2020."""
    if not any(c in _HAN_UNITS for c in numeral):
        return int("".join(str(_HAN_DIGITS[c]) for c in numeral))
    total = section = digit = 0
    for c in numeral:
        if c in _HAN_DIGITS:
            digit = _HAN_DIGITS[c]
        elif (unit := _HAN_UNITS[c]) < 10**4:
            section += (digit or 1) * unit
            digit = 0
        else:
            # 万 scales what stands since the last 亿; 亿 scales all before it (一万二千亿).
            before, total = (total, 0) if unit == 10**8 else (0, total)
            total += (before + section + digit or 1) * unit
            section = digit = 0
    return total + section + digit
