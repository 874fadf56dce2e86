"""Metrics, logs and the headers of every response."""

from __future__ import annotations

import logging
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from api import logs
from tests.api.fakes import service
from tests.api.problem import check


def samples(client: httpx.Client) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    text = client.get("/metrics").raise_for_status().text
    return {
        (s.name, frozenset(s.labels.items())): s.value
        for family in text_string_to_metric_families(text)
        for s in family.samples
    }


def test_requests_answers_and_snapshot_are_counted() -> None:
    with service() as client:
        client.post("/v1/ask", json={"question": "?"})
        client.post("/v1/ask", json={"question": "?", "filters": {"case_numbers": [77]}, "stream": True})
        client.post("/v1/ask", json={})
        client.get("/v1/cases/85")
        client.get("/v1/cases/7")
        client.get("/made/up")
        client.request("BREW", "/v1/cases")
        found = samples(client)
        kind = client.get("/metrics").headers["content-type"]

    def value(name: str, **labels: str) -> float:
        return found[name, frozenset(labels.items())]

    assert kind.startswith("text/plain")
    total = "jianli_http_requests_total"
    assert value(total, method="POST", route="/v1/ask", status="200") == 2
    assert value(total, method="POST", route="/v1/ask", status="422") == 1
    assert value(total, method="GET", route="/v1/cases/{number}", status="200") == 1
    assert value(total, method="GET", route="/v1/cases/{number}", status="404") == 1
    assert value(total, method="GET", route="unmatched", status="404") == 1
    assert value(total, method="other", route="/v1/cases", status="405") == 1
    seconds = "jianli_http_request_duration_seconds_count"
    assert value(seconds, method="POST", route="/v1/ask", status="200") == 2
    assert value("jianli_answers_total", mode="extractive", outcome="answered") == 1
    assert value("jianli_answers_total", mode="extractive", outcome="abstained") == 1
    assert value("jianli_snapshot_info", snapshot="snap-1", model="fake-model") == 1
    assert value("jianli_stage_duration_seconds_count", stage="retrieve") == 2
    assert value("jianli_ready") == 1
    assert value("jianli_passages") == 6


def test_the_question_is_never_logged(caplog: pytest.LogCaptureFixture) -> None:
    def broken(*_: Any) -> Any:
        raise ValueError("cannot parse: secret words")

    caplog.set_level(logging.INFO)
    with service() as client:
        client.post("/v1/ask", json={"question": "secret words"})
        client.post("/v1/ask", json={"question": "secret words", "stream": True})
        client.post("/v1/search", json={"question": "secret words" * 1000})
        client.get("/v1/cases?q=secret")
    with service(ask=broken) as client:
        check(client.post("/v1/ask", json={"question": "secret words"}), 500, "internal")
    # httpx, which only the tests use, logs the addresses that it calls.
    ours = [record for record in caplog.records if not record.name.startswith("http")]
    assert not [record for record in ours if "secret" in record.getMessage() or record.exc_info]
    lines = [record.getMessage() for record in ours if record.name.startswith("api")]
    assert any(line.startswith("request method=POST route=/v1/ask status=200 ms=") for line in lines)
    assert any(
        "internal_error" in line and "error=ValueError" in line and "test_observed.py" in line
        for line in lines
    )
    assert all("\n" not in line for line in lines)


def test_every_response_has_an_id_and_forbids_sniffing(client: httpx.Client) -> None:
    responses = [client.get(path) for path in ("/", "/healthz", "/nope", "/v1/cases", "/metrics")]
    assert len({r.headers["x-request-id"] for r in responses}) == len(responses)
    assert {r.headers["x-content-type-options"] for r in responses} == {"nosniff"}


def test_nobody_elsewhere_may_read(client: httpx.Client) -> None:
    response = client.get("/v1/cases", headers={"Origin": "https://elsewhere.example"})
    assert "access-control-allow-origin" not in response.headers


def test_events_are_single_lines(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("api.test")
    caplog.set_level(logging.INFO)
    logs.event(
        logger, logging.INFO, "name", plain="a/b", odd="two words\nand a line", ms=1.26, none=None, zh="案"
    )
    logs.event(logger, logging.DEBUG, "unseen")
    assert caplog.messages == ['name plain=a/b odd="two words\\nand a line" ms=1.3 none=None zh="\\u6848"']
