from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from eval.public.cjrc import load_cjrc
from eval.public.public_set import PublicQuestion, PublicSetRefused, TextSpan
from tests.eval.public_sets import TEA, write_json

APRIL, YUNNAN = ("四月", 11), ("云南", 5)
NOTHING, YES, NO = ("", -1), ("YES", -1), ("NO", -1)


def case(**fields: object) -> dict[str, Any]:
    question = {"id": "1_1", "question": "何时采摘？", "is_impossible": "false", "answers": []}
    paragraph = {"casename": "买卖合同纠纷", "context": TEA, "qas": [question | fields]}
    return {"data": [{"caseid": "1", "domain": "civil", "paragraphs": [paragraph]}]}


def answered(*answers: tuple[str, int]) -> list[dict[str, object]]:
    return [{"text": text, "answer_start": at} for text, at in answers]


def load(tmp_path: Path, *answers: tuple[str, int], **fields: object) -> PublicQuestion:
    public = load_cjrc(write_json(tmp_path / "cjrc.json", case(answers=answered(*answers), **fields)))
    assert [(t.id, t.title, t.text, t.language) for t in public.texts] == [("1.1", "买卖合同纠纷", TEA, "zh")]
    return public.questions[0]


@pytest.mark.parametrize(
    ("answers", "answerable", "texts", "spans"),
    [
        ((APRIL, YUNNAN, APRIL), True, ("四月", "云南"), (11, 5)),
        ((APRIL, NOTHING, APRIL), True, ("四月",), (11,)),
        ((APRIL, NOTHING, NOTHING), False, (), ()),
        ((NOTHING, NOTHING, NOTHING), False, (), ()),
        ((YES, NO, YES), True, ("YES", "NO"), ()),
        ((YES, APRIL, YES), True, ("YES", "四月"), (11,)),
        ((NOTHING, NO, NOTHING), False, (), ()),
        ((APRIL,), True, ("四月",), (11,)),
        ((), False, (), ()),
    ],
)
def test_the_annotators_majority_decides(
    tmp_path: Path,
    answers: tuple[tuple[str, int], ...],
    answerable: bool,
    texts: tuple[str, ...],
    spans: tuple[int, ...],
) -> None:
    for flag in ("true", "false"):
        question = load(tmp_path, *answers, is_impossible=flag)
        assert (question.home, question.answerable, question.answers) == ("1.1", answerable, texts)
        assert question.spans == tuple(TextSpan("1.1", at, at + 2) for at in spans)


def test_faults(tmp_path: Path) -> None:
    with pytest.raises(
        PublicSetRefused, match=r"cjrc\.json: data\[0\].*answers\[0\] does not stand in its text"
    ):
        load(tmp_path, ("五月", 11))
    with pytest.raises(PublicSetRefused, match=r"qas\[0\]\.answers must be a list"):
        load_cjrc(write_json(tmp_path / "cjrc.json", case(answers="四月")))
    with pytest.raises(PublicSetRefused, match=r"qas\[0\]\.question is empty"):
        load(tmp_path, APRIL, question="")
    data = case(answers=answered(APRIL))
    del data["data"][0]["caseid"]
    with pytest.raises(PublicSetRefused, match=r"data\[0\] lacks caseid"):
        load_cjrc(write_json(tmp_path / "cjrc.json", data))
