"""The real program as a process of its own, on a free loopback port."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx

from tests.conftest import ROOT

PATIENCE = 600
"""Seconds: the machine may be busy with other work. Nothing here asserts how fast it is."""

_ADDRESS = re.compile(r"Jianli listens on (http://127\.0\.0\.1:\d+) ")


class Service:
    """``jianli serve`` with its own data folder, over those seeds."""

    def __init__(self, data: Path, seeds: Path) -> None:
        data.mkdir(exist_ok=True)
        own = {"JIANLI_DATA": str(data), "JIANLI_SEEDS": str(seeds), "JIANLI_PORT": "0"}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("JIANLI_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "api.command", "serve"],
            cwd=data,  # no .env here
            env=inherited | own | {"PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)

    def line(self, pattern: str) -> re.Match[str]:
        """Waits until the process has printed a line that matches."""
        end = time.monotonic() + PATIENCE
        while True:
            ended = not self._reading.is_alive()
            for line in list(self.lines):
                if found := re.search(pattern, line):
                    return found
            assert not ended, f"ended without {pattern!r}: {''.join(self.lines)}"
            assert time.monotonic() < end, f"no {pattern!r}: {''.join(self.lines)}"
            time.sleep(0.02)

    @cached_property
    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.line(_ADDRESS.pattern)[1], timeout=PATIENCE, trust_env=False)

    def ready(self) -> Any:
        """What /readyz says once it says that questions can be answered."""
        end = time.monotonic() + PATIENCE
        while (told := self.client.get("/readyz")).status_code != 200:
            assert told.json()["code"] == "not_ready", told.text
            assert time.monotonic() < end, told.text
            time.sleep(0.05)
        return told.json()

    def post(self, path: str, **body: Any) -> Any:
        told = self.client.post(path, json=body)
        assert told.status_code == 200, told.text
        return told.json()

    def end(self, number: int) -> tuple[int, str]:
        """Sends a signal and waits: exit status and everything that was printed."""
        self.process.send_signal(number)
        status = self.process.wait(PATIENCE)
        self._reading.join(PATIENCE)
        return status, "".join(self.lines)

    def close(self) -> None:
        if "client" in self.__dict__:
            self.client.close()
        self.process.kill()
        self.process.wait()
        self._reading.join()
        assert self.process.stdout is not None
        self.process.stdout.close()


@contextmanager
def serving(data: Path, seeds: Path) -> Iterator[Service]:
    service = Service(data, seeds)
    try:
        yield service
    finally:
        service.close()
