"""Questions that are answered by a place, not by a search: a section of a case, the cases of a batch."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rag.citations import cite
from rag.evidence import coverage, terms_of
from rag.protocols import Collection, Embedder
from rag.question import Query
from rag.retrieval import retrieve, section_rows
from rag.terms import terms
from rag.types import Citation, Edition, Filters, Passage
from rag.wording import case_not_named, filters_exclude, section_not_held

KNOWN_BY = 0.5
"""Share of a description's words, weighted by idf, that a case must hold to be the one described."""

_LISTING = re.compile(
    r"\b(?:which|what|list|name|show)\b.{0,40}\bcases\b|\bcases\b.{0,30}\b(?:are|is|does|included|contained)\b|"
    r"(?:有|包括|包含|收录)?了?哪(?:些|几个?)(?:指导性?)?案例|案例(?:名单|目录|列表)|列出.{0,12}案例",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    r"\b(?:which|what|list|name|show|me|all|the|guiding|cases?|are|is|in|of|does|do|included|contained|contain|hold|"
    r"include|there|titles?|please|spp|batch|this)\b|有|包括|包含|收录|了|哪些|哪几个?|指导性?|案例|名单|目录|列表|列出|请|的|是|什么|中|里|\W",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Whole:
    """Either citations, or a reason and wording for declining."""

    citations: tuple[Citation, ...] = ()
    declined: tuple[str, str] | None = None


def whole(query: Query, collection: Collection, embedder: Embedder) -> Whole | None:
    """The answer to a request for whole sections or for a list of cases; None for any other question."""
    if query.batches and not query.sections and _asks_for_cases(query):
        return Whole(_titles(query, collection))
    if query.overview:
        query = replace(query, sections=("gist",), wants_sections=True)
    elif query.described:
        case = _case_described(query, collection, embedder)
        if case is None:
            return Whole(declined=("case_not_named", case_not_named(query)))
        query = replace(query, case_numbers=(case,), wants_sections=True)
    if not query.wants_sections or query.sections == ("announcement",):
        return None
    cases = query.case_numbers or _cases_of(query.filters, collection)
    if not cases:
        return Whole(declined=("case_not_named", case_not_named(query)))
    asked = replace(query, case_numbers=cases)
    citations = _sections(asked, collection)
    if citations:
        return Whole(citations)
    unfiltered = replace(asked, filters=Filters(case_numbers=cases))
    if _sections(unfiltered, collection):
        return Whole(declined=("filters_exclude", filters_exclude(query)))
    return Whole(declined=("section_not_held", section_not_held(asked)))


def _asks_for_cases(query: Query) -> bool:
    return bool(_LISTING.search(query.question)) and not re.sub(
        r"[\d零一二三四五六七八九十百第批]|(?:st|nd|rd|th)\b|[a-z]+-?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tieth)",
        "",
        _PLAIN.sub("", query.question),
        flags=re.IGNORECASE,
    )


def _cases_of(filters: Filters, collection: Collection) -> tuple[int, ...]:
    """The cases that the filters leave where they name cases or batches; the only one held otherwise."""
    numbers = {e.case_number for e in collection.editions if e.case_number is not None}
    if filters.case_numbers:
        return filters.case_numbers
    if filters.batches:
        numbers = {e.case_number for e in collection.editions if e.batch in filters.batches and e.case_number}
        return tuple(sorted(n for n in numbers if n is not None))
    return tuple(n for n in numbers if n is not None) if len(numbers) == 1 else ()


def _sections(query: Query, collection: Collection) -> tuple[Citation, ...]:
    """One citation a sentence, in source order."""
    found: list[Citation] = []
    for row in section_rows(query, collection).tolist():
        passage = collection.passages[row]
        text = collection.source(passage.source_sha256).text
        for i in collection.sentence_rows(row):
            s = collection.sentences[i]
            found.append(cite(len(found) + 1, passage, s.start, s.end, s.paragraph, s.subsection, text))
    return tuple(found)


def _case_described(query: Query, collection: Collection, embedder: Embedder) -> int | None:
    """The case that "the treadmill case" means: that of the best passage, if it holds the words. A
    description in another language than the text is not trusted: a wrong case is the worst answer."""
    search = replace(query, text=query.described, sections=())
    hits = retrieve(search, embedder.embed_queries([query.described])[0], collection, 5)
    if not hits or hits[0].passage.case_number is None:
        return None
    best = hits[0].passage
    held: frozenset[str] = frozenset().union(
        *(
            terms_of(hit.passage.context) | terms_of(hit.passage.text)
            for hit in hits
            if hit.passage.case_number == best.case_number
        )
    )
    weights = {term: collection.lexical.idf(term) for term in terms(query.described)}
    known = best.language == query.language and coverage(weights, held) >= KNOWN_BY
    return best.case_number if known else None


def _titles(query: Query, collection: Collection) -> tuple[Citation, ...]:
    """The title line of every case of the batches named, one edition a case."""
    editions: dict[int, Edition] = {}
    for edition in collection.editions:
        if edition.case_number is not None and edition.batch in query.batches:
            held = editions.get(edition.case_number)
            if held is None or (held.language != query.language and edition.language == query.language):
                editions[edition.case_number] = edition
    found: list[Citation] = []
    for number, edition in sorted(editions.items()):
        text = collection.source(edition.source_sha256).text
        start = text.find(edition.title, max(0, edition.start - len(edition.title) - 200), edition.end)
        if start >= 0 and edition.title:
            end = start + len(edition.title)
            found.append(
                cite(len(found) + 1, _title_line(number, edition, start, end), start, end, 1, None, text)
            )
    return tuple(found)


def _title_line(number: int, edition: Edition, start: int, end: int) -> Passage:
    return Passage(
        id=f"{number}-{edition.language}-title",
        case_number=number,
        case_title=edition.title,
        batch=edition.batch,
        language=edition.language,
        section="other",
        section_heading="标题" if edition.language == "zh" else "Title",
        subsection=None,
        paragraph=1,
        start=start,
        end=end,
        text=edition.title,
        context="",
        source=edition.source,
        source_sha256=edition.source_sha256,
    )
