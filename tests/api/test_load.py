"""What happens while the index loads, when it cannot be loaded, and when many ask at once."""

from __future__ import annotations

import concurrent.futures
import threading
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.engine import Engine
from api.loaded import Loaded
from api.settings import Settings
from rag.errors import SnapshotMissing
from tests.api.fakes import FakeEmbedder, collection, fake_ask, fake_search, load, service, serving, until
from tests.api.problem import check

ASKING = {"question": "?"}


def test_alive_at_once_and_ready_once_loaded() -> None:
    go_on = threading.Event()

    def slow_load() -> Any:
        assert go_on.wait(20)
        return load()

    with service(slow_load) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        assert client.get("/").status_code == 200
        response = client.get("/readyz")
        check(response, 503, "not_ready")
        assert int(response.headers["retry-after"]) > 0
        for path in ("/v1/cases", "/v1/cases/85", "/v1/batches", "/v1/sources/" + "0" * 64):
            check(client.get(path), 503, "not_ready")
        for path in ("/v1/ask", "/v1/search"):
            check(client.post(path, json=ASKING), 503, "not_ready")
        check(client.post("/v1/ask", json={"question": ""}), 422, "question_blank")
        assert "jianli_ready 0.0" in client.get("/metrics").text
        go_on.set()
        until(lambda: client.get("/readyz").status_code == 200)
        assert client.get("/readyz").json() == {
            "status": "ready",
            "snapshot": "snap-1",
            "model": "fake-model",
            "reader": None,
            "mode": "extractive",
            "cases": 3,
            "passages": 6,
            "notes": ["opened an index of 6 passages"],
        }
        assert client.post("/v1/ask", json=ASKING).status_code == 200


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (SnapshotMissing("There is no index yet: run 'jianli index build'."), "jianli index build"),
        (RuntimeError("secret inside"), "RuntimeError"),
    ],
)
def test_failed_load_says_what_to_do(error: Exception, says: str) -> None:
    def broken() -> Any:
        raise error

    with service(broken) as client:
        until(lambda: client.get("/readyz").json()["code"] != "not_ready")
        problem = check(client.get("/readyz"), 503, "load_failed")
        assert says in problem["detail"]
        assert "secret" not in problem["detail"]
        check(client.post("/v1/ask", json=ASKING), 503, "load_failed")
        check(client.get("/v1/cases"), 503, "load_failed")
        assert client.get("/healthz").status_code == 200


class Gate:
    """An ask that waits until it is let through, and counts who is in it."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.inside = 0
        self._lock = threading.Lock()

    def __call__(self, *args: Any) -> Any:
        with self._lock:
            self.inside += 1
        assert self.open.wait(30)
        return fake_ask(*args)


def figure(client: httpx.Client, name: str) -> float:
    text = client.get("/metrics").text
    return next(float(line.split()[-1]) for line in text.splitlines() if line.startswith(f"{name} "))


def test_the_event_loop_is_never_blocked_and_the_queue_is_bounded() -> None:
    gate = Gate()
    with service(ask=gate, workers=2, queue=3) as client, concurrent.futures.ThreadPoolExecutor(5) as pool:
        waiting = [pool.submit(client.post, "/v1/ask", json=ASKING) for _ in range(5)]
        until(lambda: figure(client, "jianli_waiting") == 3)
        assert figure(client, "jianli_working") == 2
        # Every worker is taken, and still all of this answers.
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 200
        assert client.get("/v1/cases/85").status_code == 200
        assert client.get("/").status_code == 200
        response = client.post("/v1/ask", json=ASKING)
        check(response, 429, "busy")
        assert int(response.headers["retry-after"]) > 0
        check(client.post("/v1/search", json=ASKING), 429, "busy")
        assert gate.inside == 2
        gate.open.set()
        assert [future.result().status_code for future in waiting] == [200] * 5
        assert figure(client, "jianli_waiting") == 0
        assert client.post("/v1/ask", json=ASKING).status_code == 200


def test_a_request_keeps_the_collection_it_started_with() -> None:
    gate = Gate()
    app = create_app(Settings(), load, ask=gate, search=fake_search, workers=1)
    engine = app.state.engine
    assert isinstance(engine, Engine)
    with serving(app) as client, concurrent.futures.ThreadPoolExecutor(2) as pool:
        until(lambda: engine.state == "ready")
        waiting = [pool.submit(client.post, "/v1/ask", json=ASKING) for _ in range(2)]
        until(lambda: engine.waiting == 1)
        engine.publish(Loaded(collection("snap-2"), FakeEmbedder()))
        gate.open.set()
        assert {future.result().json()["snapshot"] for future in waiting} == {"snap-1"}
        assert client.post("/v1/ask", json=ASKING).json()["snapshot"] == "snap-2"


def test_a_failing_question_frees_its_place() -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError

    with service(ask=broken, workers=1, queue=0) as client:
        for _ in range(3):
            check(client.post("/v1/ask", json=ASKING), 500, "internal")
        assert figure(client, "jianli_working") == 0


def test_two_services_share_nothing() -> None:
    with service() as one, service() as two:
        one.post("/v1/ask", json=ASKING)
        assert 'jianli_answers_total{mode="extractive",outcome="answered"} 1.0' in one.get("/metrics").text
        assert "jianli_answers_total{" not in two.get("/metrics").text
