"""One check for every problem."""

from __future__ import annotations

from typing import Any

import httpx


def check(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Assert that this is a whole problem of that status and code; its body."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["code"] == code, body
    assert body["status"] == status
    assert body["type"] == f"urn:jianli:problem:{code}"
    assert body["title"]
    assert len(body["detail"]) > 15
    assert body["instance"] == response.request.url.path
    assert "Traceback" not in response.text
    return body
