"""Starting the service on an index that exists: seconds to ready, and memory."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep

import httpx

PATIENCE_S = 300.0


@dataclass(frozen=True, slots=True)
class Starting:
    cases: int
    alive_s: float
    """From the start of the process to the first answer of /healthz."""
    ready_s: float
    """… of /readyz."""
    resident_mb: float
    """Resident set once ready, model included."""
    resident_after_mb: float
    """… after one question."""


def measure(data: Path, environ: Mapping[str, str] = os.environ) -> Starting:
    """Starts ``jianli serve`` on a free loopback port and stops it again. Raises RuntimeError."""
    started = perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "api.command", "serve", "--host", "127.0.0.1", "--port", "0"],
        env={**environ, "JIANLI_DATA": str(data)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        match = re.search(r"http://\S+?:\d+", process.stdout.readline())
        if match is None:
            raise RuntimeError("jianli serve did not print its address: run it by hand to see why")
        with httpx.Client(base_url=match[0], timeout=30.0, trust_env=False) as client:
            alive = _until(client, "/healthz", process) - started
            ready = _until(client, "/readyz", process) - started
            before = _resident_mb(process.pid)
            client.post("/v1/ask", json={"question": "What is the gist of case 85?"}).raise_for_status()
            client.post("/v1/ask", json={"question": "How large was the fine?"}).raise_for_status()
            cases = client.get("/v1/cases", params={"limit": 1}).json()["total"]
            return Starting(cases, alive, ready, before, _resident_mb(process.pid))
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _until(client: httpx.Client, path: str, process: subprocess.Popen[str]) -> float:
    deadline = perf_counter() + PATIENCE_S
    while perf_counter() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"jianli serve ended with status {process.returncode}")
        try:
            if client.get(path).status_code == 200:
                return perf_counter()
        except httpx.TransportError:
            pass
        sleep(0.02)
    raise RuntimeError(f"{path} did not answer within {PATIENCE_S:.0f} s")


def _resident_mb(pid: int) -> float:
    """Linux only: VmRSS of /proc/PID/status."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    match = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(match[1]) / 1024 if match else float("nan")
