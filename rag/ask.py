"""One question, from the request to the proved answer."""

from __future__ import annotations

import logging
import time
from dataclasses import replace

from rag.across import across, over_several
from rag.citations import check, cite, compose
from rag.errors import AnswerUnproved, BadQuestion
from rag.leaning import with_antecedents
from rag.protocols import Collection, Embedder, Reader
from rag.question import Query, understand
from rag.retrieval import retrieve
from rag.types import Answer, Citation, Hit, Passage, Request, SearchResult, Sentence, Timings
from rag.weighing import weigh
from rag.whole import whole
from rag.wording import (
    batches_not_held,
    cases_not_held,
    filters_exclude,
    no_evidence,
    some_missing,
)

READ = 10
"""How many of the retrieved passages have their sentences weighed."""

_log = logging.getLogger(__name__)


def ask(request: Request, collection: Collection, embedder: Embedder, reader: Reader | None = None) -> Answer:
    """Answer one question, or abstain. Without a reader sentences are chosen by similarity alone, which is
    wrong more often. Raises BadQuestion."""
    started = time.perf_counter()
    if request.mode == "generative":
        raise BadQuestion("Mode 'generative' needs a language model, and none is configured: use 'auto'.")
    query = understand(request, collection)
    declined = _declined(query)
    if declined:
        return _finish(query, collection, started, declined=declined)
    place = whole(query, collection, embedder)
    if place is not None:
        return _finish(
            query,
            collection,
            started,
            declined=place.declined,
            citations=place.citations,
            certainty=0.0 if place.declined else 1.0,
        )

    vector = embedder.embed_queries([query.text])[0]
    embedded = time.perf_counter()
    hits = retrieve(query, vector, collection, max(request.top_k, READ))
    retrieved = time.perf_counter()
    if over_several(query):
        said = across(query, vector, collection, reader)
    else:
        said = [weigh(query, hits[:READ], vector, collection, reader)]
    certainty = max((one.certainty for one in said), default=0.0)
    chosen = [c for one in said if one.enough for c in with_antecedents(one.chosen, collection)]
    timings = Timings(
        embed=1e3 * (embedded - started),
        retrieve=1e3 * (retrieved - embedded),
        read=1e3 * (time.perf_counter() - retrieved),
    )
    hits = hits[: request.top_k]
    if not chosen:
        if query.carried:
            # The conversation's case does not hold it: perhaps the question has left that case.
            return ask(replace(request, history=()), collection, embedder, reader)
        declined = ("no_evidence", no_evidence(query))
        return _finish(
            query, collection, started, declined=declined, hits=hits, certainty=certainty, timings=timings
        )
    citations = tuple(_cited(i, c.passage, c.sentence, collection) for i, c in enumerate(chosen, 1))
    return _finish(
        query, collection, started, citations=citations, hits=hits, certainty=certainty, timings=timings
    )


def search(request: Request, collection: Collection, embedder: Embedder) -> SearchResult:
    """Rank passages for one question. Raises BadQuestion."""
    started = time.perf_counter()
    query = understand(request, collection)
    hits: tuple[Hit, ...] = ()
    embedded = started
    if not (query.contradiction or query.nothing_held):
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
    if query.nothing_held and query.missing_cases:
        return "case_not_held", cases_not_held(query)
    if query.nothing_held:
        return "batch_not_held", batches_not_held(query)
    if query.contradiction:
        return "filters_exclude", filters_exclude(query)
    return None


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


def _warnings(query: Query, abstained: bool = False) -> tuple[str, ...]:
    """What is missing of the cases and batches named, unless the answer itself says so."""
    missing = query.missing_cases or query.missing_batches
    return (some_missing(query),) if missing and not abstained else ()


def _finish(
    query: Query,
    collection: Collection,
    started: float,
    *,
    declined: tuple[str, str] | None = None,
    citations: tuple[Citation, ...] = (),
    hits: tuple[Hit, ...] = (),
    certainty: float = 0.0,
    timings: Timings = Timings(),  # noqa: B008 - frozen
) -> Answer:
    """Put the answer together and prove it: one that fails its own check is not served."""
    total = 1e3 * (time.perf_counter() - started)
    spent = timings.embed + timings.retrieve + timings.read
    answer = Answer(
        answer=declined[1] if declined else compose(citations),
        abstained=declined is not None,
        abstention_reason=declined[0] if declined else None,
        citations=citations,
        passages=hits,
        language=query.language,
        mode="extractive",
        model=collection.model,
        snapshot=collection.snapshot_id,
        confidence=certainty,
        interpreted_as=query.text,
        warnings=_warnings(query, declined is not None),
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
