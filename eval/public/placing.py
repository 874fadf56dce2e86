"""Where answers stand in their texts. Sets are not always right about it, and then it is looked for."""

from __future__ import annotations

from eval.public.node import Node
from eval.public.public_set import TextSpan

MOST_ABSENT = 0.1
"""Share of the answers that may be absent from their texts. CMRC 2018's development set has 2 % that its
annotators worded themselves; many more mean that texts and answers do not belong together."""


class Placing:
    """Places the answers of one file, and counts what does not stand where the file says."""

    def __init__(self) -> None:
        self._placed = 0
        self._moved = 0
        self._absent: list[Node] = []

    def place(self, answer: Node, text_id: str, text: str) -> TextSpan | None:
        """``answer``: an object with ``text`` and ``answer_start``. Where it does not stand there, the
        nearest place in ``text`` where it does; None where there is none. Raises PublicSetRefused."""
        words, start = answer.field("text").filled(), answer.field("answer_start").integer()
        if start < 0 or not text.startswith(words, start):
            places = _places(text, words)
            if not places:
                self._absent.append(answer)
                return None
            self._moved += 1
            start = min(places, key=lambda place: abs(place - start))
        self._placed += 1
        return TextSpan(text_id, start, start + len(words))

    def notes(self) -> tuple[str, ...]:
        """Raises PublicSetRefused where more than MOST_ABSENT of the answers are absent."""
        total = self._placed + len(self._absent)
        if len(self._absent) > MOST_ABSENT * total:
            raise self._absent[0].refusal(
                f"does not stand in its text, nor do {len(self._absent) - 1} of the other {total - 1} "
                "answers: texts and answers do not belong together, or were decoded in different ways"
            )
        notes = []
        if self._moved:
            notes.append(
                f"{self._moved} of {total} answers do not stand at their answer_start; the nearest place was "
                "taken"
            )
        if self._absent:
            notes.append(f"{len(self._absent)} of {total} answers do not stand in their texts word for word")
        return tuple(notes)


def _places(text: str, words: str) -> list[int]:
    places = []
    at = text.find(words)
    while at >= 0:
        places.append(at)
        at = text.find(words, at + 1)
    return places
