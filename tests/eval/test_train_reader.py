"""What the reader is trained on, and what is made small."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from eval.questions import QuestionsRefused
from eval.train.alignment import counterparts
from eval.train.corpus import Cases
from eval.train.examples import Examples
from eval.train.loop import Budget, Log, half_is_faster, optimizer_of, rate_at
from eval.train.own_questions import own_questions, packed
from eval.train.public_examples import public_examples
from eval.train.reading_loss import reading_loss
from eval.train.topics import topic_questions
from index.reader import read_document
from tests.eval.test_train_pairs import EN, ZH, question
from tests.fakes import FakeEmbedder

ANOTHER = """乙某诈骗案
（检例第2号）
【关键词】
诈骗  网络平台
【要旨】
利用网络平台诈骗的，应当追诉。
【基本案情】
2020年3月，乙某骗取手机一部，价值2500元。乙某被判处拘役五个月。
"""
FAKE = FakeEmbedder()


def like_a_translator(texts: Sequence[str]) -> np.ndarray:
    """A sentence and its translation are the same to it."""
    swaps = {"March 2020": "2020年3月", "May 2021": "2021年5月", "sentenced": "2021年5月"}
    return FAKE.embed_passages(
        [next((s for word, s in swaps.items() if word in text or s in text), text) for text in texts]
    )


@pytest.fixture(scope="module")
def cases() -> Cases:
    files = (("1.txt", ZH), ("1en.txt", EN), ("2.txt", ANOTHER))
    return Cases([read_document(name, text, None) for name, text in files], [1, 2])


def made(cases: Cases, *questions: object) -> Examples:
    return Examples(cases, list(questions), FAKE.embed_queries, like_a_translator)  # type: ignore[arg-type]


def labelled(examples: Examples, number: int = 0) -> dict[str, int]:
    example = examples.all[number]
    return {
        one.window.text[start:end]: label
        for one in examples.retrieved(example, 9)
        for (start, end), label in zip(one.window.sentences, one.labels, strict=True)
    }


def test_the_sentence_with_the_evidence_answers(cases: Cases) -> None:
    asked = question(question="甲某偷了什么？", evidence=("盗窃手机一部",), must=(("手机",),))
    labels = labelled(made(cases, asked))
    assert labels["2020年3月，甲某盗窃手机一部，价值2500元。"] == 1
    assert labels["2021年5月，甲某被判处拘役三个月。"] == 0
    # It holds the fact that was asked for, but about somebody else: nobody judged it.
    assert labels["2020年3月，乙某骗取手机一部，价值2500元。"] == -1


def test_a_question_is_read_on_the_other_edition_too(cases: Cases) -> None:
    piece = "Jia was sentenced to criminal detention for a term of three months"
    asked = question(lang="en", edition="en", evidence=(piece,), must=(("three months",),))
    examples = made(cases, asked)
    assert [e.language for e in examples.all] == ["en", "zh"]
    assert labelled(examples, 1)["2021年5月，甲某被判处拘役三个月。"] == 1


def test_a_near_miss_has_no_right_sentence(cases: Cases) -> None:
    examples = made(cases, question(answerable=False, why="no colour", question="手机是什么颜色的？"))
    assert all(label <= 0 for label in labelled(examples).values())
    drawn = [examples.windows(examples.all[0], random.Random(n)) for n in (1, 1, 2)]
    assert drawn[0] == drawn[1]
    assert all(len(one) == 3 for one in drawn)


def test_counterparts_go_by_meaning_within_the_paragraph(cases: Cases) -> None:
    (place,) = cases.places(1, "en", "In March 2020, Jia stole one mobile phone")
    found = counterparts(cases, [(1, place)], like_a_translator)
    start, end = found[1, place].best
    assert cases.text(1, "zh")[start:end].startswith("2020年3月")
    assert counterparts(cases, [(1, place)], lambda texts: np.eye(len(texts), 64, dtype=np.float32)) == {}


def test_topics_are_asked_over_the_cases(cases: Cases) -> None:
    (first, second) = topic_questions(cases, seed=1)
    assert {first.case, second.case} == {2}
    platform = first if "网络平台" in first.question else second
    assert platform.evidence[1:] == ("利用网络平台诈骗的，应当追诉。",)
    assert list(topic_questions(cases, seed=1)) == [first, second]


def row(**fields: object) -> dict[str, object]:
    usual = {"id": "own-1", "case": 1, "lang": "zh", "edition": "zh", "kind": "fact", "question": "偷了啥"}
    return {**usual, "answerable": True, "answer": "手机", "must": [["手机"]], **fields}


def test_own_questions_keep_offsets_and_no_words_of_the_text(cases: Cases, tmp_path: Path) -> None:
    (kept,) = packed([row(evidence=["盗窃手机一部"])], cases)
    assert "evidence" not in kept
    path = tmp_path / "own.jsonl"
    path.write_text(json.dumps(kept, ensure_ascii=False) + "\n", encoding="utf-8")
    (found,) = own_questions(path, cases)
    assert found.evidence == ("盗窃手机一部",)
    with pytest.raises(QuestionsRefused, match="own-1: no such evidence"):
        list(packed([row(evidence=["抢劫"])], cases))
    shifted = {**kept, "evidence_at": [[1, 0, 4]]}
    path.write_text(json.dumps(shifted, ensure_ascii=False) + "\n", encoding="utf-8")
    with pytest.raises(QuestionsRefused, match="are these the same case texts"):
        own_questions(path, cases)


def test_public_questions_become_windows(tmp_path: Path) -> None:
    text = "Rivers flow. The Rhine is 1,230 km long. It ends in the sea. " * 12
    answer = {"text": "1,230 km", "answer_start": text.index("1,230")}
    asked = [
        {"question": "How long is it?", "answers": [answer], "is_impossible": False},
        {"question": "How deep is it?", "answers": [], "is_impossible": True},
        {"question": "No answer and not said to have none", "answers": []},
    ]
    data = {"data": [{"title": "The_Rhine", "paragraphs": [{"context": text, "qas": asked}]}]}
    (tmp_path / "squad2_part.json").write_text(json.dumps(data), encoding="utf-8")
    (first, with_answer), (second, without) = public_examples(tmp_path, ["squad2_part"])
    assert (first, second) == ("How long is it?", "How deep is it?")
    held = [
        with_answer.window.text[a:b]
        for (a, b), label in zip(with_answer.window.sentences, with_answer.labels, strict=True)
        if label
    ]
    assert held == ["The Rhine is 1,230 km long."]
    assert with_answer.window.context == "The Rhine"
    assert len(with_answer.window.text) <= 900
    assert set(without.labels) == {0}
    assert (with_answer.answered, without.answered) == (1, 0)


def scores(*values: float) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64).float()


def test_the_loss_by_hand() -> None:
    found = reading_loss([scores(2.0, -1.0)], [scores(0.5).squeeze()], [[1, 0]], [1], [0])
    single = (2.0 * math.log1p(math.exp(-2.0)) + math.log1p(math.exp(-1.0))) / 2
    among = math.log(math.exp(2.0) + math.exp(-1.0) + 1.0) - 2.0
    outer = math.log1p(math.exp(-0.5))
    assert float(found) == pytest.approx(single + 0.5 * among + 0.4 * outer, rel=1e-5)


def test_what_is_not_judged_does_not_count() -> None:
    judged = reading_loss([scores(1.0)], [scores(0.0).squeeze()], [[0]], [0], [0])
    more = reading_loss([scores(1.0, 30.0)], [scores(0.0).squeeze()], [[0, -1]], [0], [0])
    # The window with a sentence that nobody judged has no "none" to choose, the rest is the same.
    among = math.log(math.exp(1.0) + 1.0)
    assert float(judged - more) == pytest.approx(0.5 * among, rel=1e-5)


def test_a_loss_is_lower_where_the_right_sentence_is_higher() -> None:
    groups, windows = [0, 0], [scores(1.0).squeeze(), scores(-1.0).squeeze()]
    good = reading_loss([scores(3.0, -3.0), scores(-3.0)], windows, [[1, 0], [0]], [1, 0], groups)
    bad = reading_loss([scores(-3.0, 3.0), scores(-3.0)], windows, [[1, 0], [0]], [1, 0], groups)
    assert good < bad


def test_budget_and_rate() -> None:
    assert Budget(10, None).spent(3, 300) == 0.5
    assert Budget(10, 12).spent(3, 300) == 0.25
    assert rate_at(0.06, 1.0) == pytest.approx(1.0)
    assert rate_at(0.0, 1.0) < rate_at(0.03, 1.0) < rate_at(0.06, 1.0) > rate_at(0.9, 1.0) > 0
    assert rate_at(1.0, 1.0) == pytest.approx(0.01)


def test_the_faster_precision_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("eval.train.loop.time.monotonic", lambda: now[0])
    model = torch.nn.Linear(1, 1)

    def loss(half: bool) -> torch.Tensor:
        now[0] += 1.0 if half else 5.0
        found: torch.Tensor = model(torch.ones(1)).sum()
        return found

    assert half_is_faster(loss, Log(tmp_path / "log.jsonl"))
    assert json.loads((tmp_path / "log.jsonl").read_text())["float32"] == 5.0
    assert len(optimizer_of(model).param_groups[0]["params"]) == 1
