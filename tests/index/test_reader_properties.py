from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.reader import read_document
from rag.errors import SourceRefused
from tests.index.accounting import assert_accounted

BODY = (
    "【关键词】\n听证　拖鞋\n【要旨】\n应当听证。\n【基本案情】\n某甲卖拖鞋。\n"
    "【指导意义】\n（一）要听。再说。\n另段。\n"
)
LINES = """
（检例第901号）
（检例第九百零二号）
### （检例第903号） 某甲盗窃案 案例一
检例第904号_某乙案
(Guiding Case No. 905)
某丙诈骗案（检例第906号）
（检例第0号）
某甲盗窃案
某院督促
案例二
——副题
【关键词】
【要旨】听证。
【要
旨】
[Gist]
【基本案情】
基本案情
关键词：甲
【编者按】
**【指导意义】**
【相关规定】
《某法》第一条
办案检察院：某院
[责任编辑：某]
相关新闻
关于印发最高人民检察院第九十批指导性案例的通知
第九十批指导性案例
The 58th batch of guiding cases
2030年1月2日
（一）要听。再说。
(1) Hear first. Then decide.
1.
审查起诉
线索发现。某日。
一是听；二是判。
某甲卖拖鞋，被查获。
#
**
Copyrights©某站
""".splitlines()
LINE = st.one_of(
    st.sampled_from(LINES),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12),
)


@settings(max_examples=600, deadline=None)
@given(
    lines=st.lists(
        st.tuples(LINE, st.sampled_from(["\n", "\r\n", "\r", "\n\n", "\n　\n", "  \n"])), max_size=30
    )
)
def test_any_mixture_of_lines_is_refused_or_accounted_for(lines: list[tuple[str, str]]) -> None:
    text = "".join(line + end for line, end in lines)
    try:
        document = read_document("mixture", text)
    except SourceRefused:
        return
    assert_accounted(document, text)
    assert document == read_document("mixture", text)
    assert all(0 < e.case_number <= 9999 for e in document.editions if e.case_number is not None)


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_any_text_behind_a_case_is_accounted_for(tail: str) -> None:
    text = f"某案\n（检例第901号）\n{BODY}{tail}"
    try:
        document = read_document("tail", text)
    except SourceRefused:
        assert "\x00" in text
        return
    assert_accounted(document, text)


@pytest.mark.parametrize(
    "piece",
    [
        "*",
        "【",
        "#",
        "-",
        "（检例第901号）\n",
        "【要旨】\n",
        "某甲某乙生产销售伪劣产品\n",
        "“甲。",
        "a. ",
        "the second ",
    ],
)
def test_a_flood_of_marks_does_not_stall_the_reader(piece: str) -> None:
    text = f"某案\n（检例第901号）\n{BODY}{piece * 50_000}x{piece * 1_000}"
    assert 901 in {e.case_number for e in read_document("flood", text).editions}
