"""The network is closed to tests, loopback apart."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable

import pytest

from tests import conftest


def connect_v4() -> None:
    with socket.socket() as open_socket:
        open_socket.connect(("192.0.2.1", 80))


def connect_v6() -> None:
    with socket.socket(socket.AF_INET6) as open_socket:
        open_socket.connect_ex(("2001:db8::1", 80))


def send() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as open_socket:
        open_socket.sendto(b"?", ("192.0.2.1", 53))


def look_up() -> None:
    socket.getaddrinfo("huggingface.co", 443)


@pytest.mark.parametrize("reach", [connect_v4, connect_v6, send, look_up])
def test_other_machines_cannot_be_reached(reach: Callable[[], None]) -> None:
    with pytest.raises(conftest.NetworkBlocked, match="only loopback is open"):
        reach()
    assert len(conftest._refused) == 1  # which would fail this test when it ends
    conftest._refused.clear()


def test_loopback_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(("localhost", server.getsockname()[1])).close()


def test_the_developers_settings_are_not_those_of_a_test() -> None:
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    assert not [name for name in os.environ if name.startswith("JIANLI_")]
