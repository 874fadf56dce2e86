"""The cases' passages as they will be searched, where a piece of evidence stands in them, and the paragraph
of the other edition that a piece of one translates. Knows ``index``: what is trained on is what is built.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any, cast

from eval.folding import Folded
from index.document import Document
from index.passages import edition_passages
from index.plan import plan_snapshot
from index.seeds import read_paths
from rag.types import Edition, Language, Paragraph, Passage, Section, Sentence

SHARED = Path(__file__).resolve().parents[3] / "shared"
TRAINING_CASES = frozenset(range(1, 174)) - frozenset(range(85, 90))
"""Cases 85-89 are batch 23, a test set. The split is that of ../shared/questions/README.md."""
DEVELOPMENT_CASES = frozenset(range(174, 202))

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class _NoModel:
    """plan_snapshot only notes an embedder's name and dimensions."""

    name: str = "none"
    dimensions: int = 1


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece of a text stands."""

    language: Language
    start: int
    end: int
    rows: tuple[int, ...]
    """Of the passages that overlap it."""


class Cases:
    """Passages of some cases, one edition for each case and language."""

    def __init__(self, documents: Sequence[Document], wanted: Iterable[int]) -> None:
        numbers = set(wanted)
        plan = plan_snapshot(documents, (), cast(Any, _NoModel()))
        sources = {source.sha256: source for source in plan.sources}
        self.passages: list[Passage] = []
        self.sentences: list[list[Sentence]] = []
        """Of each passage."""
        self._editions: dict[tuple[int, Language], Edition] = {}
        self._texts: dict[tuple[int, Language], str] = {}
        self._rows: dict[tuple[int, Language], range] = {}
        for edition in plan.editions:
            if edition.case_number not in numbers:
                continue
            key = (edition.case_number, edition.language)
            source = sources[edition.source_sha256]
            first = len(self.passages)
            passages, sentences = edition_passages(source, edition, plan.makers.max_tokens, first)
            self.passages += passages
            self.sentences += [[] for _ in passages]
            for sentence in sentences:
                self.sentences[sentence.passage].append(sentence)
            self._editions[key] = edition
            self._texts[key] = source.text
            self._rows[key] = range(first, len(self.passages))
        self._folded = cache(self._fold)
        self._folded_passage = cache(self._fold_passage)
        self._joined = cache(self._join)

    @classmethod
    def read(cls, wanted: Iterable[int]) -> Cases:
        """From ../shared/corpus; batch 23 is no part of it here."""
        documents, _ = read_paths([SHARED / "corpus" / "spp-zh", SHARED / "corpus" / "english"])
        return cls(documents, wanted)

    def rows(self, case: int, language: Language) -> range:
        return self._rows.get((case, language), range(0))

    def text(self, case: int, language: Language) -> str:
        """The whole source text of the edition: what every ``start`` and ``end`` points into."""
        return self._texts[case, language]

    def places(self, case: int, language: Language, piece: str) -> list[Place]:
        """Every place in the case's edition where ``piece`` stands, white space and quotes apart."""
        if (case, language) not in self._editions:
            return []
        spans = self._folded(case, language).occurrences(piece)
        places = [Place(language, start, end, self._over(case, language, start, end)) for start, end in spans]
        return [place for place in places if place.rows]

    def parallel(self, case: int, place: Place) -> tuple[int, tuple[int, ...]] | None:
        """The passage of the other language's edition most likely to say what ``place`` says, and all the
        passages of its paragraph; None where there is no such place.

        Paragraph number for paragraph number where a section has as many in both editions, else by the
        place in proportion. Of a long paragraph's passages the one that holds most of the numbers of
        ``place`` is taken, and of those the one nearest to the place in proportion.
        """
        language: Language = "zh" if place.language == "en" else "en"
        own, other = self._editions.get((case, place.language)), self._editions.get((case, language))
        if own is None or other is None:
            return None
        found = _counterpart(own, other, place.start)
        if found is None:
            return None
        paragraph, counterpart = found
        rows = self._over(case, language, counterpart.start, counterpart.end)
        if not rows:
            return None
        share = (place.start - paragraph.start) / max(1, paragraph.end - paragraph.start)
        middle = counterpart.start + share * (counterpart.end - counterpart.start)
        numbers = set(_NUMBER.findall(self._texts[case, place.language][place.start : place.end]))

        def merit(row: int) -> tuple[int, float]:
            passage = self.passages[row]
            same = len(numbers & set(_NUMBER.findall(passage.text)))
            return same, -abs((passage.start + passage.end) / 2 - middle)

        return max(rows, key=merit), rows

    def holding(self, piece: str, language: Language) -> set[int]:
        """Rows of all passages of that language that hold ``piece`` whole."""
        needle = Folded.of(piece).text
        text, rows, starts = self._joined(language)
        found: set[int] = set()
        at = text.find(needle) if needle else -1
        while at >= 0:  # a line holds one passage, and no folded text a line break
            found.add(rows[bisect_right(starts, at) - 1])
            at = text.find(needle, at + 1)
        return found

    def folded(self, row: int) -> str:
        return self._folded_passage(row)

    def _fold(self, case: int, language: Language) -> Folded:
        edition = self._editions[case, language]
        return Folded.of(self._texts[case, language][edition.start : edition.end], edition.start)

    def _fold_passage(self, row: int) -> str:
        return Folded.of(self.passages[row].text).text

    def _join(self, language: Language) -> tuple[str, list[int], list[int]]:
        """All passages of a language, one a line; their rows, and where their lines begin."""
        rows = [row for row, passage in enumerate(self.passages) if passage.language == language]
        lines = [self.folded(row) for row in rows]
        return "\n".join(lines), rows, list(accumulate((len(line) + 1 for line in lines), initial=0))

    def _over(self, case: int, language: Language, start: int, end: int) -> tuple[int, ...]:
        rows = self._rows[case, language]
        return tuple(r for r in rows if self.passages[r].start < end and start < self.passages[r].end)


def _counterpart(own: Edition, others: Edition, at: int) -> tuple[Paragraph, Paragraph] | None:
    """The paragraph at ``at`` of ``own`` and its counterpart. Sections are matched by kind and turn."""
    for section, other in _matched(own.sections, others.sections):
        for number, paragraph in enumerate(section.paragraphs):
            if paragraph.start <= at < paragraph.end:
                if len(section.paragraphs) == len(other.paragraphs):
                    return paragraph, other.paragraphs[number]
                share = (at - section.start) / max(1, section.end - section.start)
                middle = other.start + share * (other.end - other.start)
                return paragraph, min(
                    other.paragraphs, key=lambda p: max(p.start - middle, middle - p.end, 0.0)
                )
    return None


def _matched(ones: Sequence[Section], others: Sequence[Section]) -> list[tuple[Section, Section]]:
    waiting: dict[str, list[Section]] = defaultdict(list)
    for other in others:
        if other.paragraphs:
            waiting[other.id].append(other)
    return [(one, waiting[one.id].pop(0)) for one in ones if one.paragraphs and waiting[one.id]]
