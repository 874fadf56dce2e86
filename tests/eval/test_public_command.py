from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.public import __main__ as command
from rag.errors import ModelUnavailable
from rag.protocols import Embedder, Reader
from tests.eval.public_sets import squad_data, write_json, write_legalbench
from tests.fakes import FakeEmbedder, FakeReader

TEXTS = {"lease/a.txt": "Rent is 900 a month.", "nda/c.txt": "The secret is kept for two years."}
BENCHMARKS = {
    "lease": [
        {"query": "How much is the rent?", "snippets": [{"file_path": "lease/a.txt", "span": [8, 20]}]}
    ],
    "nda": [{"query": "How long is it kept?", "snippets": [{"file_path": "nda/c.txt", "span": [14, 33]}]}],
}


@pytest.fixture(autouse=True)
def models(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """What was asked for."""
    asked: list[str | None] = []

    def load(model: str | None, reading: bool) -> tuple[Embedder, Reader | None]:
        asked.append(model)
        if model == "absent":
            raise ModelUnavailable("there is no folder absent")
        return FakeEmbedder(), FakeReader() if reading else None

    monkeypatch.setattr(command, "load_models", load)
    return asked


@pytest.fixture
def squad(tmp_path: Path) -> str:
    return str(write_json(tmp_path / "set.json", squad_data()))


def test_a_reading_set_as_json(
    squad: str, models: list[str | None], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["squad", squad, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["format"], told["path"], told["limit"], told["seed"]) == ("squad", squad, None, 7)
    assert (told["texts"], told["passages"], told["embedder"]) == (2, 2, "fake")
    assert told["snapshot"].startswith("s-")
    assert len(told["digest"]) == 64
    assert "numpy" in told["versions"]
    assert list(told["figures"]) == ["open", "own text"]
    for figures in told["figures"].values():
        assert (figures["n"], figures["n_answerable"], figures["n_placed"], figures["errors"]) == (3, 2, 2, 0)
    assert told["figures"]["open"]["passage@10"] == 1
    assert told["figures"]["own text"]["passage@10"] is None
    assert models == [None]


def test_a_table_of_a_sample(
    squad: str, models: list[str | None], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["squad", squad, "--limit", "1", "--seed", "3", "--model", "mine"]) == 0
    captured = capsys.readouterr()
    lines = captured.out.splitlines()
    assert lines[0] == f"squad · {squad} · 1 texts (sampled, limit 1, seed 3)"
    assert lines[3].split() == ["open", "own", "text"]
    assert any(line.startswith("answer in the first passage, %") for line in lines)
    assert max(map(len, lines[2:])) <= 110
    assert "Questions, own text: " in captured.err
    assert models == ["mine"]


def test_a_retrieval_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(write_legalbench(tmp_path, TEXTS, BENCHMARKS))
    assert command.main(["legalbench-rag", folder, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told["figures"]) == ["lease", "nda", "mean"]
    assert told["figures"]["mean"]["recall@64"] == 1
    assert told["reasons"] == {}
    assert command.main(["legalbench-rag", folder]) == 0
    table = capsys.readouterr().out
    assert [line.split()[0] for line in table.splitlines() if line.startswith("recall@")] == [
        f"recall@{k}," for k in (1, 2, 4, 8, 16, 32, 64)
    ]


def test_cjrc(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    qas = [
        {"id": "1_1", "question": "何时采摘？", "answers": [{"text": "四月", "answer_start": 3}]},
        {"id": "1_2", "question": "谁采摘的？", "answers": [{"text": "", "answer_start": -1}]},
    ]
    paragraph = {"casename": "合同纠纷", "context": "茶叶于四月采摘。", "qas": qas}
    data = {"data": [{"caseid": 1, "domain": "civil", "paragraphs": [paragraph]}]}
    assert command.main(["cjrc", str(write_json(tmp_path / "c.json", data)), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)["figures"]["open"]
    assert (figures["n"], figures["n_answerable"], figures["passage@1"]) == (2, 1, 1)


def test_what_cannot_be_used(squad: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["cjrc", squad]) == 1
    assert capsys.readouterr().err == f"eval.public: {squad}: data[0] lacks caseid\n"
    assert command.main(["legalbench-rag", str(tmp_path)]) == 1
    assert "has no folder corpus" in capsys.readouterr().err
    assert command.main(["squad", squad, "--model", "absent"]) == 1
    assert capsys.readouterr().err == "eval.public: there is no folder absent\n"


@pytest.mark.parametrize(
    "arguments",
    [["squad"], ["csv", "x"], ["squad", "x", "--limit", "0"], ["squad", "x", "--limit", "-3"]],
)
def test_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(arguments)
    assert ended.value.code == 2
    assert "usage: python -m eval.public" in capsys.readouterr().err
