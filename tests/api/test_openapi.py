"""The OpenAPI document is whole and tells the truth about errors."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest

from rag.types import SECTION_IDS

PATHS = {
    "/v1/ask": "post",
    "/v1/search": "post",
    "/v1/cases": "get",
    "/v1/cases/{number}": "get",
    "/v1/sources/{source_sha256}": "get",
    "/v1/batches": "get",
    "/healthz": "get",
    "/readyz": "get",
    "/metrics": "get",
}


@pytest.fixture
def document(client: httpx.Client) -> dict[str, Any]:
    body: dict[str, Any] = client.get("/openapi.json").raise_for_status().json()
    return body


def test_every_path_and_no_other(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert {path: next(iter(methods)) for path, methods in document["paths"].items()} == PATHS


def test_references_resolve(document: dict[str, Any]) -> None:
    for reference in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document)):
        part: Any = document
        for step in reference.split("/"):
            part = part[step]


def test_errors_are_documented_as_problems(document: dict[str, Any]) -> None:
    assert "HTTPValidationError" not in document["components"]["schemas"]
    seen = set()
    for path, methods in document["paths"].items():
        for operation in methods.values():
            for status, response in operation["responses"].items():
                if status >= "400":
                    seen.add((path, status))
                    schema = response["content"]["application/problem+json"]["schema"]
                    assert schema == {"$ref": "#/components/schemas/Problem"}
                    assert list(response["content"]) == ["application/problem+json"]
    assert {("/v1/ask", s) for s in ("400", "413", "415", "422", "429", "503")} <= seen
    assert {("/v1/cases/{number}", "404"), ("/v1/sources/{source_sha256}", "404"), ("/readyz", "503")} <= seen
    problem = document["components"]["schemas"]["Problem"]
    assert {"type", "title", "status", "code", "detail"} <= set(problem["required"])


def test_question_and_stream_are_described(document: dict[str, Any]) -> None:
    ask = document["components"]["schemas"]["AskBody"]
    assert set(ask["properties"]) == {"question", "messages", "filters", "top_k", "mode", "stream"}
    assert ask["additionalProperties"] is False
    sections = document["components"]["schemas"]["FiltersBody"]["properties"]["sections"]["items"]
    assert sections["enum"] == list(SECTION_IDS)
    content = document["paths"]["/v1/ask"]["post"]["responses"]["200"]["content"]
    assert set(content) == {"application/json", "text/event-stream"}


def test_docs_page_is_served(client: httpx.Client) -> None:
    assert "openapi.json" in client.get("/docs").raise_for_status().text
