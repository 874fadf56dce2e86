"""The one shape that every public set is read into."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from rag.errors import JianliError
from rag.types import Language


class PublicSetRefused(JianliError):
    """A public set is absent, or not what its format says; the message names the file and the fault."""

    code = "public_set_refused"


@dataclass(frozen=True, slots=True)
class PublicText:
    id: str
    title: str
    """"" where the set gives none."""
    text: str
    language: Language

    @property
    def sha256(self) -> str:
        """As in ``rag.types.Source``: two texts that are the same to the character are one source."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class TextSpan:
    """Code points of a text, half open."""

    text: str
    """Its id."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PublicQuestion:
    id: str
    text: str
    home: str
    """Id of the text that it was asked of; of the first where it was asked of several."""
    answerable: bool
    """In its home: another text of the set may answer it all the same."""
    answers: tuple[str, ...]
    """Different ones, in the set's order; empty where unanswerable. "YES" and "NO" are answers too."""
    spans: tuple[TextSpan, ...]
    """Where answers stand. Empty where unanswerable, and where no answer stands in a text word for word."""
    group: str = ""
    """Part of the set that is counted by itself; "" where there are none."""


@dataclass(frozen=True, slots=True)
class PublicSet:
    """Raises PublicSetRefused where it is made of parts that do not fit together."""

    name: str
    """The file or folder, for messages."""
    texts: tuple[PublicText, ...]
    questions: tuple[PublicQuestion, ...]
    notes: tuple[str, ...] = ()
    """What was mended or left out while it was read."""

    def __post_init__(self) -> None:
        if not self.texts or not self.questions:
            raise PublicSetRefused(f"{self.name}: holds no {'question' if self.texts else 'text'}")
        self._refuse_repeats("text", (text.id for text in self.texts))
        self._refuse_repeats("question", (question.id for question in self.questions))
        lengths = {text.id: len(text.text) for text in self.texts}
        for question in self.questions:
            if question.home not in lengths:
                raise PublicSetRefused(f"{self.name}: question {question.id} is of no text of the set")
            for span in question.spans:
                if not 0 <= span.start < span.end <= lengths.get(span.text, 0):
                    raise PublicSetRefused(
                        f"{self.name}: question {question.id}: {span.start} to {span.end} is no place in "
                        f"text {span.text}, which has {lengths.get(span.text, 0)} characters"
                    )

    @property
    def digest(self) -> str:
        """SHA-256 over texts and questions in order: two runs with the same one measured on the same."""
        parts = [asdict(text) for text in self.texts] + [asdict(question) for question in self.questions]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def _refuse_repeats(self, what: str, ids: Iterable[str]) -> None:
        id_, count = Counter(ids).most_common(1)[0]
        if count > 1:
            raise PublicSetRefused(f"{self.name}: the {what} id {id_} stands {count} times")
