"""Text as it is compared: NFKC, one kind of quotation mark, no white space.

Two copies of one judgment differ in line breaks, full-width digits and curly quotes; none of these
makes a fact another fact. Folding goes character by character, so that every folded character
knows the source offset it came from.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_QUOTES = str.maketrans("“”„‟〝〞‘’‚‛", '""""""' + "''''")


def _folded(character: str) -> str:
    # NFKC may turn one character into several ("…" into "..."), some of them blank.
    folded = unicodedata.normalize("NFKC", character.translate(_QUOTES))
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c) != "Cf")


def fold(text: str) -> str:
    return "".join(map(_folded, text))


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; ``offsets[i]`` is where its character ``i`` stands in the source."""

    text: str
    offsets: tuple[int, ...]

    @classmethod
    def of(cls, text: str, start: int = 0) -> Folded:
        """``start`` is added to every offset: where ``text`` begins in its source."""
        pairs = [(c, start + at) for at, original in enumerate(text) for c in _folded(original)]
        return cls("".join(c for c, _ in pairs), tuple(at for _, at in pairs))

    def occurrences(self, wanted: str) -> Iterator[tuple[int, int]]:
        """Source spans (start, end) of every place where ``wanted`` stands, left to right."""
        needle = fold(wanted)
        at = self.text.find(needle) if needle else -1
        while at >= 0:
            yield self.offsets[at], self.offsets[at + len(needle) - 1] + 1
            at = self.text.find(needle, at + len(needle))
