"""The contract's rules for an answer, checked without the code that makes or checks answers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

_MARKERS = re.compile(r"((?:\s*\[\d+\])+)")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def numbers(text: str) -> set[str]:
    return {found.replace(",", "") for found in re.findall(r"\d+(?:[.,]\d+)*", _folded(text))}


def claims(text: str) -> list[tuple[str, list[int]]]:
    """An answer cut after every run of markers: the words, and the markers that follow them."""
    pieces = _MARKERS.split(text)
    found = [
        (words, [int(marker) for marker in re.findall(r"\d+", markers)])
        for words, markers in zip(pieces[::2], [*pieces[1::2], ""], strict=True)
    ]
    return found[:-1] if not found[-1][0].strip() else found


def faults(answer: Mapping[str, Any], text_of: Callable[[str], str]) -> list[str]:
    """What an answer, as JSON carries it, breaks of the contract. ``text_of``: the source text of a
    sha256."""
    citations = answer["citations"]
    if answer["abstained"]:
        return _faults_of_abstention(answer)
    found = []
    if answer["abstention_reason"] is not None:
        found.append("an answer gives a reason for abstaining")
    if [c["marker"] for c in citations] != list(range(1, len(citations) + 1)):
        found.append("the markers are not 1, 2, 3, …")
    for c in citations:
        text = text_of(c["source_sha256"])
        if sha256(text.encode()).hexdigest() != c["source_sha256"]:
            found.append(f"[{c['marker']}]: the source has another sha256")
        if not c["quote"].strip() or not 0 <= c["start"] < c["end"] <= len(text):
            found.append(f"[{c['marker']}]: an empty quote, or offsets outside the source")
        if text[c["start"] : c["end"]] != c["quote"]:
            found.append(f"[{c['marker']}]: the quote does not stand at its offsets")
    if not citations:
        found.append("an answer without a citation")
    quotes = {c["marker"]: c["quote"] for c in citations}
    used: set[int] = set()
    for words, markers in claims(answer["answer"]):
        if not words.strip() or not markers:
            found.append(f"no marker, or no words: {words!r} {markers}")
        if not set(markers) <= set(quotes):
            found.append(f"a marker of {markers} has no citation")
            continue
        used |= set(markers)
        cited = " ".join(quotes[marker] for marker in markers)
        if not numbers(words) <= numbers(cited):
            found.append(f"numbers that are not cited: {numbers(words) - numbers(cited)}")
        if answer["mode"] == "extractive" and _folded(words).strip() != _folded(cited).strip():
            found.append(f"not the words of the source: {words!r}")
    if used != set(quotes):
        found.append(f"citations without a marker: {set(quotes) - used}")
    return found


def _faults_of_abstention(answer: Mapping[str, Any]) -> list[str]:
    found = []
    if answer["citations"]:
        found.append("an abstention cites")
    if not answer["abstention_reason"]:
        found.append("an abstention without a reason")
    if _MARKERS.search(answer["answer"]):
        found.append("an abstention with a marker")
    if not answer["answer"].strip() or bool(_HAN.search(answer["answer"])) < (answer["language"] == "zh"):
        found.append("an abstention that says nothing in the question's language")
    return found
