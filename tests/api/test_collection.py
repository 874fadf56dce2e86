"""GET /v1/cases, /v1/sources, /v1/batches."""

from __future__ import annotations

import hashlib

import httpx
import pytest

from api.loaded import Loaded
from tests.api.fakes import SOURCES, FakeCollection, FakeEmbedder, service
from tests.api.problem import check


def numbers(client: httpx.Client, query: str) -> list[int]:
    body = client.get(f"/v1/cases?{query}").raise_for_status().json()
    return [case["case_number"] for case in body["cases"]]


def test_cases_are_listed_by_number(client: httpx.Client) -> None:
    body = client.get("/v1/cases").raise_for_status().json()
    assert [c["case_number"] for c in body["cases"]] == [9, 85, 86]
    assert (body["total"], body["next"], body["offset"]) == (3, None, 0)
    assert body["cases"][1] == {
        "case_number": 85,
        "title": "刘远鹏涉嫌生产、销售“伪劣产品”（不起诉）案",
        "batch": 23,
        "languages": ["en", "zh"],
        "titles": {"en": "Case of Liu", "zh": "刘远鹏涉嫌生产、销售“伪劣产品”（不起诉）案"},
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("batch=23", [85, 86]),
        ("batch=23&batch=3", [9, 85, 86]),
        ("batch=99", []),
        ("language=zh", [85]),
        ("language=zh&batch=3", []),
        ("section=keywords", [85]),
        ("section=keywords&language=zh", []),
        ("q=blooming%20CASE", [86]),
        ("q=刘远鹏", [85]),
        ("q=86", [86]),
        ("q=zzz", []),
        ("limit=1&offset=1", [85]),
        ("offset=10", []),
    ],
)
def test_case_filters(client: httpx.Client, query: str, found: list[int]) -> None:
    assert numbers(client, query) == found


def test_paging_walks_through_all(client: httpx.Client) -> None:
    path, seen = "/v1/cases?batch=23&limit=1", []
    while path:
        body = client.get(path).raise_for_status().json()
        assert body["total"] == 2
        seen += [c["case_number"] for c in body["cases"]]
        path = body["next"]
    assert seen == [85, 86]


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=201", "offset=-1", "batch=x", "language=fr", "section=facts", f"q={'x' * 201}"],
)
def test_bad_query(client: httpx.Client, query: str) -> None:
    problem = check(client.get(f"/v1/cases?{query}"), 422, "invalid_request")
    assert problem["errors"][0]["field"].startswith(query.split("=")[0])


def test_case_with_all_editions(client: httpx.Client) -> None:
    body = client.get("/v1/cases/85").raise_for_status().json()
    assert (body["case_number"], body["batch"]) == (85, 23)
    assert [e["language"] for e in body["editions"]] == ["en", "zh"]
    assert [s["id"] for s in body["editions"][0]["sections"]] == ["keywords", "gist"]
    for edition in body["editions"]:
        text = client.get(f"/v1/sources/{edition['source_sha256']}").text
        assert edition["title"] in text[edition["start"] : edition["end"]]
        for section in edition["sections"]:
            assert set(section) == {"id", "heading", "start", "end", "text"}
            assert text[section["start"] : section["end"]] == section["text"]
            assert section["heading"] in text


def test_case_in_one_language_and_section(client: httpx.Client) -> None:
    body = client.get("/v1/cases/85?language=en&section=gist&start=1&end=2").raise_for_status().json()
    assert [(e["language"], [s["id"] for s in e["sections"]]) for e in body["editions"]] == [("en", ["gist"])]
    assert body["title"] == "Case of Liu"


def test_case_that_is_not_held(client: httpx.Client) -> None:
    assert "Case 7 is not held" in check(client.get("/v1/cases/7"), 404, "not_held")["detail"]
    assert "held in: en" in check(client.get("/v1/cases/86?language=zh"), 404, "not_held")["detail"]
    check(client.get("/v1/cases/-1"), 404, "not_held")
    check(client.get("/v1/cases/abc"), 422, "invalid_request")
    check(client.get("/v1/cases/" + "9" * 5000), 422, "invalid_request")


def test_source_is_served_to_the_byte(client: httpx.Client) -> None:
    for source in SOURCES.values():
        response = client.get(f"/v1/sources/{source.sha256}")
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/plain; charset=utf-8"
        assert hashlib.sha256(response.content).hexdigest() == source.sha256
        assert response.headers["etag"] == f'"{source.sha256}"'
        assert "immutable" in response.headers["cache-control"]
        assert response.headers["x-content-type-options"] == "nosniff"


def test_source_by_head_and_etag(client: httpx.Client) -> None:
    source = SOURCES["batch_23_zh.txt"]
    path = f"/v1/sources/{source.sha256.upper()}"
    head = client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(source.text.encode()))
    again = client.get(path, headers={"If-None-Match": head.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("sha", ["0" * 64, "abc", "..%2F..%2Fetc", "%00"])
def test_source_that_is_not_held(client: httpx.Client, sha: str) -> None:
    response = client.get(f"/v1/sources/{sha}")
    assert response.status_code == 404
    assert response.json()["code"] in {"not_held", "not_found"}


def test_batches(client: httpx.Client) -> None:
    body = client.get("/v1/batches").raise_for_status().json()
    assert [(b["batch"], b["cases"], b["languages"]) for b in body["batches"]] == [
        (3, [9], ["en"]),
        (23, [85, 86], ["en", "zh"]),
    ]
    source = SOURCES["batch_3_en.txt"]
    assert body["batches"][0]["sources"] == [
        {"source": "batch_3_en.txt", "source_sha256": source.sha256, "language": "en"}
    ]
    assert len(body["batches"][1]["sources"]) == 2


def test_empty_collection() -> None:
    empty = FakeCollection("empty", editions=(), passages=())
    with service(lambda: Loaded(empty, FakeEmbedder())) as client:  # type: ignore[arg-type]
        assert client.get("/v1/cases").json()["cases"] == []
        assert client.get("/v1/batches").json() == {"batches": []}
        assert client.post("/v1/ask", json={"question": "?"}).json()["abstained"] is True


def test_every_get_answers_head(client: httpx.Client) -> None:
    for path in ("/", "/healthz", "/readyz", "/v1/cases", "/v1/cases/85", "/v1/batches", "/metrics", "/docs"):
        response = client.head(path)
        assert (response.status_code, response.content) == (200, b""), path
