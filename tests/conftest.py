"""For every test: no network but loopback, no model hub, none of the developer's own settings."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parents[1]
MODELS = ROOT / "data" / "evaluation" / "models"
"""Where the base model is made once and kept between runs (480 MB)."""

os.environ["HF_HUB_OFFLINE"] = "1"  # read when the hub's library is imported

# Same examples every time, so that a commit fails for what it changed; `--hypothesis-profile=default`
# looks for new ones. No deadline: the machine may be busy.
hypothesis.settings.register_profile("steady", deadline=None, derandomize=True)
hypothesis.settings.load_profile("steady")

_refused: list[str] = []


class NetworkBlocked(OSError):
    """A test tried to reach another machine."""


def _allow(host: object) -> None:
    """Raises NetworkBlocked for a host that is not this one."""
    text = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    try:
        here = ipaddress.ip_address(text.split("%")[0]).is_loopback
    except ValueError:
        here = text == "localhost"
    if not here:
        _refused.append(text)
        raise NetworkBlocked(f"a test tried to reach {text}; only loopback is open")


def _is_number(host: object) -> bool:
    try:
        ipaddress.ip_address(str(host).split("%")[0])
    except ValueError:
        return False
    return True


@pytest.fixture(scope="session", autouse=True)
def _loopback_only() -> Iterator[None]:
    def guarded(method: Callable[..., Any], address_at: int) -> Callable[..., Any]:
        def call(self: socket.socket, *arguments: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6):
                _allow(arguments[address_at][0])
            return method(self, *arguments)

        return call

    look_up = socket.getaddrinfo

    def looking_up(host: Any, *arguments: Any, **options: Any) -> Any:
        if not _is_number(host):  # to read an address is no look-up
            _allow(host)
        return look_up(host, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        for name, address_at in (("connect", 0), ("connect_ex", 0), ("sendto", -1)):
            patch.setattr(socket.socket, name, guarded(getattr(socket.socket, name), address_at))
        patch.setattr(socket, "getaddrinfo", looking_up)
        yield


@pytest.fixture(autouse=True)
def _reached_nothing() -> Iterator[None]:
    """Fails the test that tried the network, also where the code under test swallowed the error."""
    yield
    refused = list(_refused)
    _refused.clear()
    if refused:
        pytest.fail(f"tried to reach {', '.join(refused)}")


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper().startswith("JIANLI_")]:
        monkeypatch.delenv(name)
