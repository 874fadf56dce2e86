"""What a run keeps of one question: enough to recompute every figure and to read what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.evidence import Evidence, section_key
from eval.judgement import Judgement
from eval.questions import Question
from rag.protocols import Collection
from rag.types import Answer, Citation, Hit, Timings


@dataclass(frozen=True, slots=True)
class Ranking:
    found: tuple[str, ...]
    """Ids, best first."""
    relevant: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Retrieval:
    evidence: Ranking
    """Passage ids; relevant are the passages that overlap the evidence."""
    sections: Ranking
    """Section keys. A section stands at the rank of its first passage; its later passages
    hold their ranks as "again:<passage id>", so that ranks are still counted in passages and no
    section is counted twice."""


@dataclass(frozen=True, slots=True)
class CitedSpan:
    marker: int
    case_number: int | None
    section: str
    source_sha256: str
    start: int
    end: int

    @classmethod
    def of(cls, c: Citation) -> CitedSpan:
        return cls(c.marker, c.case_number, c.section, c.source_sha256, c.start, c.end)


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    kind: str
    lang: str
    edition: str
    cases: tuple[int | None, ...]
    question: str
    answerable: bool
    expected: str
    """The set's answer, or why there is none."""
    must: tuple[tuple[str, ...], ...]
    located: bool
    """All its evidence stands in the collection."""
    sections: tuple[str, ...]
    """Keys of the sections that a right answer cites."""
    abstained: bool
    abstention_reason: str | None
    confidence: float | None
    answer: str
    citations: tuple[CitedSpan, ...]
    judgement: Judgement
    timings: Timings
    retrieval: Retrieval | None
    """None where nothing is to be found: unanswerable, or evidence not located."""
    error: str | None = None
    """The message of the error that asking or searching raised."""
    evidence: tuple[str, ...] = ()
    """The set's pieces of it, for a reader. Empty where unanswerable, and in runs saved before they were
    kept."""

    @property
    def answered(self) -> bool:
        """An answer was given: neither declined nor failed."""
        return self.confidence is not None and not self.abstained


def make_row(
    question: Question,
    evidence: Evidence,
    retrieval: Retrieval | None,
    answer: Answer | None,
    judgement: Judgement,
    error: str | None,
) -> Row:
    """``answer`` None: asking failed, with ``error``."""
    return Row(
        id=question.id,
        kind=question.kind,
        lang=question.lang,
        edition=question.edition,
        cases=question.cases,
        question=question.question,
        answerable=question.answerable,
        expected=question.answer if question.answerable else question.why or "",
        must=question.must,
        located=evidence.located,
        sections=evidence.sections,
        abstained=answer is not None and answer.abstained,
        abstention_reason=answer.abstention_reason if answer else None,
        confidence=answer.confidence if answer else None,
        answer=answer.answer if answer else "",
        citations=tuple(map(CitedSpan.of, answer.citations)) if answer else (),
        judgement=judgement,
        timings=answer.timings if answer else Timings(),
        retrieval=retrieval,
        error=error,
        evidence=question.evidence,
    )


def rank(hits: Sequence[Hit], evidence: Evidence, collection: Collection) -> Retrieval:
    """A passage of any edition counts for its section, for the evidence only those that hold it."""
    seen: set[str] = set()
    sections = []
    for hit in hits:
        passage = hit.passage
        key = section_key(passage.case_number, passage.batch, passage.section)
        sections.append(f"again:{passage.id}" if key in seen else key)
        seen.add(key)
    holding = tuple(collection.passages[row].id for row in evidence.passages)
    return Retrieval(
        evidence=Ranking(tuple(hit.passage.id for hit in hits), holding),
        sections=Ranking(tuple(sections), evidence.sections),
    )
