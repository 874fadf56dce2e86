"""A body of more than a megabyte is refused while it is read, whatever its headers say."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import httpx
import pytest

from api.middleware import MAX_BODY
from tests.api.problem import check

JSON = {"Content-Type": "application/json"}


def chunks(total: int) -> Iterator[bytes]:
    for _ in range(total // 50_000):
        yield b" " * 50_000


@pytest.mark.parametrize("size", [MAX_BODY + 1, 3 * MAX_BODY])
def test_declared_size(client: httpx.Client, size: int) -> None:
    problem = check(client.post("/v1/ask", content=b" " * size, headers=JSON), 413, "body_too_large")
    assert "1,000,000 bytes" in problem["detail"]


def test_undeclared_size(client: httpx.Client) -> None:
    check(client.post("/v1/ask", content=chunks(3 * MAX_BODY), headers=JSON), 413, "body_too_large")


def test_the_limit_itself_is_allowed(client: httpx.Client) -> None:
    body = b'{"question": "x"}'
    response = client.post("/v1/ask", content=body + b" " * (MAX_BODY - len(body)), headers=JSON)
    assert response.status_code == 200


def test_endless_body_is_cut_off(client: httpx.Client) -> None:
    """One who sends on past any patience gets the answer or loses the connection; the service goes on."""
    try:
        response = client.post("/v1/ask", content=chunks(200 * MAX_BODY), headers=JSON)
    except httpx.TransportError:
        pass
    else:
        check(response, 413, "body_too_large")
    assert client.get("/healthz").status_code == 200


def test_one_who_asks_first_is_refused_before_sending(client: httpx.Client) -> None:
    host, port = client.base_url.host, client.base_url.port
    with socket.create_connection((host, port or 80), timeout=20) as peer:
        peer.sendall(
            b"POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Content-Length: 5000000\r\nExpect: 100-continue\r\n\r\n"
        )
        assert peer.recv(1000).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("length", [b"-5", b"9" * 30, b"abc"])
def test_absurd_content_length(client: httpx.Client, length: bytes) -> None:
    host, port = client.base_url.host, client.base_url.port
    with socket.create_connection((host, port or 80), timeout=20) as peer:
        peer.sendall(
            b"POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n"
            b"Content-Length: " + length + b"\r\n\r\n"
        )
        assert peer.recv(1000).startswith(b"HTTP/1.1 4")
    assert client.get("/healthz").status_code == 200
