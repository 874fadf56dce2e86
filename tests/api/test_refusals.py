"""Every way to ask wrongly is answered with a problem."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from rag.errors import (
    AnswerUnproved,
    BadQuestion,
    JianliError,
    ModelUnavailable,
    NotHeld,
    SnapshotCorrupt,
)
from tests.api.fakes import service
from tests.api.problem import check

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"quesion": "x"}, "quesion", "invalid_request"),
        ({"question": "x", "filters": {"case": [1]}}, "filters.case", "invalid_request"),
        ({"question": "x", "messages": [{"role": "user", "content": "x"}]}, "question", "invalid_request"),
        ({}, "question", "invalid_request"),
        ({"messages": []}, "question", "invalid_request"),
        ({"messages": [{"role": "assistant", "content": "x"}]}, "messages", "invalid_request"),
        ({"messages": [{"role": "tool", "content": "x"}]}, "messages.0.role", "invalid_request"),
        ({"messages": [{"role": "user"}]}, "messages.0.content", "invalid_request"),
        ({"messages": [{"role": "user", "content": "x", "n": 1}]}, "messages.0.n", "invalid_request"),
        ({"messages": [{"role": "user", "content": " "}]}, "question", "question_blank"),
        ({"messages": [{"role": "user", "content": "x"}] * 201}, "messages", "invalid_request"),
        ({"question": ""}, "question", "question_blank"),
        ({"question": " \t\n　\u200b\ufeff\0"}, "question", "question_blank"),
        ({"question": "x" * 4001}, "question", "question_too_long"),
        ({"question": 5}, "question", "invalid_request"),
        ({"question": "x", "top_k": 0}, "top_k", "invalid_request"),
        ({"question": "x", "top_k": 51}, "top_k", "invalid_request"),
        ({"question": "x", "top_k": "8"}, "top_k", "invalid_request"),
        ({"question": "x", "top_k": True}, "top_k", "invalid_request"),
        ({"question": "x", "stream": "yes"}, "stream", "invalid_request"),
        ({"question": "x", "mode": "fast"}, "mode", "invalid_request"),
        (
            {"question": "x", "filters": {"case_numbers": [10**30]}},
            "filters.case_numbers.0",
            "invalid_request",
        ),
        ({"question": "x", "filters": {"case_numbers": 85}}, "filters.case_numbers", "invalid_request"),
        ({"question": "x", "filters": {"batches": [1] * 1001}}, "filters.batches", "invalid_request"),
        ({"question": "x", "filters": []}, "filters", "invalid_request"),
        ([], "", "invalid_request"),
        ("x", "", "invalid_request"),
    ],
)
def test_unusable_body_names_the_field(client: httpx.Client, body: Any, field: str, code: str) -> None:
    problem = check(client.post("/v1/ask", json=body), 422, code)
    assert field in [error["field"] for error in problem["errors"]]
    assert all(error["message"] and error["code"] for error in problem["errors"])
    assert field in problem["detail"]


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/search"])
def test_unknown_section_and_language_list_the_allowed(client: httpx.Client, path: str) -> None:
    filters = {"sections": ["gist", "facts"], "languages": ["fr"]}
    problem = check(client.post(path, json={"question": "x", "filters": filters}), 422, "invalid_request")
    said = {error["field"]: error["message"] for error in problem["errors"]}
    assert "keywords, gist, basic_case" in said["filters.sections.1"]
    assert "'zh' or 'en'" in said["filters.languages.0"]


def test_search_has_no_mode(client: httpx.Client) -> None:
    check(client.post("/v1/search", json={"question": "x", "mode": "auto"}), 422, "invalid_request")


def test_generative_needs_a_language_model(client: httpx.Client) -> None:
    body = {"question": "x", "mode": "generative", "stream": True}
    check(client.post("/v1/ask", json=body), 422, "no_language_model")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b'{"question": "\xff"}',
        b'{"question": "x",}',
        b"[" * 100_000,
        b'{"question": "x", "top_k": ' + b"9" * 5000 + b"}",
        '{"question": "x"}'.encode("utf-16")[:-1],
    ],
    ids=range(7),
)
def test_malformed_json(client: httpx.Client, content: bytes) -> None:
    check(client.post("/v1/ask", content=content, headers=JSON), 400, "malformed_json")


def test_lone_surrogates_in_names_are_no_failure(client: httpx.Client) -> None:
    content = b'{"question": "x", "\\ud800": 1, "\\u0000": 2}'
    check(client.post("/v1/ask", content=content, headers=JSON), 422, "invalid_request")


def test_not_a_number_is_refused(client: httpx.Client) -> None:
    content = b'{"question": "x", "top_k": NaN}'
    check(client.post("/v1/ask", content=content, headers=JSON), 422, "invalid_request")


@pytest.mark.parametrize(
    "kind", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_only_json_is_taken(client: httpx.Client, kind: str | None) -> None:
    headers = {} if kind is None else {"Content-Type": kind}
    check(
        client.post("/v1/ask", content=b'{"question": "x"}', headers=headers), 415, "unsupported_media_type"
    )


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nope"),
        ("GET", "/v1/jobs/1"),
        ("GET", "/v1/snapshots"),
        ("POST", "/v1/chat/completions"),
        ("GET", "/v1/models"),
        ("GET", "/page/../settings.py"),
        ("GET", "/page/none.js"),
        ("GET", "/v1/cases/"),
        ("GET", "/redoc"),
        ("DELETE", "/v1/batches/23"),
    ],
)
def test_unknown_path(client: httpx.Client, method: str, path: str) -> None:
    check(client.request(method, path), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/ask", "POST"),
        ("POST", "/v1/batches", "GET"),
        ("DELETE", "/v1/cases", "GET"),
        ("PUT", "/", "GET"),
    ],
)
def test_wrong_method(client: httpx.Client, method: str, path: str, allowed: str) -> None:
    response = client.request(method, path)
    check(response, 405, "method_not_allowed")
    assert response.headers["allow"] == allowed


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (BadQuestion("Name one case, not forty of them."), 422, "bad_question"),
        (NotHeld("Case 12 is not held by this collection."), 404, "not_held"),
        (SnapshotCorrupt("A file is cut short: build the index again."), 503, "snapshot_corrupt"),
        (ModelUnavailable("The model cannot be loaded: install it."), 503, "model_unavailable"),
        (AnswerUnproved("secret inside"), 500, "answer_unproved"),
        (JianliError("secret inside"), 500, "internal"),
        (ValueError("secret inside"), 500, "internal"),
        (MemoryError("secret inside"), 500, "internal"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_errors_of_the_core(error: Exception, status: int, code: str, stream: bool) -> None:
    def ask(*_: Any) -> Any:
        raise error

    with service(ask=ask, search=ask) as client:
        response = client.post("/v1/ask", json={"question": "x", "stream": stream})
        problem = check(response, status, code)
        assert "secret" not in response.text
        if status < 500:
            assert problem["detail"] == str(error)
        check(client.post("/v1/search", json={"question": "x"}), status, code)
        assert client.get("/healthz").status_code == 200
