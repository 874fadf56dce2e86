"""Splits Chinese and English text into the terms that the lexical index counts.

Latin words are stemmed, numbers stay whole, Han characters become overlapping pairs: no dictionary
decides where a Chinese word ends, and a name that none holds is found all the same.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import pairwise
from threading import Lock

import snowballstemmer

TERMS_VERSION = "1"
"""Raise it with every change that makes other terms of the same text."""

HAN_UNIGRAMS = False
"""Whether every Han character is a term too, besides the pairs."""

_STOP_WORDS = """
a an and are as at be been but by did do does for from had has have he her his how i if in into
is it its me my of on or our she so such than that the their them then there these they this to
was we were what when where which who whom why will with would you your
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())

_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_TOKEN = re.compile(
    rf"(?P<number>\d{{1,3}}(?:,\d{{3}})+(?!\d)(?:\.\d+)*|\d+(?:\.\d+)*)"
    rf"|(?P<han>[{_HAN}]+)"
    rf"|(?P<word>[^\W\d_{_HAN}]+(?:'[^\W\d_{_HAN}]+)*)"
)
_stemming = Lock()


def terms(text: str, *, unigrams: bool = HAN_UNIGRAMS) -> list[str]:
    """Terms of ``text`` in order, repeats kept.

    >>> terms("50,000 polluted rivers of 长江, 排污")
    ['50000', 'pollut', 'river', '长江', '排污']
    """
    found: list[str] = []
    normal = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    for match in _TOKEN.finditer(normal):
        token = match.group()
        if match.lastgroup == "number":
            found.append(token.replace(",", ""))
        elif match.lastgroup == "word":
            if token not in STOP_WORDS:
                found.append(_stem(token))
        else:
            if unigrams or len(token) == 1:
                found.extend(token)
            found.extend(map("".join, pairwise(token)))
    return found


@cache
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=65536)
def _stem(word: str) -> str:
    with _stemming:  # a Snowball stemmer keeps the word that it works on in itself
        stem: str = _stemmer().stemWord(word)
    return stem
