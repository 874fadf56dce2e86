"""Number lines: where a text says which case it is, and which batch the cases belong to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.lines import looks_like_title
from rag.numerals import CHINESE_NUMERAL, ENGLISH_ORDINAL, english_number, integer

MAX_CASE_NUMBER = 9999

_ZH = (
    r"(?:(?:最高人民检察院|最高检)\s*(?:指导性案例|检例)|检\s*例|检察(?:指导)?(?:性)?案例)"
    rf"\s*第?\s*(?P<zh>[{CHINESE_NUMERAL}\s]{{1,14}})\s*号"
)
# The words that translations use for 检例; at least one, so that "(No. 5)" stays a list number.
_EN_WORDS = (
    r"(?:guiding|procuratorial|procuratorate(?:['’]s)?|inspection|prosecution|prosecutorial|spp(?:['’]s)?"
    r"|test|jian|jianli|li|example|experiment|sample|case)"
)
_EN = (
    rf"(?:the\s+)?(?P<words>{_EN_WORDS}(?:\s+{_EN_WORDS}){{0,4}})"
    r"\s*(?P<no>no\.?|number|№|#)?\s*(?P<en>[0-9]{1,7})"
)
_OPEN, _CLOSE = r"[（(\[【〔［]", r"[）)\]】〕］]"
_NUMBER = rf"(?:{_ZH}|{_EN})"
_WHOLE = re.compile(rf"(?P<open>{_OPEN})?\s*{_NUMBER}\s*(?P<close>{_CLOSE})?\s*[.。:：]?", re.IGNORECASE)
_BEFORE = re.compile(
    rf"(?P<open>{_OPEN})?\s*{_NUMBER}\s*(?P<close>{_CLOSE})?(?P<gap>[\s_:：、,.—–\-]*)(?P<title>\S.*)",
    re.IGNORECASE,
)
_AFTER = re.compile(rf"(?P<title>.*\S)\s*(?P<open>{_OPEN})\s*{_NUMBER}\s*(?P<close>{_CLOSE})", re.IGNORECASE)

_BATCH_ZH = re.compile(rf"第\s*([{CHINESE_NUMERAL}]{{1,7}})\s*批\s*(?:检察)?指导性案例")
_BATCH_ZH_LOOSE = re.compile(rf"第\s*([{CHINESE_NUMERAL}]{{1,7}})\s*批")
_BATCH_EN = rf"\b(?:([0-9]{{1,3}})\s?(?:st|nd|rd|th)|({ENGLISH_ORDINAL}))\s+batch\b"
_BATCH_EN_OF_CASES = re.compile(rf"{_BATCH_EN}\s+of\s+(?:\S+\s+){{0,6}}?guiding", re.IGNORECASE)
_BATCH_EN_LOOSE = re.compile(_BATCH_EN, re.IGNORECASE)
_BATCH_EN_AFTER = re.compile(
    rf"\bbatch\s+(?:no\.?\s*|number\s+)?(?:([0-9]{{1,3}})\b|({ENGLISH_ORDINAL})\b)", re.IGNORECASE
)
_BATCH_NAME = re.compile(r"(?:batch|pi)[ _-]?([0-9]{1,3})(?![0-9])", re.IGNORECASE)
_CASE_NAME = re.compile(rf"检例第?([{CHINESE_NUMERAL}]{{1,9}})号")


@dataclass(frozen=True, slots=True)
class NumberLine:
    """A line that names a case. ``title`` is the rest of the line; None where it is the number alone."""

    number: int
    title: str | None


def number_line(plain: str, heading: bool = False) -> NumberLine | None:
    """The case that a line names (``（检例第85号）``, ``(Experiment No. 85)``, ``检例第85号_…案``,
    ``…案（检例第85号）``), or None. ``heading``: the line is marked as a heading (Markdown), so that a
    title after a bare number need not end in 案. A citation in running text is never a number line."""
    if len(plain) > 340:
        return None
    if match := _WHOLE.fullmatch(plain):
        if not _brackets_agree(match) or not _is_case_word(match):
            return None
        return _named(match, None)
    if (match := _BEFORE.fullmatch(plain)) and _brackets_agree(match) and _is_case_word(match):
        title = match["title"]
        bracketed = match["open"] is not None
        if match["en"] is not None and not bracketed and not re.search(r"[:：_—–-]", match["gap"]):
            return None  # "Guiding Case No. 85 says …"
        ends_as_title = re.search(r"案(?:例.{0,3})?[）)]?$", title) is not None
        if looks_like_title(title) and (bracketed or heading or match["en"] is not None or ends_as_title):
            return _named(match, title)
    if (match := _AFTER.fullmatch(plain)) and looks_like_title(match["title"]):
        return _named(match, match["title"])
    return None


def find_batch(text: str) -> int | None:
    """The batch that an announcement or a series title names (``第四十八批``, ``23rd batch``,
    ``twenty-third batch``, ``Batch 23``), 1 to 999, or None."""
    for pattern in (_BATCH_ZH, _BATCH_EN_OF_CASES, _BATCH_ZH_LOOSE, _BATCH_EN_LOOSE, _BATCH_EN_AFTER):
        for match in pattern.finditer(text):
            printed = next((g for g in match.groups() if g), "")
            number = integer(printed) if integer(printed) is not None else english_number(printed)
            if number is not None and 1 <= number <= 999:
                return number
    return None


def batch_in_name(name: str) -> int | None:
    """The batch that a file name states (``spp_batch_48.txt``), or None."""
    match = _BATCH_NAME.search(name)
    return int(match[1]) if match else find_batch(name)


def case_in_name(name: str) -> int | None:
    """The case that a file name states (``检例第70号…``), or None."""
    match = _CASE_NAME.search(name)
    return integer(match[1]) if match else None


def _named(match: re.Match[str], title: str | None) -> NumberLine | None:
    number = integer(match["zh"] or match["en"])
    return None if number is None else NumberLine(number, title)


def _brackets_agree(match: re.Match[str]) -> bool:
    return (match["open"] is None) == (match["close"] is None)


def _is_case_word(match: re.Match[str]) -> bool:
    """ "Case 2" alone counts the cases of a page (案例二); a number in the series says "No." or "Guiding"."""
    if match["en"] is None:
        return True
    words = match["words"].casefold().split()
    if words in (["case"], ["example"], ["test"], ["sample"], ["li"]):
        return match["no"] is not None and match["open"] is not None
    return match["no"] is not None or words[-1] in ("case", "experiment", "example", "li", "jianli")
