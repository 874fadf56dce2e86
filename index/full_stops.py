"""English full stops: which end a sentence, and which an abbreviation, an initial or a list number."""

from __future__ import annotations

import re

_TITLES_AND_REFERENCES = """
mr mrs ms dr prof art arts v vs e.g i.e cf para paras fig sec secs vol approx st pp mt ch ibid
"""
_ABBREVIATIONS = "co ltd inc corp etc u.s u.k p.r.c a.m p.m jr sr al dept"
_FIRST_WORDS = """
the a an in on at after before it this these that those he she they we i according as by for when if during
from to with under because since although however therefore meanwhile later subsequently upon both all its
his her their there second third first finally through among while where
"""
_NAMED_BY_LETTER = """
company factory town township county city village district bank plaintiff defendant party person school court
group type class plan annex appendix institution unit platform hospital bureau mine plant and or
"""
_NEVER_LAST = frozenset(_TITLES_AND_REFERENCES.split())
_SELDOM_LAST = frozenset(_ABBREVIATIONS.split())
_STARTERS = frozenset(_FIRST_WORDS.split())
_LETTERED = frozenset(_NAMED_BY_LETTER.split())
_WORD_BEFORE = re.compile(r"([A-Za-z][A-Za-z.]*)\.$")
_ENUMERATOR_BEFORE = re.compile(r"(?:^|[:;,.]\s*)(?:[0-9]{1,2}|[IVX]{1,5})\.$")
_INITIALS = re.compile(r"(?:[A-Z]\.)+[A-Z]")


def full_stop_ends(before: str, rest: str) -> bool:
    """Whether the full stop at the end of ``before`` ends a sentence, ``rest`` being the text that
    follows it without the white space between. Company A. is an end, J. Smith is none."""
    if rest[0].islower():
        return False
    if _ENUMERATOR_BEFORE.search(before):
        return False
    match = _WORD_BEFORE.search(before)
    if match is None:
        return True
    word = match[1]
    folded = word.casefold()
    following = re.match(r"[A-Za-z]+", rest)
    begins = following is not None and following[0].casefold() in _STARTERS
    if folded in ("no", "nos"):
        return not rest[0].isdigit()
    if folded in _NEVER_LAST:
        return False
    if folded in _SELDOM_LAST or _INITIALS.fullmatch(word):
        return begins
    if len(word) == 1 and word.isupper():
        previous = re.search(r"([A-Za-z]+)\s+$", before[: match.start()])
        return begins or (previous is not None and previous[1].casefold() in _LETTERED)
    return True
