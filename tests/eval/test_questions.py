import json
from pathlib import Path
from typing import Any

import pytest

from eval import questions
from eval.questions import QuestionsRefused, digest, load_questions, load_set

GOOD: dict[str, Any] = {
    "id": "a",
    "case": 1,
    "lang": "zh",
    "kind": "fact",
    "question": "多少钱？",
    "answerable": True,
    "answer": "2500元",
    "evidence": ["价值2500元"],
    "must": [["2500元", "二千五百元"]],
}
NEAR_MISS = {**GOOD, "id": "b", "question": "什么颜色？", "answerable": False} | {
    "answer": "",
    "evidence": [],
    "must": [],
    "why": "没有写",
    "pair": "a",
}


def write(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def test_a_good_file(tmp_path: Path) -> None:
    first, second = load_set(str(write(tmp_path / "q.jsonl", GOOD, NEAR_MISS)))
    assert (first.case, first.edition, first.cases, first.section) == (1, "zh", (1,), None)
    assert first.must == (("2500元", "二千五百元"),)
    assert (second.answerable, second.why, second.pair) == (False, "没有写", "a")


def test_case_0_is_no_case(tmp_path: Path) -> None:
    announced = {**GOOD, "case": 0, "section": "announcement", "edition": "en"}
    several = {**GOOD, "id": "c", "case": 0, "cases": [1, 2], "kind": "several", "section": "gist"}
    one, two = load_questions(write(tmp_path / "q.jsonl", announced, several))
    assert (one.case, one.cases, one.edition, one.section) == (None, (None,), "en", "announcement")
    assert (two.case, two.cases) == (None, (1, 2))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": ""}, "id must be"),
        ({"question": "  "}, "question must be"),
        ({"lang": "fr"}, "lang must be one of zh, en, not 'fr'"),
        ({"edition": None}, "edition must be"),
        ({"kind": "riddle"}, "kind must be"),
        ({"answerable": "yes"}, "answerable must be"),
        ({"case": "1"}, "case must be"),
        ({"case": True}, "case must be"),
        ({"cases": [2, 3]}, "cases must be"),
        ({"section": "facts"}, "section must be"),
        ({"evidence": "价值2500元"}, "evidence must be"),
        ({"evidence": [" "]}, "evidence must be"),
        ({"must": ["2500元"]}, "must must be"),
        ({"must": [[]]}, "must must be"),
        ({"must": []}, "answerable without"),
        ({"must": [["2600元"]]}, "stands in the evidence"),
        ({"answer": 5}, "answer must be"),
        ({"answerable": False}, "unanswerable, yet with evidence"),
        ({"answerable": False, "evidence": [], "must": []}, "unanswerable without why"),
        ({"sectoin": "gist"}, "unknown field sectoin"),
        ({"turns": []}, "a conversation"),
    ],
)
def test_a_fault_names_file_and_line(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    path = write(tmp_path / "q.jsonl", GOOD, {**GOOD, "id": "b", **change})
    with pytest.raises(QuestionsRefused, match=message) as caught:
        load_questions(path)
    assert str(caught.value).startswith(f"{path}:2: ")


def test_lines_that_are_no_object(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text('\n{"id": ', encoding="utf-8")
    with pytest.raises(QuestionsRefused, match=r"q\.jsonl:2: "):
        load_questions(path)
    with pytest.raises(QuestionsRefused, match="not a JSON object"):
        load_questions(write(path, ["a"]))
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(QuestionsRefused, match="not UTF-8"):
        load_questions(path)
    path.write_text("\n", encoding="utf-8")
    with pytest.raises(QuestionsRefused, match="no question"):
        load_questions(path)


def test_repeats_are_refused(tmp_path: Path) -> None:
    with pytest.raises(QuestionsRefused, match="the id a stands twice"):
        load_set(str(write(tmp_path / "q.jsonl", GOOD, {**GOOD, "question": "?"})))
    with pytest.raises(QuestionsRefused, match="asks what another"):
        load_set(str(write(tmp_path / "q.jsonl", GOOD, {**GOOD, "id": "b"})))


def test_absent_sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(QuestionsRefused, match="name a file, or one of batch_23, zh_dev"):
        load_set("zh_dve")
    with pytest.raises(QuestionsRefused, match="no such question file"):
        load_questions(tmp_path / "none.jsonl")
    monkeypatch.setitem(questions.SETS, "zh_dev", (tmp_path / "q_174_201.jsonl",))
    with pytest.raises(QuestionsRefused, match=r"set zh_dev: .*is absent"):
        load_set("zh_dev")


def test_digest_knows_questions_and_order(tmp_path: Path) -> None:
    one = load_set(str(write(tmp_path / "q.jsonl", GOOD, NEAR_MISS)))
    other = load_set(str(write(tmp_path / "q.jsonl", {**GOOD, "answer": "2500"}, NEAR_MISS)))
    assert digest(one) == digest(list(one))
    assert len({digest(one), digest(other), digest(one[::-1])}) == 3


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "count"), [("zh_dev", 280), ("zh_test", 263), ("en_dev", 140), ("en_test", 120)]
)
def test_the_shared_sets(name: str, count: int) -> None:
    if not questions.SETS[name][0].is_file():
        pytest.skip("no shared questions beside the project")
    assert len(load_set(name)) == count
