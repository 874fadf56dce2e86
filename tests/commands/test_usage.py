"""Wrong usage and bad settings: status 2, and a message that names what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.conftest import Run


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ([], "COMMAND"),
        (["frobnicate"], "frobnicate"),
        (["index"], "WHAT"),
        (["index", "polish"], "polish"),
        (["eval"], "WHAT"),
        (["ask"], "question"),
        (["search"], "question"),
        (["ask", "x", "y"], "y"),
        (["ask", "x", "--case", "eighty"], "--case"),
        (["ask", "x", "--section", "plot"], "--section"),
        (["ask", "x", "--language", "fr"], "--language"),
        (["ask", "x", "--top-k", "0"], "1 to 50"),
        (["ask", "x", "--top-k", "51"], "1 to 50"),
        (["ask", "x", "--top-k", "few"], "1 to 50"),
        (["serve", "--port", "65536"], "0 to 65535"),
        (["serve", "--port", "http"], "0 to 65535"),
        (["serve", "--port", "-1"], "--port"),
        (["eval", "compare", "one.json"], "after"),
        (["eval", "report"], "run"),
        (["eval", "report", "one.json", "--html"], "--html"),
        (["eval", "run", "--trec"], "--trec"),
        (["eval", "run", "--wrong", "all"], "--wrong"),
    ],
)
def test_wrong_usage(run: Run, arguments: list[str], named: str) -> None:
    ended = run(*arguments)
    assert ended.status == 2
    assert ended.out == ""
    assert named in ended.err
    assert "usage: jianli" in ended.err


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["index", "--help"], ["eval", "run", "--help"], ["serve", "--help"], ["ask", "--help"]],
)
def test_help(run: Run, arguments: list[str]) -> None:
    ended = run(*arguments)
    assert ended.status == 0
    assert "usage: jianli" in ended.out


COMMANDS = [
    ["serve"],
    ["ask", "x"],
    ["search", "x"],
    ["index", "build"],
    ["index", "list"],
    ["index", "verify"],
    ["index", "rollback"],
    ["eval", "run"],
    ["eval", "compare", "a", "b"],
    ["eval", "report", "a"],
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_an_unknown_setting_stops_every_command(
    run: Run, data: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setenv("JIANLI_PROT", "8000")
    ended = run(*arguments)
    assert (ended.status, ended.out) == (2, "")
    assert "JIANLI_PROT" in ended.err
    assert "JIANLI_PORT" in ended.err
    ended = run(*arguments, "--json")
    assert ended.status == 2
    assert ended.told["error"]["code"] == "bad_settings"
    assert "JIANLI_PROT" in ended.told["error"]["message"]
    assert not data.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JIANLI_PORT", "http"),
        ("JIANLI_STORE", "redis"),
        ("JIANLI_READER", "perhaps"),
        ("JIANLI_LLM_MODEL", "some-model"),
        ("JIANLI_LOG_LEVEL", "loud"),
    ],
)
def test_a_bad_value(run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    ended = run("index", "list")
    assert ended.status == 2
    assert name in ended.err


def test_a_folder_that_is_a_file(run: Run, seeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIANLI_SEEDS", str(seeds / "batch_3_en.txt"))
    ended = run("index", "build")
    assert ended.status == 2
    assert "JIANLI_SEEDS" in ended.err


def test_settings_of_a_file_count_too(run: Run, data: Path) -> None:
    Path(".env").write_text("JIANLI_NONSENSE=1\n")
    ended = run("index", "list")
    assert ended.status == 2
    assert "JIANLI_NONSENSE" in ended.err


def test_the_installed_program_is_this_one() -> None:
    pyproject = Path(__file__).resolve().parents[2] / "pyproject.toml"
    assert 'jianli = "api.command:main"' in pyproject.read_text(encoding="utf-8")


def test_an_interruption_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(model: object, cache: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("api.wiring.load_embedder", interrupt)
    ended = run("index", "build")
    assert ended.status == 130
    assert ended.err == "jianli: interrupted; nothing was harmed\n"


def test_an_error_is_json_where_json_was_asked_for(run: Run) -> None:
    ended = run("index", "verify", "--json")
    assert ended.status == 1
    assert json.loads(ended.out)["error"]["code"] == "snapshot_missing"
    assert "jianli index build" in ended.err
