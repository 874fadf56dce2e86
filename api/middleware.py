"""What happens to every request, whatever its route."""

from __future__ import annotations

import logging
import time
import uuid

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.logs import event
from api.metrics import Metrics
from api.problems import internal

log = logging.getLogger(__name__)

MAX_BODY = 1_000_000
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_PLAIN = frozenset({"/docs", "/openapi.json"})  # FastAPI sets no route for its own
_CLIENT_GONE = 499


class Observe:
    """Counts, times and logs each request, answers HEAD wherever GET is answered, and turns a defect
    into a problem."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.monotonic()
        request_id = uuid.uuid4().hex
        method = scope["method"]
        if method == "HEAD":
            scope = {**scope, "method": "GET"}
        status = 0

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                headers["X-Content-Type-Options"] = "nosniff"
            elif method == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        try:
            await self._app(scope, receive, observed)
        except ClientDisconnect:
            status = _CLIENT_GONE
        except Exception as error:
            response = internal(scope["path"], error)
            if status == 0:
                await response(scope, receive, observed)
        finally:
            # What a caller makes up must not become a label of its own.
            plain = scope["path"] if scope["path"] in _PLAIN else "unmatched"
            route = str(getattr(scope.get("route"), "path", plain))
            label = method if method in _METHODS else "other"
            seconds = time.monotonic() - began
            status = status or _CLIENT_GONE
            self._metrics.request(label, route, status, seconds)
            fields = {"method": label, "route": route, "status": status, "ms": seconds * 1000}
            event(log, logging.INFO, "request", **fields, request=request_id)


class LimitBody:
    """Refuses a body of more than ``limit`` bytes while it is being read, declared or not."""

    def __init__(self, app: ASGIApp, limit: int = MAX_BODY) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        declared = headers.get("content-length", "")
        too_large = declared.isdigit() and int(declared[:20]) > self._limit
        read = 0

        async def limited() -> Message:
            nonlocal read
            if too_large and "expect" in headers:
                raise self._refusal()  # this caller waits for leave to send
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._limit or (too_large and message["type"] == "http.request"):
                await self._drain(message, receive)
                raise self._refusal()
            return message

        await self._app(scope, limited, send)

    def _refusal(self) -> HTTPException:
        return HTTPException(
            413,
            f"The request body has more than {self._limit:,} bytes. Send a shorter one.",
            {"Connection": "close"},
        )

    async def _drain(self, message: Message, receive: Receive) -> None:
        """Read on for a moment and throw away: a caller that is still sending when the connection
        closes never sees the answer."""
        left = 8 * self._limit
        with anyio.move_on_after(2):
            while left > 0 and message.get("more_body", False):
                message = await receive()
                left -= len(message.get("body", b""))
