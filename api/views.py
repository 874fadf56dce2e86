"""What a caller gets. The field names are the contract's."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from rag.types import Answer, Hit, Language, SearchResult


class _View(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class CitationView(_View):
    """The proof of one sentence. `quote` is `start`..`end` of the source text, in code points."""

    marker: int
    case_number: int | None
    case_title: str
    batch: int | None
    language: Language
    section: str
    section_heading: str
    subsection: str | None
    paragraph: int
    quote: str
    start: int
    end: int
    source: str
    source_sha256: str
    label: str
    url: str


class PassageView(_View):
    """A retrieved passage. `text` is `start`..`end` of the source text, in code points."""

    passage_id: str
    case_number: int | None
    case_title: str
    batch: int | None
    language: Language
    section: str
    section_heading: str
    subsection: str | None
    paragraph: int
    text: str
    start: int
    end: int
    source: str
    source_sha256: str
    score: float
    signals: dict[str, float]

    @classmethod
    def of(cls, hit: Hit) -> PassageView:
        p = hit.passage
        return cls(
            passage_id=p.id,
            case_number=p.case_number,
            case_title=p.case_title,
            batch=p.batch,
            language=p.language,
            section=p.section,
            section_heading=p.section_heading,
            subsection=p.subsection,
            paragraph=p.paragraph,
            text=p.text,
            start=p.start,
            end=p.end,
            source=p.source,
            source_sha256=p.source_sha256,
            score=hit.score,
            signals=hit.signals,
        )


class TimingsView(_View):
    """Wall-clock milliseconds."""

    embed: float
    retrieve: float
    read: float
    answer: float
    total: float


class OutcomeView(_View):
    """An answer without its citations and passages."""

    answer: str
    abstained: bool
    abstention_reason: str | None
    language: Language
    mode: Literal["extractive", "generative"]
    model: str
    snapshot: str
    confidence: float = Field(description="Estimated probability that the collection answers the question.")
    interpreted_as: str = Field(description="The question as it was understood.")
    warnings: list[str]
    timings_ms: TimingsView


class AnswerView(OutcomeView):
    citations: list[CitationView]
    passages: list[PassageView]


class SearchView(_View):
    passages: list[PassageView]
    language: Language
    snapshot: str
    interpreted_as: str
    warnings: list[str]
    timings_ms: TimingsView


def answer_view(answer: Answer) -> AnswerView:
    return AnswerView(
        **outcome(answer).__dict__, citations=citations(answer), passages=passages(answer.passages)
    )


def search_view(result: SearchResult) -> SearchView:
    return SearchView(
        passages=passages(result.hits),
        language=result.language,
        snapshot=result.snapshot,
        interpreted_as=result.interpreted_as,
        warnings=list(result.warnings),
        timings_ms=TimingsView.model_validate(result.timings),
    )


def outcome(answer: Answer) -> OutcomeView:
    return OutcomeView(
        answer=answer.answer,
        abstained=answer.abstained,
        abstention_reason=answer.abstention_reason,
        language=answer.language,
        mode=answer.mode,
        model=answer.model,
        snapshot=answer.snapshot,
        confidence=answer.confidence,
        interpreted_as=answer.interpreted_as,
        warnings=list(answer.warnings),
        timings_ms=TimingsView.model_validate(answer.timings),
    )


def citations(answer: Answer) -> list[CitationView]:
    return [CitationView.model_validate(citation) for citation in answer.citations]


def passages(hits: tuple[Hit, ...]) -> list[PassageView]:
    return [PassageView.of(hit) for hit in hits]
