"""A real service with the real model, asked over HTTP, its answers proved without its own code."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import pytest

from tests.end_to_end.service import Service
from tests.rag.proof import faults

pytestmark = pytest.mark.model


def source(service: Service, digest: str) -> str:
    told = service.client.get(f"/v1/sources/{digest}")
    assert told.status_code == 200
    assert told.headers["content-type"].replace(" ", "").lower() == "text/plain;charset=utf-8"
    assert sha256(told.content).hexdigest() == digest
    return told.content.decode()


def proved(service: Service, answer: Any) -> Any:
    assert faults(answer, lambda digest: source(service, digest)) == []
    for citation in answer["citations"]:
        if citation["case_number"] is None:
            continue
        case = service.client.get(f"/v1/cases/{citation['case_number']}").json()
        edition = next(e for e in case["editions"] if e["source_sha256"] == citation["source_sha256"])
        assert edition["start"] <= citation["start"] < citation["end"] <= edition["end"]
        within = [s["id"] for s in edition["sections"] if s["start"] <= citation["start"] < s["end"]]
        assert within == [citation["section"]]
        assert service.client.get(citation["url"].split("#")[0]).status_code == 200
    for passage in answer["passages"]:
        text = source(service, passage["source_sha256"])
        assert text[passage["start"] : passage["end"]] == passage["text"]
    return answer


def asked(service: Service, question: str, **body: Any) -> Any:
    return proved(service, service.post("/v1/ask", question=question, **body))


def test_a_service_that_is_ready_says_what_it_holds(service: Service) -> None:
    told = service.ready()
    assert told["cases"] == 5
    assert told["model"].startswith("retriever (")
    assert told["reader"].startswith("reader (")
    assert told["mode"] == "extractive"
    assert service.client.get("/healthz").json() == {"status": "ok"}
    assert "jianli" in service.client.get("/metrics").text


@pytest.mark.parametrize(
    ("question", "case", "words"),
    [
        ("In case 88, what fine was imposed for selling tobacco products to minors?", 88, ["10,000 yuan"]),
        ("What sentence did Li Weijun receive in case 87?", 87, ["12 years"]),
        ("When was the 23rd batch of guiding cases issued?", None, ["December 14"]),
    ],
)
def test_a_fact(service: Service, question: str, case: int | None, words: list[str]) -> None:
    answer = asked(service, question)
    assert not answer["abstained"]
    assert {c["case_number"] for c in answer["citations"]} == {case}
    assert all(word in answer["answer"] for word in words)
    assert len(answer["citations"]) <= 3  # the sentence that states it, not the page


CHINESE = {
    "检例第88号中，对向未成年人出售烟草制品的经营者罚款多少？": 88,
    "检例第86号中被告单位被判处罚金多少？": 86,
    "检例第87号中李卫俊被判处几年有期徒刑？": 87,
}


@pytest.mark.parametrize("question", CHINESE)
def test_a_fact_asked_for_in_the_other_language(service: Service, question: str) -> None:
    answer = asked(service, question)
    assert answer["language"] == "zh"
    assert {p["case_number"] for p in answer["passages"]} == {CHINESE[question]}
    assert {c["case_number"] for c in answer["citations"]} <= {CHINESE[question]}


def test_facts_asked_for_in_the_other_language_are_found(service: Service) -> None:
    assert not all(asked(service, question)["abstained"] for question in CHINESE)


@pytest.mark.parametrize(
    ("question", "case", "section", "language"),
    [
        ("Give me the gist of case 87", 87, "gist", "en"),
        ("检例第88号的相关规定", 88, "regulations", "zh"),
        ("检例第八十五号的关键词是什么？", 85, "keywords", "zh"),
    ],
)
def test_a_section(service: Service, question: str, case: int, section: str, language: str) -> None:
    answer = asked(service, question)
    assert {(c["case_number"], c["section"]) for c in answer["citations"]} == {(case, section)}
    assert answer["language"] == language
    edition = service.client.get(f"/v1/cases/{case}").json()["editions"][0]
    text = next(s["text"] for s in edition["sections"] if s["id"] == section)
    quoted = "".join(c["quote"] for c in answer["citations"])
    assert "".join(quoted.split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("question", "language", "words"),
    [
        ("What is the gist of case 300?", "en", ["300", "not held"]),
        ("检例第300号的要旨是什么？", "zh", ["第300号", "未收录"]),
    ],
)
def test_a_case_that_is_not_held(service: Service, question: str, language: str, words: list[str]) -> None:
    answer = asked(service, question)
    assert answer["abstained"]
    assert answer["abstention_reason"] == "case_not_held"
    assert answer["language"] == language
    assert all(word in answer["answer"] for word in words)


@pytest.mark.parametrize(
    "question", ["What is the capital of France?", "今天天气怎么样？", "Who won the football world cup?"]
)
def test_what_has_nothing_to_do_with_the_cases(service: Service, question: str) -> None:
    answer = asked(service, question)
    assert answer["abstained"]
    assert question in answer["answer"]


def test_a_follow_up(service: Service) -> None:
    first = asked(service, "What is the gist of case 86?")
    messages = [
        {"role": "user", "content": "What is the gist of case 86?"},
        {"role": "assistant", "content": first["answer"]},
        {"role": "user", "content": "And its regulations?"},
    ]
    answer = proved(service, service.post("/v1/ask", messages=messages))
    assert {(c["case_number"], c["section"]) for c in answer["citations"]} == {(86, "regulations")}
    messages[-1]["content"] = "那关键词呢？"
    answer = proved(service, service.post("/v1/ask", messages=messages))
    assert {c["case_number"] for c in answer["citations"]} <= {86}


def test_filters(service: Service) -> None:
    answer = asked(service, "What did the procuratorate recommend?", filters={"case_numbers": [89]}, top_k=5)
    assert len(answer["passages"]) == 5
    assert {p["case_number"] for p in answer["passages"]} == {89}
    assert {c["case_number"] for c in answer["citations"]} <= {89}


def test_searching(service: Service) -> None:
    told = service.post("/v1/search", question="selling cigarettes to minors near schools", top_k=4)
    assert len(told["passages"]) == 4
    assert told["passages"][0]["case_number"] == 88
    scores = [p["score"] for p in told["passages"]]
    assert scores == sorted(scores, reverse=True)
    told = service.post("/v1/search", question="二次供水安全", top_k=3)
    assert {p["case_number"] for p in told["passages"]} & {89, None}


def test_the_collection(service: Service) -> None:
    listed = service.client.get("/v1/cases").json()["cases"]
    assert [case["case_number"] for case in listed] == [85, 86, 87, 88, 89]
    assert all(case["batch"] == 23 and case["title"] for case in listed)
    for case in listed:
        for edition in service.client.get(f"/v1/cases/{case['case_number']}").json()["editions"]:
            text = source(service, edition["source_sha256"])
            assert len(edition["sections"]) == 6
            for section in edition["sections"]:
                assert text[section["start"] : section["end"]] == section["text"]
    told = service.client.get("/v1/cases/300")
    assert (told.status_code, told.headers["content-type"]) == (404, "application/problem+json")
    assert [b["batch"] for b in service.client.get("/v1/batches").json()["batches"]] == [23]


def streamed(service: Service, question: str) -> list[tuple[str, Any]]:
    found = []
    body = {"question": question, "stream": True}
    with service.client.stream("POST", "/v1/ask", json=body) as told:
        assert told.headers["content-type"].startswith("text/event-stream")
        lines = "".join(told.iter_text())
    for block in lines.strip().split("\n\n"):
        name, data = block.split("\n", 1)
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


@pytest.mark.parametrize("question", ["检例第88号的相关规定", "What is the gist of case 300?"])
def test_streaming(service: Service, question: str) -> None:
    events = streamed(service, question)
    names = [name for name, _ in events]
    assert names == ["passages", *["delta"] * (len(events) - 3), "citations", "done"]
    told = dict(events)
    whole = "".join(data["text"] for name, data in events if name == "delta")
    assert whole == told["done"]["answer"]
    answer = proved(service, {**told["done"], **told["passages"], **told["citations"]})
    once = asked(service, question)
    assert answer | {"timings_ms": None} == once | {"timings_ms": None}


def test_refusals(service: Service) -> None:
    told = service.client.post("/v1/ask", json={"question": "？"})
    assert told.status_code == 422
    assert told.headers["content-type"] == "application/problem+json"
    told = service.client.post("/v1/ask", content=b"{", headers={"content-type": "application/json"})
    assert (told.status_code, told.json()["code"]) == (400, "malformed_json")


def test_the_page(service: Service) -> None:
    told = service.client.get("/")
    assert told.status_code == 200
    assert told.headers["content-type"].startswith("text/html")
