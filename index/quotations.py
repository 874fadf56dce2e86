"""Quotation marks, brackets and title marks of a line: what stands inside of which pair."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter

from rag.types import Language

Pair = tuple[int, int]
"""Positions of an opening mark and of the one that closes it."""

LONGEST_WHOLE_QUOTATION = 200
"""Characters; inside of a longer quotation or parenthesis sentences are told apart after all."""

CLOSERS = "”’」』）】》〉〕)]"
TITLE_MARKS = "《〈"
PARENTHESES = "（(【[〔"
_PAIRS = dict(zip("“‘「『（(【[《〈〔", "”’」』）)】]》〉〕", strict=True))
# What may follow a closing quotation mark without beginning a new sentence.
GOES_ON = re.compile(
    r"[的之等，、；：,;:。和与或及是为罪）)》】—]|一[文案节词语说]|规定|条款|字样|内容|作为|并"
)


def enclosures(line: str, language: Language) -> list[Pair]:
    """Outermost pairs of quotation marks, brackets and title marks, as (opener, closer) positions;
    a mark without its partner on the same line counts for nothing."""
    stack: list[tuple[str, int]] = []
    waiting: Counter[str] = Counter()
    pairs: list[Pair] = []
    orphan = _orphan(line) if language == "zh" else -1
    for at, character in enumerate(line):
        if character == '"':
            opens = _opens(line, at) if language == "en" else not waiting['"']
            awaited = '"' if opens and at != orphan else ""
        else:
            awaited = _PAIRS.get(character, "")
        if awaited:
            stack.append((awaited, at))
            waiting[awaited] += 1
        elif waiting[character]:
            while True:  # marks opened since and never closed are dropped
                awaited, opener = stack.pop()
                waiting[awaited] -= 1
                if awaited == character:
                    break
            pairs.append((opener, at))
    outermost: list[Pair] = []
    for opener, closer in sorted(pairs):
        if not outermost or opener > outermost[-1][1]:
            outermost.append((opener, closer))
    return outermost


def _orphan(line: str) -> int:
    """The first straight quotation mark where it closes a quotation that an earlier line opened."""
    at = line.find('"')
    return at if line.count('"') % 2 and GOES_ON.match(line, at + 1) else -1


def _opens(line: str, at: int) -> bool:
    before = line[at - 1] if at else " "
    return before.isspace() or before in "([（【“‘—-"


def enclosing(pairs: list[Pair], at: int, whole: bool) -> Pair | None:
    """The pair that encloses position ``at``. ``whole``: only one short enough never to be cut."""
    index = bisect_left(pairs, (at, 0)) - 1
    if index < 0 or not pairs[index][0] < at < pairs[index][1]:
        return None
    opener, closer = pairs[index]
    return None if whole and closer - opener > LONGEST_WHOLE_QUOTATION else (opener, closer)
