"""GET /v1/cases, /v1/sources and /v1/batches: what is held."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from api.holdings import (
    BatchList,
    CaseList,
    CaseView,
    batch_view,
    by_number,
    edition_view,
    folded,
    summary,
    unique,
)
from api.problems import documented
from api.routes.shared import CollectionHere
from api.schemas import MAX_NUMBER, Number, SectionId
from rag.errors import NotHeld
from rag.types import Edition, Language

router = APIRouter(prefix="/v1", tags=["collection"])

_SHA256 = re.compile(r"[0-9a-f]{64}")

# Each may be repeated: batch=23&batch=24.
Batches = Annotated[list[Number], Query(alias="batch", default_factory=list)]
Languages = Annotated[list[Language], Query(alias="language", default_factory=list)]
Sections = Annotated[list[SectionId], Query(alias="section", default_factory=list)]


@router.get("/cases", responses=documented(422, 503))
def cases(
    request: Request,
    collection: CollectionHere,
    batches: Batches,
    languages: Languages,
    sections: Sections,
    q: Annotated[str, Query(max_length=200, description="Words of the title, or a number.")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=MAX_NUMBER)] = 0,
) -> CaseList:
    """The cases held, by number. A case is listed where one of its editions meets every filter."""
    words = folded(q).split()
    wanted = {
        e.case_number
        for e in collection.editions
        if e.case_number is not None
        and (not batches or e.batch in batches)
        and (not languages or e.language in languages)
        and (not sections or any(s.id in sections for s in e.sections))
        and all(word in f"{folded(e.title)} {e.case_number}" for word in words)
    }
    found = [summary(n, editions) for n, editions in by_number(collection) if n in wanted]
    page = found[offset : offset + limit]
    more = offset + limit < len(found)
    query = [(k, v) for k, v in request.query_params.multi_items() if k not in {"limit", "offset"}]
    following = urlencode([*query, ("limit", limit), ("offset", offset + limit)])
    return CaseList(
        cases=page,
        total=len(found),
        limit=limit,
        offset=offset,
        next=f"{request.url.path}?{following}" if more else None,
    )


@router.get("/cases/{number}", responses=documented(404, 422, 503))
def case(
    number: int,
    collection: CollectionHere,
    languages: Languages,
    sections: Sections,
) -> CaseView:
    """One case: every edition of it, or those in a language, with all sections or some."""
    held = [e for e in collection.editions if e.case_number == number]
    if not held:
        raise NotHeld(f"Case {number} is not held. GET /v1/cases lists the cases that are.")
    editions = [e for e in held if not languages or e.language in languages]
    if not editions:
        there = ", ".join(unique(e.language for e in held))
        raise NotHeld(f"Case {number} is not held in that language. It is held in: {there}.")
    about = summary(number, editions)
    return CaseView(
        case_number=number,
        title=about.title,
        batch=about.batch,
        editions=[edition_view(collection, e, sections) for e in editions],
    )


@router.get(
    "/sources/{source_sha256}",
    response_class=Response,
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "The text."},
        304: {"description": "Not Modified"},
        **documented(404, 503),
    },
)
def source(source_sha256: str, request: Request, collection: CollectionHere) -> Response:
    """The stored source text, whose SHA-256 is in the path. Offsets count its code points."""
    sha = source_sha256.lower()
    if not _SHA256.fullmatch(sha):
        raise NotHeld("A source is named by its SHA-256: 64 hexadecimal digits. GET /v1/batches lists them.")
    text = collection.source(sha).text
    headers = {
        "ETag": f'"{sha}"',
        "Cache-Control": "public, max-age=31536000, immutable",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    }
    if sha in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(text.encode(), headers=headers, media_type="text/plain; charset=utf-8")


@router.get("/batches", responses=documented(503))
def batches(collection: CollectionHere) -> BatchList:
    """The batches held, by number; last, as `null`, what belongs to no batch."""
    groups: dict[int | None, list[Edition]] = {}
    for edition in collection.editions:
        groups.setdefault(edition.batch, []).append(edition)
    ordered = sorted(groups.items(), key=lambda item: (item[0] is None, item[0] or 0))
    return BatchList(batches=[batch_view(number, editions) for number, editions in ordered])
