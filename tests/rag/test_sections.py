from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.references import as_words, without_references
from rag.sections import NAMES, bare_heading, named_sections, remainder
from rag.types import SECTION_IDS


def read(question: str) -> tuple[tuple[str, ...], str]:
    rest = " ".join(without_references(question, instead=as_words).split())
    return named_sections(rest), remainder(rest)


@pytest.mark.parametrize(
    ("question", "sections"),
    [
        ("Give me the gist of case 87", ("gist",)),
        ("what's case 85's gist?", ("gist",)),
        ("What are the key words of case 85?", ("keywords",)),
        ("Show me the basic facts of case 85", ("basic_case",)),
        ("performance process in case 85", ("procuratorial_process",)),
        ("the result of the case", ("outcome",)),
        ("show the full guiding significance section of case 88, please", ("guiding_significance",)),
        ("List the regulations cited in Guiding Case No. 86.", ("regulations",)),
        ("What is the legal basis of case 85?", ("regulations",)),
        ("And the regulations?", ("regulations",)),
        ("Guiding case 86, gist and regulations please", ("gist", "regulations")),
        ("Please quote the announcement of batch 23", ("announcement",)),
        ("检例第88号的相关规定", ("regulations",)),
        ("检例第85号的关键词是什么？", ("keywords",)),
        ("第85号案例要旨的内容是什么", ("gist",)),
        ("基本案情", ("basic_case",)),
        ("检例第85号检察机关履职过程", ("procuratorial_process",)),
        ("检例第218号的处理结果是什么", ("outcome",)),
        ("请列出检例第86号的指导意义", ("guiding_significance",)),
        ("检例第85号有哪些相关法律规定？", ("regulations",)),
        ("检例第85号的要旨和相关规定", ("gist", "regulations")),
        ("要旨是怎么写的？", ("gist",)),
    ],
)
def test_a_request_for_sections_says_nothing_else(question: str, sections: tuple[str, ...]) -> None:
    assert read(question) == (sections, "")


@pytest.mark.parametrize(
    ("question", "sections"),
    [
        ("Why does the gist mention innovation?", ("gist",)),
        ("what is the gist of the tobacco case?", ("gist",)),
        ("What regulations on tobacco did the bureau enforce?", ()),
        ("How was the company punished?", ()),
        ("要旨里对听证怎么说", ("gist",)),
        ("赔偿金额是多少", ()),
    ],
)
def test_a_question_that_asks_for_more_keeps_a_remainder(question: str, sections: tuple[str, ...]) -> None:
    found, rest = read(question)
    assert found == sections
    assert rest


@pytest.mark.parametrize(
    "question",
    [
        "那相关规定呢？",
        "可以告诉我检例第85号的要旨吗？",
        "能否给出检例第85号的要旨",
        "基本案情是怎样的",
        "What are the regulations of case 85?",
        "Which laws are cited in case 89?",
        "检例第87号引用了哪些法条？",
    ],
)
def test_other_requests_for_one_section(question: str) -> None:
    found, rest = read(question)
    assert len(found) == 1
    assert rest == ""


def test_the_order_is_the_canonical_one() -> None:
    assert named_sections("相关规定、要旨和关键词") == ("keywords", "gist", "regulations")
    assert tuple(NAMES) == SECTION_IDS


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    assert set(named_sections(text)) <= set(SECTION_IDS)
    assert remainder(text) == remainder(text).strip()


@pytest.mark.parametrize(
    ("printed", "bare"),
    [
        ("【要旨】", "要旨"),
        (" [gist] ", "gist"),
        ("〔基本案情〕", "基本案情"),
        ("", ""),
        ("Result", "Result"),
    ],
)
def test_bare_heading(printed: str, bare: str) -> None:
    assert bare_heading(printed) == bare
