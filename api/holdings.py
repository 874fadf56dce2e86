"""What is held, as a caller sees it: cases, their editions, batches."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from pydantic import BaseModel

from rag.protocols import Collection
from rag.types import Edition, Language, Section


class CaseSummary(BaseModel):
    case_number: int
    title: str
    batch: int | None
    languages: list[Language]
    titles: dict[Language, str]


class CaseList(BaseModel):
    cases: list[CaseSummary]
    total: int
    limit: int
    offset: int
    next: str | None


class SectionView(BaseModel):
    """`text` is `start`..`end` of the source text, in code points."""

    id: str
    heading: str
    start: int
    end: int
    text: str


class EditionView(BaseModel):
    language: Language
    title: str
    source: str
    source_sha256: str
    start: int
    end: int
    sections: list[SectionView]


class CaseView(BaseModel):
    case_number: int
    title: str
    batch: int | None
    editions: list[EditionView]


class SourceRef(BaseModel):
    source: str
    source_sha256: str
    language: Language


class BatchView(BaseModel):
    batch: int | None
    cases: list[int]
    languages: list[Language]
    sources: list[SourceRef]


class BatchList(BaseModel):
    batches: list[BatchView]


def batch_view(number: int | None, editions: list[Edition]) -> BatchView:
    sources = {
        e.source_sha256: SourceRef(source=e.source, source_sha256=e.source_sha256, language=e.language)
        for e in editions
    }
    return BatchView(
        batch=number,
        cases=sorted({e.case_number for e in editions if e.case_number is not None}),
        languages=unique(e.language for e in editions),
        sources=list(sources.values()),
    )


def by_number(collection: Collection) -> list[tuple[int, list[Edition]]]:
    groups: dict[int, list[Edition]] = {}
    for edition in collection.editions:
        if edition.case_number is not None:
            groups.setdefault(edition.case_number, []).append(edition)
    return sorted(groups.items())


def summary(number: int, editions: list[Edition]) -> CaseSummary:
    # The Chinese text is the original: its title stands for the case where it is held.
    first = min(editions, key=lambda e: e.language != "zh")
    return CaseSummary(
        case_number=number,
        title=first.title,
        batch=next((e.batch for e in editions if e.batch is not None), None),
        languages=unique(e.language for e in editions),
        titles={e.language: e.title for e in reversed(editions)},
    )


def edition_view(collection: Collection, edition: Edition, sections: list[str]) -> EditionView:
    text = collection.source(edition.source_sha256).text

    def view(section: Section) -> SectionView:
        words = text[section.start : section.end]
        return SectionView(
            id=section.id, heading=section.heading, start=section.start, end=section.end, text=words
        )

    return EditionView(
        language=edition.language,
        title=edition.title,
        source=edition.source,
        source_sha256=edition.source_sha256,
        start=edition.start,
        end=edition.end,
        sections=[view(s) for s in edition.sections if not sections or s.id in sections],
    )


def unique(languages: Iterable[Language]) -> list[Language]:
    return sorted(set(languages))


def folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
