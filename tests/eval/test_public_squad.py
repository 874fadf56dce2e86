from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eval.public.public_set import PublicSet, PublicSetRefused, TextSpan
from eval.public.squad import load_squad
from tests.eval.public_sets import APPLES, TEA, squad_data, write_json

Change = Callable[[dict[str, Any]], object]


def load(tmp_path: Path, data: object) -> PublicSet:
    return load_squad(write_json(tmp_path / "set.json", data))


def first_paragraph(data: dict[str, Any]) -> dict[str, Any]:
    paragraph: dict[str, Any] = data["data"][0]["paragraphs"][0]
    return paragraph


def with_answers(*answers: tuple[str, int]) -> dict[str, Any]:
    data = squad_data()
    first_paragraph(data)["qas"][0]["answers"] = [{"text": t, "answer_start": at} for t, at in answers]
    return data


def test_texts_and_questions(tmp_path: Path) -> None:
    public = load(tmp_path, squad_data())
    assert [(t.id, t.title, t.text, t.language) for t in public.texts] == [
        ("1.1", "Fruit trees", APPLES, "en"),
        ("2.1", "茶", TEA, "zh"),
    ]
    where, who, when = public.questions
    assert (where.id, where.home, where.answerable) == ("a1", "1.1", True)
    assert where.answers == ("Kazakhstan", "in Kazakhstan")
    assert where.spans == (TextSpan("1.1", 15, 25), TextSpan("1.1", 12, 25))
    assert (who.id, who.answerable, who.answers, who.spans) == ("a2", False, (), ())
    assert (when.id, when.home, TEA[when.spans[0].start : when.spans[0].end]) == ("3", "2.1", "四月")
    assert public.notes == ()


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "set.json").write_text(json.dumps(squad_data()), encoding="utf-8-sig")
    assert len(load_squad(tmp_path / "set.json").questions) == 3


def test_an_answer_that_stands_elsewhere_is_looked_for_nearby(tmp_path: Path) -> None:
    at = APPLES.rindex("in ")
    public = load(tmp_path, with_answers(("Kazakhstan", 14), ("in ", at + 2), ("red", -1)))
    assert public.questions[0].spans == (
        TextSpan("1.1", 15, 25),
        TextSpan("1.1", at, at + 3),
        TextSpan("1.1", APPLES.index("red"), APPLES.index("red") + 3),
    )
    assert public.notes == ("3 of 4 answers do not stand at their answer_start; the nearest place was taken",)


def test_a_few_answers_may_be_in_other_words(tmp_path: Path) -> None:
    public = load(tmp_path, with_answers(*[("Kazakhstan", 15)] * 8, ("Central Asia", -1)))
    assert public.questions[0].answers == ("Kazakhstan", "Central Asia")
    assert public.questions[0].spans == (TextSpan("1.1", 15, 25),)
    assert public.notes == ("1 of 10 answers do not stand in their texts word for word",)


def test_many_absent_answers_are_of_other_texts(tmp_path: Path) -> None:
    with pytest.raises(
        PublicSetRefused, match=r"set\.json: data\[0\]\.paragraphs\[0\]\.qas\[0\]\.answers\[1\] "
    ):
        load(tmp_path, with_answers(("Kazakhstan", 15), ("Central Asia", 15)))


def test_an_empty_question_is_left_out(tmp_path: Path) -> None:
    data = squad_data()
    first_paragraph(data)["qas"][1]["question"] = "　\u200b"
    public = load(tmp_path, data)
    assert [q.id for q in public.questions] == ["a1", "3"]
    assert public.notes == ("questions left out because they are empty: 1",)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.pop("data"), r"the whole lacks data"),
        (lambda d: d.update(data={}), r"data must be a list"),
        (lambda d: d.update(data=[]), r"holds no text"),
        (lambda d: d.update(data=[7]), r"data\[0\] must be an object"),
        (lambda d: first_paragraph(d).update(context=" \n"), r"data\[0\]\.paragraphs\[0\]\.context is empty"),
        (lambda d: first_paragraph(d).update(context="a\x00b"), r"context holds a NUL character"),
        (lambda d: first_paragraph(d)["qas"][0].update(answers=[]), r"qas\[0\] has no answers"),
        (
            lambda d: first_paragraph(d)["qas"][0].update(is_impossible=True),
            r"qas\[0\] is impossible, yet has",
        ),
        (
            lambda d: first_paragraph(d)["qas"][0].update(is_impossible="false"),
            r"qas\[0\]\.is_impossible must be true or false, not 'false'",
        ),
        (
            lambda d: first_paragraph(d)["qas"][0]["answers"][1].update(answer_start="12"),
            r"answers\[1\]\.answer_start must be a whole number",
        ),
        (
            lambda d: first_paragraph(d)["qas"][0]["answers"][0].update(text=""),
            r"answers\[0\]\.text is empty",
        ),
        (lambda d: first_paragraph(d)["qas"][1].update(id="a1"), r"the question id a1 stands 2 times"),
        (lambda d: first_paragraph(d)["qas"][1].pop("id"), r"qas\[1\] lacks id"),
        (lambda d: first_paragraph(d)["qas"][1].pop("question"), r"qas\[1\] lacks question"),
    ],
)
def test_a_fault_is_named_with_its_place(tmp_path: Path, change: Change, message: str) -> None:
    data = squad_data()
    change(data)
    with pytest.raises(PublicSetRefused, match=rf"set\.json: .*{message}"):
        load(tmp_path, data)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        ('{"data": "茶"}'.encode("gb18030"), r"not UTF-8 \(byte 10 "),
        ('{"data": "tea"}'.encode("utf-16"), r"not UTF-8 \(byte 0 "),
        (b'{"data": [', "not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"data": [{"title": "\\ud800", "paragraphs": []}]}', r"title holds half a surrogate pair"),
    ],
)
def test_a_file_that_is_no_json_in_utf8(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "set.json").write_bytes(content)
    with pytest.raises(PublicSetRefused, match=rf"set\.json: .*{message}"):
        load_squad(tmp_path / "set.json")


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(PublicSetRefused, match=f"{path}: cannot be read"):
            load_squad(path)
