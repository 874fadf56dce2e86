"""Questions over several cases, with a fake reader: rules, not quality."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from index.snapshot import Snapshot
from rag.across import over_several
from rag.ask import ask
from rag.question import understand
from rag.types import Answer, Filters, Request
from tests.fakes import FakeEmbedder, FakeReader
from tests.rag.proof import faults


@pytest.fixture
def sure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.weighing.confidence", lambda *_: 1.0)


def asked(
    collection: Snapshot,
    question: str,
    reader: FakeReader,
    filters: Filters = Filters(),  # noqa: B008 - frozen
) -> Answer:
    answer = ask(Request(question, filters=filters), collection, FakeEmbedder(), reader)
    assert faults(asdict(answer), lambda sha256: collection.source(sha256).text) == []
    return answer


@pytest.mark.parametrize(
    "question",
    [
        "Which of these cases concern water?",
        "which guiding cases involve public interest litigation",
        "Are there any cases about forged invoices?",
        "哪些案例涉及水污染？",
        "有没有关于发票的案例",
        "第二十三批中涉及水的案例有哪些",
        "How were the defendants in cases 85 and 86 punished?",
    ],
)
def test_is_over_several(collection: Snapshot, question: str) -> None:
    assert over_several(understand(Request(question), collection))


@pytest.mark.parametrize(
    "question",
    [
        "In which case was the fine the highest?",
        "Which court heard case 85?",
        "本案中哪些证据被采纳？",
        "What was the result of the case?",
        "该案例有什么指导意义",
    ],
)
def test_is_about_one(collection: Snapshot, question: str) -> None:
    assert not over_several(understand(Request(question), collection))


@pytest.mark.usefixtures("sure")
def test_every_named_case_is_answered_for(collection: Snapshot) -> None:
    answer = asked(collection, "Who was fined in cases 9 and 86?", FakeReader())
    assert [c.case_number for c in answer.citations] == sorted(c.case_number or 0 for c in answer.citations)
    assert {c.case_number for c in answer.citations} == {9, 86}


@pytest.mark.usefixtures("sure")
def test_cases_that_are_asked_for_come_one_by_one(collection: Snapshot) -> None:
    answer = asked(collection, "Which cases concern forged invoices?", FakeReader())
    numbers = [c.case_number for c in answer.citations]
    assert numbers == sorted(numbers, key=lambda n: n or 0)
    assert 9 in numbers
    assert len(numbers) == len(set(numbers))
    narrowed = asked(collection, "Which cases concern invoices?", FakeReader(), Filters(batches=(3,)))
    assert {c.case_number for c in narrowed.citations} == {9}


def test_none_of_them_is_an_abstention(collection: Snapshot) -> None:
    answer = asked(collection, "Which cases concern divorce in California?", FakeReader(certain=False))
    assert answer.abstained
    assert answer.abstention_reason == "no_evidence"
