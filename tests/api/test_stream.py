"""``stream: true``: server-sent events."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import threading
from typing import Any

import httpx
from hypothesis import given
from hypothesis import strategies as st

from api.stream import pieces
from tests.api.fakes import fake_ask, service, until


def events(response: httpx.Response) -> list[tuple[str, dict[str, Any]]]:
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/event-stream")
    found = []
    for block in response.content.decode().split("\n\n")[:-1]:
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def test_events_come_in_order_and_make_up_the_answer(client: httpx.Client) -> None:
    body = {"question": "?", "filters": {"sections": ["gist"]}}
    whole = client.post("/v1/ask", json=body).json()
    found = events(client.post("/v1/ask", json=body | {"stream": True}))
    names = [name for name, _ in found]
    assert names == ["passages", *["delta"] * (len(names) - 3), "citations", "done"]
    assert "".join(data["text"] for name, data in found if name == "delta") == whole["answer"]
    rest = dict(found)
    assert {**rest["passages"], **rest["citations"], **rest["done"]} == whole


def test_abstention_streams_too(client: httpx.Client) -> None:
    body = {"question": "?", "filters": {"case_numbers": [77]}, "stream": True}
    found = dict(events(client.post("/v1/ask", json=body)))
    assert found["done"]["abstained"] is True
    assert found["citations"] == {"citations": []}


@given(st.text(max_size=500))
def test_pieces_lose_nothing(text: str) -> None:
    found = pieces(text)
    assert "".join(found) == text
    assert all(0 < len(piece) <= 80 for piece in found)


def test_pieces_break_where_a_reader_pauses() -> None:
    text = "The defendant was fined fifty million yuan for polluting the river. " * 3
    assert all(piece.endswith(" ") for piece in pieces(text))
    assert all(piece.endswith(("，", "。")) for piece in pieces("检察机关应当依法履职，保护创新。" * 20))


def test_failure_after_the_first_byte_is_an_error_event() -> None:
    def ask(*args: Any) -> Any:
        return dataclasses.replace(fake_ask(*args), citations=(object(),))  # type: ignore[arg-type]

    with service(ask=ask) as client:
        found = events(client.post("/v1/ask", json={"question": "secret", "stream": True}))
    assert [name for name, _ in found][0::2][:1] == ["passages"]
    assert found[-1][0] == "error"
    assert (found[-1][1]["code"], found[-1][1]["status"]) == ("internal", 500)
    assert "object" not in json.dumps(found[-1])
    assert "done" not in dict(found)


def test_caller_may_leave() -> None:
    """One who hangs up while the answer is made, and one in the middle of it, hurt nobody."""
    entered, go_on = threading.Event(), threading.Event()

    def ask(request: Any, held: Any, embedder: Any, reader: Any) -> Any:
        entered.set()
        assert go_on.wait(20)
        answer = fake_ask(request, held, embedder)
        return dataclasses.replace(answer, answer="word " * 400_000)

    with service(ask=ask, workers=1) as client:
        url = str(client.base_url)

        def leave_early() -> None:
            body = {"question": "?", "stream": True}
            with contextlib.suppress(httpx.TimeoutException):
                httpx.post(f"{url}/v1/ask", json=body, timeout=0.3, trust_env=False)

        thread = threading.Thread(target=leave_early)
        thread.start()
        assert entered.wait(20)
        thread.join(20)
        go_on.set()
        with client.stream("POST", "/v1/ask", json={"question": "?", "stream": True}) as response:
            next(response.iter_bytes())
        body = client.post("/v1/ask", json={"question": "?"})
        assert body.status_code == 200
        until(lambda: "jianli_working 0.0" in client.get("/metrics").text)
