from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import Run
from tests.commands.test_index import spoil
from tests.rag.proof import faults


def proved(told: Any, seeds: Path) -> Any:
    """The answer, once its proof holds against the files it was built from."""
    names = {c["source_sha256"]: c["source"] for c in told["citations"]}
    assert faults(told, lambda sha256: (seeds / names[sha256]).read_text(encoding="utf-8")) == []
    return told


def test_asking(built: Run) -> None:
    ended = built("ask", "What are the key words of case 9?")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith(
        "Forged invoices; tax ［12］ [1]\n\n[1] Guiding Case No. 9 · Key words, ¶1 · "
    )
    assert "batch_3_en.txt" in ended.out


def test_asking_in_chinese_as_json(built: Run, seeds: Path) -> None:
    told = proved(built("ask", "检例第86号的相关规定", "--json").told, seeds)
    assert [c["quote"] for c in told["citations"]] == [
        "《中华人民共和国刑法》第三百三十八条",
        "《中华人民共和国环境保护法》第四十二条",
    ]
    assert (told["language"], told["mode"], told["abstained"]) == ("zh", "extractive", False)


def test_an_abstention_is_an_answer(built: Run, seeds: Path) -> None:
    ended = built("ask", "What is the gist of case 300?")
    assert ended.status == 0
    assert "Guiding Case No. 300 is not held" in ended.out
    told = proved(built("ask", "What is the gist of case 300?", "--json").told, seeds)
    assert (told["abstained"], told["abstention_reason"]) == (True, "case_not_held")


def test_a_warning_is_shown(built: Run) -> None:
    assert (
        "! Not held in this collection: Guiding Case No. 300."
        in built("ask", "key words of cases 9 and 300").out
    )


def test_the_first_question_builds_the_index(run: Run, data: Path) -> None:
    ended = run("ask", "What are the key words of case 9?")
    assert ended.status == 0
    assert ended.out.startswith("Forged invoices")
    assert "Embedding: " in ended.err
    assert "Built an index of 2 cases" in ended.err
    assert (data / "current").exists()
    assert run("ask", "What are the key words of case 9?").err == ""


def test_filters(built: Run) -> None:
    told = built(
        *("search", "invoices 废水", "--case", "9", "--case", "86", "--section", "gist", "--language", "zh"),
        *("--batch", "23", "--top-k", "3", "--json"),
    ).told
    found = {(p["case_number"], p["section"], p["language"], p["batch"]) for p in told["passages"]}
    assert found == {(86, "gist", "zh", 23)}
    told = built("ask", "forged invoices", "--top-k", "2", "--json").told
    assert len(told["passages"]) == 2


def test_searching(built: Run) -> None:
    ended = built("search", "forged invoices")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith("1. ")
    assert "bm25 " in ended.out
    told = built("search", "forged invoices", "--json").told
    assert [p["score"] for p in told["passages"]] == sorted(
        (p["score"] for p in told["passages"]), reverse=True
    )
    assert told["passages"][0]["case_number"] == 9


def test_searching_for_what_filters_exclude(built: Run) -> None:
    ended = built("search", "case 9", "--case", "86")
    assert (ended.status, ended.out) == (0, "Nothing found.\n")


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize("question", ["", "  ", "？", "长" * 4001])
def test_a_question_that_cannot_be_used(built: Run, command: str, question: str) -> None:
    ended = built(command, question)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith("jianli: The question ")
    assert built(command, question, "--json").told["error"]["code"] == "bad_question"


def test_a_spoiled_index_is_told_and_another_one_used(two: tuple[str, str], run: Run, data: Path) -> None:
    older, newer = two
    spoil(data, newer)
    ended = run("ask", "What are the key words of case 9?")
    assert ended.status == 0
    assert ended.out.startswith("Forged invoices")
    assert "vectors.faiss" in ended.err
    assert older in ended.err
    spoil(data, older)
    ended = run("ask", "What are the key words of case 9?")
    assert (ended.status, ended.out) == (1, "")
    assert "vectors.faiss" in ended.err


def test_another_model_than_the_indexs(built: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIANLI_EMBEDDING_MODEL", "other")
    ended = built("ask", "Who was fined?")
    assert ended.status == 1
    assert "JIANLI_EMBEDDING_MODEL" in ended.err
    assert built("ask", "Who was fined?", "--json").told["error"]["code"] == "snapshot_mismatch"
    assert built("index", "build").status == 0
    assert built("ask", "Who was fined?").status == 0
