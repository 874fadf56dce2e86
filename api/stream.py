"""An answer as server-sent events: ``passages``, ``delta`` …, ``citations``, ``done``."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

from fastapi.responses import StreamingResponse

from api import views
from api.logs import unexpected
from api.problems import INTERNAL
from rag.types import Answer

log = logging.getLogger(__name__)

# Up to 80 characters, cut where a reader would pause if there is such a place.
_PIECE = re.compile(r".{1,80}(?:(?<=[\s。，；：！？、])|$)|.{1,80}", re.DOTALL)


def pieces(text: str) -> list[str]:
    """The text in pieces of at most 80 characters; joined, they are the text."""
    return _PIECE.findall(text)


def events(answer: Answer) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and data of each event, in order. ``done`` holds all that the others do not, and the whole
    text once more, so that a caller may check what it put together."""
    yield "passages", {"passages": [p.model_dump() for p in views.passages(answer.passages)]}
    for piece in pieces(answer.answer):
        yield "delta", {"text": piece}
    yield "citations", {"citations": [c.model_dump() for c in views.citations(answer)]}
    yield "done", views.outcome(answer).model_dump()


def encode(name: str, data: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


async def _body(answer: Answer) -> AsyncIterator[bytes]:
    try:
        for name, data in events(answer):
            yield encode(name, data)
    except Exception as error:
        # The status is sent already: all that is left is to say so in the stream.
        unexpected(log, "stream_failed", error)
        problem = {
            "type": "urn:jianli:problem:internal",
            "status": 500,
            "code": "internal",
            "detail": INTERNAL,
        }
        yield encode("error", problem)


def respond(answer: Answer) -> StreamingResponse:
    # No proxy shall hold the events back.
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_body(answer), headers=headers, media_type="text/event-stream")
