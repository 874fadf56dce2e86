"""POST /v1/ask and /v1/search: what goes in, and what comes out."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.api.fakes import SOURCES, fake_ask, service
from tests.api.problem import check

CITATION = {
    "marker",
    "case_number",
    "case_title",
    "batch",
    "language",
    "section",
    "section_heading",
    "subsection",
    "paragraph",
    "quote",
    "start",
    "end",
    "source",
    "source_sha256",
    "label",
    "url",
}
PASSAGE = {
    "passage_id",
    "case_number",
    "case_title",
    "batch",
    "language",
    "section",
    "section_heading",
    "text",
    "start",
    "end",
    "source_sha256",
    "score",
    "signals",
}
ANSWER = {
    "answer",
    "abstained",
    "abstention_reason",
    "citations",
    "passages",
    "language",
    "mode",
    "model",
    "snapshot",
    "warnings",
    "timings_ms",
}


def test_answer_has_every_field_of_the_contract(client: httpx.Client) -> None:
    body = client.post("/v1/ask", json={"question": "gist?"}).raise_for_status().json()
    assert set(body) >= ANSWER
    assert set(body["citations"][0]) == CITATION
    assert set(body["passages"][0]) >= PASSAGE
    assert set(body["timings_ms"]) == {"embed", "retrieve", "read", "answer", "total"}
    assert (body["model"], body["snapshot"], body["mode"]) == ("fake-model", "snap-1", "extractive")
    assert body["abstained"] is False
    assert body["abstention_reason"] is None


def test_quote_stands_in_the_served_source(client: httpx.Client) -> None:
    body = client.post("/v1/ask", json={"question": "?", "filters": {"languages": ["zh"]}}).json()
    cited = body["citations"][0]
    text = client.get(f"/v1/sources/{cited['source_sha256']}").text
    assert text[cited["start"] : cited["end"]] == cited["quote"] == "检察机关办理涉企案件,应当保护创新。"


def test_filters_and_top_k_reach_the_core(client: httpx.Client) -> None:
    filters = {"case_numbers": [85], "batches": [23], "sections": ["gist"], "languages": ["en"]}
    body = client.post("/v1/ask", json={"question": "?", "filters": filters}).json()
    assert [(p["case_number"], p["section"], p["language"]) for p in body["passages"]] == [(85, "gist", "en")]
    body = client.post("/v1/ask", json={"question": "?", "top_k": 2}).json()
    assert len(body["passages"]) == 2


def test_abstention_is_an_answer(client: httpx.Client) -> None:
    body = client.post("/v1/ask", json={"question": "?", "filters": {"case_numbers": [77]}}).json()
    assert (body["abstained"], body["abstention_reason"]) == (True, "nothing_found")
    assert body["citations"] == body["passages"] == []


def test_conversation_is_split_into_history_and_question() -> None:
    seen = []

    def ask(request, held, embedder, reader):  # type: ignore[no-untyped-def]
        seen.append(request)
        return fake_ask(request, held, embedder)

    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "What is case 85?"},
        {"role": "assistant", "content": "x" * 20_000},
        {"role": "user", "content": " And its gist? "},
    ]
    with service(ask=ask) as client:
        body = (
            client.post("/v1/ask", json={"messages": messages, "mode": "extractive"})
            .raise_for_status()
            .json()
        )
    assert body["interpreted_as"] == "And its gist?"
    assert [m.role for m in seen[0].history] == ["system", "user", "assistant"]
    assert (seen[0].mode, seen[0].top_k) == ("extractive", 8)


def test_null_is_not_given(client: httpx.Client) -> None:
    body: dict[str, Any] = {
        "question": "?",
        "messages": None,
        "filters": {"case_numbers": None, "sections": []},
        "top_k": None,
        "mode": None,
        "stream": None,
    }
    assert client.post("/v1/ask", json=body).status_code == 200
    assert client.post("/v1/ask", json={"question": "?", "messages": [], "filters": None}).status_code == 200


@pytest.mark.parametrize("question", ["a\0b", "tab\tand\nline", "cut \ud83d", "🙂", "x" * 4000, "例" * 4000])
def test_odd_characters_are_no_failure(client: httpx.Client, question: str) -> None:
    # The lone surrogate is escaped, as a browser does it.
    content = json.dumps({"question": question})
    for path in ("/v1/ask", "/v1/search"):
        response = client.post(path, content=content, headers={"Content-Type": "application/json"})
        body = response.raise_for_status().json()
        assert "\0" not in body["interpreted_as"]
        assert "\ud83d" not in body["interpreted_as"]


def test_search_ranks_without_an_answer(client: httpx.Client) -> None:
    body = client.post("/v1/search", json={"question": "river", "top_k": 3}).raise_for_status().json()
    assert len(body["passages"]) == 3
    assert set(body["passages"][0]) >= PASSAGE
    assert body["passages"][0]["signals"] == {"dense": 0.5, "bm25": 2.0}
    assert (body["language"], body["snapshot"]) == ("en", "snap-1")
    for passage in body["passages"]:
        source = next(s for s in SOURCES.values() if s.sha256 == passage["source_sha256"])
        assert source.text[passage["start"] : passage["end"]] == passage["text"]


def test_search_takes_query_for_question(client: httpx.Client) -> None:
    assert client.post("/v1/search", json={"query": "river"}).json()["interpreted_as"] == "river"
    check(client.post("/v1/search", json={"query": "a", "question": "b"}), 422, "invalid_request")
    check(client.post("/v1/ask", json={"query": "a"}), 422, "invalid_request")


def test_content_type_may_carry_parameters(client: httpx.Client) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert client.post("/v1/ask", content='{"question": "要旨"}', headers=headers).status_code == 200
