"""Errors as the caller sees them: ``application/problem+json`` (RFC 9457) with a stable ``code``."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from api.engine import Busy, LoadFailed, NotReady
from api.logs import event, unexpected
from rag.errors import AnswerUnproved, BadQuestion, JianliError, ModelUnavailable, NotHeld, SnapshotError

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
INTERNAL = "Something went wrong in the service. The request may be tried again; the log says more."
MALFORMED = "The request body is not valid JSON in UTF-8. Correct it and send it again."

FIELD_CODES = frozenset({"question_too_long", "question_blank"})
"""Kinds of field error that a caller may rely on; every other one is ``invalid_request``."""

_HTTP_CODES = {
    400: "malformed_json",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
}


class FieldError(BaseModel):
    field: str = Field(description="Where in the body or the query, for example `filters.sections.0`.")
    code: str
    message: str


class Problem(BaseModel):
    """What went wrong and what to do about it."""

    type: str = Field(description="A URN made of the code.", examples=["urn:jianli:problem:not_held"])
    title: str
    status: int
    code: str = Field(description="Stable: programs may rely on it.", examples=["not_held"])
    detail: str
    instance: str | None = Field(default=None, description="The path that was asked for.")
    errors: list[FieldError] | None = None


class Refusal(Exception):
    """Raised by a route to answer with a problem."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    instance: str | None = None,
    errors: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    body: dict[str, Any] = {
        "type": f"urn:jianli:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    if instance is not None:
        body["instance"] = instance
    if errors:
        body["errors"] = [error.model_dump() for error in errors]
    # A refused body may hold lone surrogates in a field's name: they are replaced, not a reason to fail.
    content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return Response(content, status, headers, MEDIA_TYPE)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a route: these statuses answer with a problem."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in statuses
    }


def explain(error: Exception) -> tuple[int, str, str, dict[str, str]] | None:
    """Status, code, detail and headers of an error that is raised on purpose; None for a defect."""
    match error:
        case Refusal():
            return error.status, error.code, str(error), {}
        case BadQuestion():
            return 422, error.code, str(error), {}
        case NotHeld():
            return 404, error.code, str(error), {}
        case NotReady():
            return 503, "not_ready", str(error), {"Retry-After": "2"}
        case LoadFailed():
            return 503, "load_failed", str(error), {}
        case Busy():
            return 429, "busy", str(error), {"Retry-After": "1"}
        case SnapshotError() | ModelUnavailable():
            return 503, error.code, str(error), {}
    return None


def install(app: FastAPI) -> None:
    """Make every error of ``app`` a problem."""
    for kind in (Refusal, JianliError, NotReady, LoadFailed, Busy):
        app.add_exception_handler(kind, _on_known)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_invalid)


def internal(path: str, error: Exception) -> Response:
    """The answer to a defect: logged here, told to the caller without its inside."""
    unexpected(log, "internal_error", error, path=path)
    code = error.code if isinstance(error, AnswerUnproved) else "internal"
    return problem(500, code, INTERNAL, instance=path)


async def _on_known(request: Request, error: Exception) -> Response:
    known = explain(error)
    if known is None:
        return internal(request.url.path, error)
    status, code, detail, headers = known
    if status == 503 and code not in {"not_ready", "load_failed"}:
        event(log, logging.ERROR, "unavailable", code=code, reason=detail)
    return problem(status, code, detail, instance=request.url.path, headers=headers)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    path = request.url.path
    code = _HTTP_CODES.get(error.status_code, "http_error")
    details = {
        400: MALFORMED,
        404: "There is nothing at this path. /docs lists what there is.",
        405: f"{request.method} is not available at this path. /docs lists what is.",
    }
    detail = details.get(error.status_code, error.detail)
    return problem(error.status_code, code, detail, instance=path, headers=error.headers)


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    path = request.url.path
    found = error.errors()
    if any(e["type"] == "json_invalid" or (e["type"], e["loc"]) == ("missing", ("body",)) for e in found):
        return problem(400, "malformed_json", MALFORMED, instance=path)
    errors = [_field_error(e) for e in found[:20]]
    code = next((e.code for e in errors if e.code in FIELD_CODES), "invalid_request")
    detail = " ".join(f"{e.field}: {e.message}" if e.field else e.message for e in errors[:3])
    return problem(422, code, detail, instance=path, errors=errors)


def _field_error(error: Mapping[str, Any]) -> FieldError:
    # loc[0] is body, query or path.
    field = ".".join(str(part) for part in error["loc"][1:]) or str(error.get("ctx", {}).get("field", ""))
    message = str(error["msg"]).rstrip(".") + "."
    if error["type"] == "extra_forbidden":
        message = "Unknown field. Remove it or correct its name; /docs lists the fields."
    elif error["type"] == "model_attributes_type":
        message = "A JSON object is needed here."
    return FieldError(field=field[:200], code=error["type"], message=message)
