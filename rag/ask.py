"""One question, from the request to the proved answer."""

from __future__ import annotations

import logging
import time
from dataclasses import replace

from rag.choice import choose
from rag.citations import check, cite, compose
from rag.confidence import THRESHOLDS, confidence, score
from rag.errors import AnswerUnproved, BadQuestion
from rag.evidence import candidates
from rag.protocols import Collection, Embedder
from rag.question import Query, understand
from rag.retrieval import retrieve, section_rows
from rag.types import Answer, Citation, Hit, Passage, Request, SearchResult, Sentence, Timings
from rag.wording import (
    batches_not_held,
    cases_not_held,
    filters_exclude,
    no_evidence,
    section_not_held,
    some_cases_missing,
)

READ = 10
"""How many of the retrieved passages have their sentences weighed."""

_log = logging.getLogger(__name__)


def ask(request: Request, collection: Collection, embedder: Embedder) -> Answer:
    """Answer one question, or abstain. Raises BadQuestion."""
    started = time.perf_counter()
    if request.mode == "generative":
        raise BadQuestion("Mode 'generative' needs a language model, and none is configured: use 'auto'.")
    query = understand(request, collection)
    declined = _declined(query)
    if declined:
        return _finish(query, collection, started, declined=declined)
    if query.wants_sections and query.case_numbers:
        sections = _whole_sections(query, collection)
        if not sections:
            return _finish(query, collection, started, declined=("section_not_held", section_not_held(query)))
        return _finish(query, collection, started, citations=sections, certainty=1.0)

    vector = embedder.embed_queries([query.text])[0]
    embedded = time.perf_counter()
    hits = retrieve(query, vector, collection, max(request.top_k, READ))
    retrieved = time.perf_counter()
    found = candidates(query, hits[:READ], vector, collection)
    scores = score(found)
    chosen = choose(query, found, scores)
    certainty = confidence(query, found, scores, hits, collection)
    timings = Timings(embed=1e3 * (embedded - started), retrieve=1e3 * (retrieved - embedded))
    hits = hits[: request.top_k]
    if certainty < THRESHOLDS[query.language] or not chosen:
        declined = ("no_evidence", no_evidence(query))
        return _finish(
            query, collection, started, declined=declined, hits=hits, certainty=certainty, timings=timings
        )
    citations = [_cited(i, c.passage, c.sentence, collection) for i, c in enumerate(chosen, 1)]
    return _finish(
        query, collection, started, citations=citations, hits=hits, certainty=certainty, timings=timings
    )


def search(request: Request, collection: Collection, embedder: Embedder) -> SearchResult:
    """Rank passages for one question. Raises BadQuestion."""
    started = time.perf_counter()
    query = understand(request, collection)
    hits: tuple[Hit, ...] = ()
    embedded = started
    if not query.contradiction:
        vector = embedder.embed_queries([query.text])[0]
        embedded = time.perf_counter()
        hits = retrieve(query, vector, collection, request.top_k)
    ended = time.perf_counter()
    return SearchResult(
        hits=hits,
        language=query.language,
        snapshot=collection.snapshot_id,
        interpreted_as=query.text,
        warnings=_warnings(query),
        timings=Timings(
            embed=1e3 * (embedded - started),
            retrieve=1e3 * (ended - embedded),
            total=1e3 * (ended - started),
        ),
    )


def _declined(query: Query) -> tuple[str, str] | None:
    """Reason and wording where the question can be declined without looking."""
    if query.missing_cases and not query.case_numbers:
        return "case_not_held", cases_not_held(query)
    if query.missing_batches and not query.batches:
        return "batch_not_held", batches_not_held(query)
    if query.contradiction:
        return "filters_exclude", filters_exclude(query)
    return None


def _whole_sections(query: Query, collection: Collection) -> list[Citation]:
    """One citation a sentence of the sections that the question asks for, in source order."""
    citations: list[Citation] = []
    for row in section_rows(query, collection).tolist():
        for i in collection.sentence_rows(row):
            citations.append(
                _cited(len(citations) + 1, collection.passages[row], collection.sentences[i], collection)
            )
    return citations


def _cited(marker: int, passage: Passage, sentence: Sentence, collection: Collection) -> Citation:
    return cite(
        marker,
        passage,
        sentence.start,
        sentence.end,
        sentence.paragraph,
        sentence.subsection,
        collection.source(passage.source_sha256).text,
    )


def _warnings(query: Query) -> tuple[str, ...]:
    return (some_cases_missing(query),) if query.missing_cases and query.case_numbers else ()


def _finish(
    query: Query,
    collection: Collection,
    started: float,
    *,
    declined: tuple[str, str] | None = None,
    citations: list[Citation] | None = None,
    hits: tuple[Hit, ...] = (),
    certainty: float = 0.0,
    timings: Timings = Timings(),  # noqa: B008 - frozen
) -> Answer:
    """Put the answer together and prove it: one that fails its own check is not served."""
    total = 1e3 * (time.perf_counter() - started)
    spent = timings.embed + timings.retrieve
    answer = Answer(
        answer=declined[1] if declined else compose(citations or ()),
        abstained=declined is not None,
        abstention_reason=declined[0] if declined else None,
        citations=tuple(citations or ()),
        passages=hits,
        language=query.language,
        mode="extractive",
        model=collection.model,
        snapshot=collection.snapshot_id,
        confidence=certainty,
        interpreted_as=query.text,
        warnings=_warnings(query),
        timings=replace(timings, answer=max(0.0, total - spent), total=total),
    )
    try:
        check(answer, collection)
    except AnswerUnproved as error:
        _log.error("answer_unproved reason=%s snapshot=%s", error, collection.snapshot_id)
        return replace(
            answer,
            answer=no_evidence(query),
            abstained=True,
            abstention_reason="answer_unproved",
            citations=(),
            warnings=(*answer.warnings, "An answer was found but failed the check of its citations."),
        )
    return answer
