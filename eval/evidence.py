"""Where a question's evidence stands in a collection.

A question quotes the text it was written from, often a file of one case; the collection may hold
the same case in another file, with other line breaks. So evidence is looked for in every edition of
that case and language that the collection holds, on folded text, and becomes spans of its sources.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from eval.folding import Folded
from eval.questions import Question
from rag.protocols import Collection
from rag.types import Citation, Edition, Passage

EditionKey = tuple[int | None, str]


def section_key(case: int | None, batch: int | None, section: str) -> str:
    """Names a section in whatever language: "86/gist"; an announcement goes by its batch."""
    return f"{case}/{section}" if case is not None else f"batch{batch}/{section}"


@dataclass(frozen=True, slots=True)
class Span:
    source_sha256: str
    start: int
    end: int

    def overlaps(self, other: Passage | Citation) -> bool:
        return self.source_sha256 == other.source_sha256 and other.start < self.end and self.start < other.end


@dataclass(frozen=True, slots=True)
class Evidence:
    spans: tuple[Span, ...]
    passages: tuple[int, ...]
    """Rows of the passages that overlap a span, ascending."""
    sections: tuple[str, ...]
    """Keys of the sections that a right answer cites: the question's own ``section`` where it
    names one, else those that hold a span."""
    missing: tuple[str, ...]
    """Pieces of evidence that no passage of the collection holds."""

    @property
    def located(self) -> bool:
        return bool(self.passages) and not self.missing


class Locator:
    """Finds evidence in one collection; folded editions are kept, for each is asked many times."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._editions: dict[EditionKey, list[Edition]] = defaultdict(list)
        for edition in collection.editions:
            self._editions[edition.case_number, edition.language].append(edition)
        self._rows: dict[str, list[int]] = defaultdict(list)
        for row, passage in enumerate(collection.passages):
            self._rows[passage.source_sha256].append(row)
        self._folded: dict[Span, Folded] = {}

    def locate(self, question: Question) -> Evidence:
        spans: list[Span] = []
        rows: set[int] = set()
        sections: dict[str, None] = {}  # an ordered set
        missing = []
        for piece in question.evidence:
            places = [
                (span, edition, held)
                for case in question.cases
                for edition in self._editions[case, question.edition]
                for span in self._occurrences(edition, piece)
                if (held := self._holding(span))
            ]
            # A sentence of the gist may come again in the guiding significance: where the question
            # says which of them it means, the other is no evidence.
            meant = [place for place in places if question.section in _sections(place[1], place[0])]
            if not places:
                missing.append(piece)
            for span, edition, held in meant or places:
                spans.append(span)
                rows.update(held)
                for section in _sections(edition, span):
                    sections[section_key(edition.case_number, edition.batch, section)] = None
        return Evidence(tuple(spans), tuple(sorted(rows)), self._gold(question, sections), tuple(missing))

    def _gold(self, question: Question, found: dict[str, None]) -> tuple[str, ...]:
        if question.section is None or not question.answerable:
            return tuple(found)
        if None in question.cases:
            return tuple(key for key in found if key.endswith("/" + question.section))
        return tuple(section_key(case, None, question.section) for case in question.cases)

    def _occurrences(self, edition: Edition, piece: str) -> list[Span]:
        whole = Span(edition.source_sha256, edition.start, edition.end)
        if whole not in self._folded:
            text = self._collection.source(edition.source_sha256).text
            self._folded[whole] = Folded.of(text[edition.start : edition.end], edition.start)
        found = self._folded[whole].occurrences(piece)
        return [Span(edition.source_sha256, start, end) for start, end in found]

    def _holding(self, span: Span) -> list[int]:
        passages = self._collection.passages
        return [row for row in self._rows[span.source_sha256] if span.overlaps(passages[row])]


def _sections(edition: Edition, span: Span) -> list[str]:
    return [s.id for s in edition.sections if s.heading_start < span.end and span.start < s.end]
