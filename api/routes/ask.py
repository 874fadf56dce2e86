"""POST /v1/ask and /v1/search."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Response

from api import stream
from api.problems import Refusal, documented
from api.routes.shared import EngineHere, MetricsHere, require_json
from api.schemas import AskBody, SearchBody
from api.views import AnswerView, SearchView, answer_view, search_view

router = APIRouter(
    prefix="/v1",
    tags=["questions"],
    dependencies=[Depends(require_json)],
    responses=documented(400, 413, 415, 422, 429, 500, 503),
)


@router.post(
    "/ask",
    response_model=AnswerView,
    responses={
        200: {
            "description": "The answer; with `stream: true` as server-sent events: `passages`, `delta` "
            "(text), `citations`, `done`; `error` where something fails after the first byte.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        }
    },
)
async def ask(body: AskBody, engine: EngineHere, metrics: MetricsHere) -> Response | AnswerView:
    """Answer one question, or the last of a conversation, with exact citations."""
    if body.mode == "generative" and engine.mode != "generative":
        raise Refusal(
            422,
            "no_language_model",
            "No language model is configured, so nothing can be generated. Use the mode 'auto' or "
            "'extractive'.",
        )
    answer = await engine.ask(body.request())
    metrics.answer(answer)
    return stream.respond(answer) if body.stream else answer_view(answer)


@router.post("/search")
async def search(body: SearchBody, engine: EngineHere) -> SearchView:
    """Rank passages for one question, without an answer."""
    return search_view(await engine.search(body.request()))
