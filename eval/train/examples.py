"""What the reader is trained on: a question, passages as they are retrieved, and which sentences answer."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from eval.folding import fold
from eval.questions import Question
from eval.train.alignment import counterparts
from eval.train.corpus import Cases, Place
from eval.train.recall import Embed
from index.passages import embedded
from rag.evidence import window
from rag.protocols import Vectors, Window
from rag.types import Language

WINDOWS = 3
"""Of a question in a step."""
NEAREST = 12
"""Passages most like a question from which its negatives are drawn."""
HELD_BY = 0.3
"""Share of a sentence or of the evidence in it from which on the sentence answers."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A window with what is known of its sentences: 1 answers, 0 does not, -1 is not judged."""

    window: Window
    labels: tuple[int, ...]

    @property
    def answered(self) -> int:
        """The same of the window."""
        return 1 if 1 in self.labels else -1 if -1 in self.labels else 0


@dataclass(frozen=True, slots=True)
class Example:
    id: str
    pair: str | None
    """The question that this one differs from in one detail."""
    question: str
    case: int
    language: Language
    """Of the passages."""
    gold: tuple[int, ...]
    """Rows of the passages with evidence, the fullest first; empty where there is no answer."""
    right: tuple[Span, ...]
    doubtful: tuple[Span, ...]
    wanted: tuple[tuple[str, ...], ...]
    """Folded groups of facts: a sentence with one of each group is not wrong."""
    near: tuple[int, ...]
    """Rows most like the question that do not hold the answer, the nearest first."""
    near_in_case: tuple[int, ...]


class Examples:
    """All examples of some questions over some cases."""

    def __init__(self, cases: Cases, questions: Sequence[Question], queries: Embed, passages: Embed) -> None:
        self._cases = cases
        self._rows = {
            language: [row for row, p in enumerate(cases.passages) if p.language == language]
            for language in ("zh", "en")
        }
        self._vectors = passages([embedded(p.context, p.text) for p in cases.passages])
        asked = dict(zip([q.id for q in questions], queries([q.question for q in questions]), strict=True))
        found = {q.id: self._places(q) for q in questions}
        other = counterparts(
            cases, [(q.case or 0, place) for q in questions for place in found[q.id]], passages
        )
        self.all: list[Example] = []
        for question in questions:
            case = question.case or 0
            places = found[question.id]
            if question.answerable and not places:
                continue
            self.all.append(self._example(question, question.edition, places, (), (), asked[question.id]))
            crossing: Language = "zh" if question.edition == "en" else "en"
            if not cases.rows(case, crossing):
                continue
            across = [other[case, place] for place in places if (case, place) in other]
            if question.answerable and len(across) < len(places):
                continue
            moved = [Place(crossing, *one.best, (one.row,)) for one in across]
            doubtful = [span for one in across for span in one.doubtful]
            also = [row for one in across for row in one.rows]
            self.all.append(self._example(question, crossing, moved, doubtful, also, asked[question.id]))

    def windows(self, example: Example, chosen: random.Random, count: int = WINDOWS) -> list[Labelled]:
        """The passages with the evidence, where there is any, and others that look like it, in a random
        order."""
        rows = list(example.gold[: max(1, count - 1)])
        rows += self._drawn(example, chosen, count - len(rows))
        chosen.shuffle(rows)
        return [self.labelled(example, row) for row in rows]

    def retrieved(self, example: Example, count: int) -> list[Labelled]:
        """As ``windows``, without chance: the passages with the evidence, then the nearest."""
        rows = list(dict.fromkeys([*example.gold, *example.near]))[:count]
        return [self.labelled(example, row) for row in rows]

    def labelled(self, example: Example, row: int) -> Labelled:
        passage = self._cases.passages[row]
        sentences = self._cases.sentences[row]
        labels = []
        mine = passage.case_number == example.case and passage.language == example.language
        for sentence in sentences:
            here = (sentence.start, sentence.end)
            if mine and any(_holds(here, span) for span in example.right):
                labels.append(1)
            elif mine and any(_overlap(here, span) for span in (*example.right, *example.doubtful)):
                labels.append(-1)
            else:
                text = fold(passage.text[sentence.start - passage.start : sentence.end - passage.start])
                every = example.wanted and all(any(f in text for f in group) for group in example.wanted)
                labels.append(-1 if every else 0)
        return Labelled(window(passage, sentences), tuple(labels))

    def _drawn(self, example: Example, chosen: random.Random, count: int) -> list[int]:
        pools = [list(example.near), list(example.near_in_case)]
        drawn: list[int] = []
        while len(drawn) < count and any(pools):
            pool = chosen.choice([p for p in pools if p])
            # The nearest twice as often as the farthest.
            at = min(chosen.randrange(len(pool)), chosen.randrange(len(pool)))
            row = pool.pop(at)
            if row not in drawn:
                drawn.append(row)
        return drawn

    def _places(self, question: Question) -> list[Place]:
        if question.case is None:
            return []
        pieces = question.evidence
        return [p for piece in pieces for p in self._cases.places(question.case, question.edition, piece)]

    def _example(
        self,
        question: Question,
        language: Language,
        places: Sequence[Place],
        doubtful: Iterable[Span],
        also: Iterable[int],
        vector: Vectors,
    ) -> Example:
        case = question.case or 0
        gold: dict[int, int] = {}
        for place in places:
            for row in place.rows:
                gold[row] = gold.get(row, 0) + 1
        wanted = tuple(tuple(map(fold, group)) for group in question.must)
        same = language == question.edition
        barred = {*gold, *also}
        if question.answerable:
            barred |= {
                row
                for row in self._cases.rows(case, language)
                if same and all(any(f in self._cases.folded(row) for f in group) for group in wanted)
            }
            for piece in question.evidence if same else ():
                barred |= self._cases.holding(piece, language)
        rows = self._rows[language]
        scores = self._vectors[rows] @ vector
        order = [rows[i] for i in np.argsort(-scores) if rows[i] not in barred]
        return Example(
            id=question.id,
            pair=question.pair,
            question=question.question,
            case=case,
            language=language,
            gold=tuple(sorted(gold, key=lambda row: (-gold[row], row))),
            right=tuple((p.start, p.end) for p in places),
            doubtful=tuple(doubtful),
            wanted=wanted if same else (),
            near=tuple(order[:NEAREST]),
            near_in_case=tuple([r for r in order if self._cases.passages[r].case_number == case][:4]),
        )


def _overlap(one: Span, other: Span) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def _holds(sentence: Span, evidence: Span) -> bool:
    """A sentence that a piece of evidence only touches with its end is no answer."""
    least = min(sentence[1] - sentence[0], evidence[1] - evidence[0])
    return _overlap(sentence, evidence) > HELD_BY * max(1, least)
