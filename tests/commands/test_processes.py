"""The command line as processes of their own: what only shows there."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import httpx
import pytest

from tests.api.fakes import until
from tests.conftest import ROOT

REAL = ("-m", "api.command")
FAKED = ("-m", "tests.commands.faked")
PATIENCE = 120


@pytest.fixture
def environment(seeds: Path, data: Path) -> dict[str, str]:
    own = {"PYTHONPATH": str(ROOT), "JIANLI_SEEDS": str(seeds), "JIANLI_DATA": str(data)}
    return {**os.environ, **own, "JIANLI_PORT": "0"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def ended(
    program: tuple[str, ...], *arguments: str, environment: dict[str, str], home: Path
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *program, *arguments]
    return subprocess.run(
        command, cwd=home, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


@pytest.fixture
def start(environment: dict[str, str], home: Path) -> Iterator[list[subprocess.Popen[str]]]:
    """Processes put here are ended with the test."""
    processes: list[subprocess.Popen[str]] = []
    yield processes
    for process in processes:
        process.kill()
        process.communicate()


def started(
    processes: list[subprocess.Popen[str]], *arguments: str, environment: dict[str, str], home: Path
) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, *FAKED, *arguments],
        cwd=home,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A run in the background of a shell ignores SIGINT, and so would the program.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    processes.append(process)
    return process


def line_of(stream: IO[str] | None) -> str:
    assert stream is not None
    return stream.readline()


@pytest.mark.parametrize(
    ("arguments", "extra", "status", "told"),
    [
        (["--help"], {}, 0, "usage: jianli"),
        (["index", "list"], {}, 0, "No index yet"),
        (["index", "verify"], {}, 1, "jianli index build"),
        (["index", "list"], {"JIANLI_PROT": "1"}, 2, "JIANLI_PROT"),
        (["serve", "--port", "http"], {}, 2, "0 to 65535"),
        (["serve", "--host", "203.0.113.1"], {}, 1, "cannot listen on 203.0.113.1"),
    ],
)
def test_status_and_message(
    environment: dict[str, str],
    home: Path,
    arguments: list[str],
    extra: dict[str, str],
    status: int,
    told: str,
) -> None:
    result = ended(REAL, *arguments, environment=environment | extra, home=home)
    assert result.returncode == status
    assert told in result.stdout + result.stderr
    assert "Traceback" not in result.stderr


def test_a_port_that_is_taken(environment: dict[str, str], home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        result = ended(REAL, "serve", "--port", port, environment=environment, home=home)
        assert (result.returncode, result.stdout) == (1, "")
        assert f"port {port}" in result.stderr
        assert "JIANLI_PORT" in result.stderr
        result = ended(REAL, "serve", environment=environment | {"JIANLI_PORT": port}, home=home)
        assert result.returncode == 1


def test_build_and_ask_with_plain_output(environment: dict[str, str], home: Path) -> None:
    result = ended(FAKED, "index", "build", environment=environment, home=home)
    assert result.returncode == 0
    assert "\r" not in result.stderr
    assert "\x1b" not in result.stdout + result.stderr
    result = ended(FAKED, "ask", "检例第86号的要旨", "--json", environment=environment, home=home)
    assert (result.returncode, result.stderr) == (0, "")
    assert json.loads(result.stdout)["citations"][0]["case_number"] == 86


@pytest.mark.parametrize("extra", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C"}, {"LC_ALL": "POSIX"}])
def test_chinese_where_the_terminal_has_none(
    environment: dict[str, str], home: Path, extra: dict[str, str]
) -> None:
    result = ended(FAKED, "ask", "检例第86号的要旨", environment=environment | extra, home=home)
    assert result.returncode == 0
    assert "[1]" in result.stdout


def test_half_a_character_in_an_argument(environment: dict[str, str], home: Path) -> None:
    question = os.fsdecode(b"key words of case 9 \xd6")
    result = ended(FAKED, "ask", question, "--json", environment=environment, home=home)
    assert result.returncode == 0
    assert json.loads(result.stdout)["citations"][0]["section"] == "keywords"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_build_leaves_nothing_in_the_way(
    start: list[subprocess.Popen[str]], environment: dict[str, str], home: Path, number: signal.Signals
) -> None:
    process = started(start, "--slow", "index", "build", environment=environment, home=home)
    assert line_of(process.stdout) == "embedding\n"
    process.send_signal(number)
    _, err = process.communicate(timeout=PATIENCE)
    if number == signal.SIGINT:
        assert process.returncode == 130
        assert err.endswith("jianli: interrupted; nothing was harmed\n")
    else:
        assert process.returncode == -number
    result = ended(FAKED, "index", "list", "--json", environment=environment, home=home)
    assert json.loads(result.stdout) == []
    assert ended(FAKED, "index", "build", environment=environment, home=home).returncode == 0
    result = ended(FAKED, "index", "verify", environment=environment, home=home)
    assert result.returncode == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("slow", [False, True], ids=["ready", "loading"])
def test_a_service_ends_when_told_to(
    start: list[subprocess.Popen[str]],
    environment: dict[str, str],
    home: Path,
    number: signal.Signals,
    slow: bool,
) -> None:
    options = ["--slow"] if slow else []
    process = started(start, *options, "serve", environment=environment, home=home)
    line = line_of(process.stdout)
    assert line.startswith("Jianli listens on http://127.0.0.1:")
    address = line.split()[3]
    with httpx.Client(base_url=address, trust_env=False, timeout=PATIENCE) as client:
        assert client.get("/healthz").status_code == 200
        if slow:
            assert line_of(process.stdout) == "embedding\n"
            assert client.get("/readyz").status_code == 503
        else:
            until(lambda: client.get("/readyz").status_code == 200, PATIENCE)
    process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode in (0, -number, 130)
    assert "Traceback" not in out + err
