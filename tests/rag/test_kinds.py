from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.kinds import KINDS, asked_kinds, kinds_held


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How much was the fine?", "amount"),
        ("罚金是多少元？", "amount"),
        ("When was the proposal sent?", "date"),
        ("何时提起公诉？", "date"),
        ("How long is the sentence?", "term"),
        ("判处有期徒刑几年？", "term"),
        ("How many experts were heard?", "number"),
        ("有几名被告人？", "number"),
        ("Who chaired the hearing?", "person"),
        ("谁主持了听证会？", "person"),
        ("Which court tried it?", "organ"),
        ("由哪个法院审理？", "organ"),
        ("Where is the company?", "place"),
        ("公司在哪里？", "place"),
        ("Which article applies?", "article"),
        ("依据刑法第几条？", "article"),
        ("What crime was he charged with?", "charge"),
        ("构成什么罪？", "charge"),
        ("Why was he not prosecuted?", "reason"),
        ("为什么不起诉？", "reason"),
        ("What measures were taken?", "list"),
        ("采取了哪些措施？", "list"),
        ("Was he prosecuted?", "yesno"),
        ("是否提起公诉？", "yesno"),
        ("What is meant by a routine loan?", "definition"),
        ("什么是套路贷？", "definition"),
    ],
)
def test_asked_kinds(question: str, kind: str) -> None:
    assert kind in asked_kinds(question)


def test_no_cue() -> None:
    assert asked_kinds("tobacco") == frozenset() == asked_kinds("")


@pytest.mark.parametrize(
    ("kind", "holds", "lacks"),
    [
        ("amount", "He was fined 10,000 yuan.", "He was fined."),
        ("amount", "判处罚金五万元。", "判处罚金。"),
        ("date", "It was sent on 14 December 2020.", "It was sent."),
        ("date", "2014年10月提起公诉。", "提起公诉。"),
        ("term", "He was sentenced to three years.", "He was sentenced."),
        ("number", "Seven experts were heard.", "Experts were heard."),
        ("organ", "The Intermediate Court tried it.", "It was tried."),
        ("article", "《刑法》第三百三十八条", "构成犯罪"),
        ("charge", "犯污染环境罪", "污染环境"),
    ],
)
def test_a_sentence_that_can_be_the_answer(kind: str, holds: str, lacks: str) -> None:
    assert kinds_held(frozenset({kind}), holds) == 1.0
    assert kinds_held(frozenset({kind}), lacks) == 0.0


def test_a_share_of_several_kinds() -> None:
    kinds = frozenset({"amount", "date"})
    assert kinds_held(kinds, "fined 10,000 yuan in 2019") == 1.0
    assert kinds_held(kinds, "in 2019") == 0.5
    assert kinds_held(frozenset(), "anything") == 1.0
    assert kinds_held(frozenset({"person", "definition"}), "cannot be checked") == 1.0


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    kinds = asked_kinds(text)
    assert kinds <= set(KINDS)
    assert 0.0 <= kinds_held(kinds, text) <= 1.0
