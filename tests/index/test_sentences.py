from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.numbering import is_lone_marker, item_opener, marker
from index.sentences import clause_spans, first_sentence, sentence_spans
from rag.types import Language


def sentences(text: str, language: Language) -> list[str]:
    return [text[a:b] for a, b in sentence_spans(text, 0, len(text), language)]


def clauses(text: str, language: Language) -> list[str]:
    return [text[a:b] for a, b in clause_spans(text, 0, len(text), language)]


@pytest.mark.parametrize(
    "parts",
    [
        ["法院认为事实清楚。", "判决已生效！", "是否合法？", "其余略"],
        ["一是查明资金；二是核实账户。", "至此查清。"],
        ["公诉人指出：“证据确实。”", "法院予以采纳。"],
        ["依据“应当听证。”的规定办理。", "结案。"],
        ["书名《谁来管？怎样管！》引起注意。", "随后立案。"],
        ['他说："我没拿。"', "法官不信。"],
        ['规定："不得出售。禁止兑付。"', "该条清楚。"],
        ["（甲公司系子公司。下同）已注销。", "股东承担责任。"],
        ["面积为36.5平方米。", "（说明：数据来自测绘。）", "结束。"],
        ["共计4,362.53元……其余略。"],
        ["真的？！", "是的。"],
        ["（一）准确认定性质。", "行为构成犯罪。"],
        ["1."],
    ],
)
def test_chinese_sentences(parts: list[str]) -> None:
    assert sentences("".join(parts), "zh") == parts


@pytest.mark.parametrize(
    "parts",
    [
        ["The fine was 4,362.53 yuan.", "It was paid."],
        ["Zhejiang Dongmai Co., Ltd. sold treadmills.", "The goods were safe."],
        ["He worked for Foo Co., Ltd.", "The court heard him."],
        ["See No. 15 and Art. 3 of the law.", "Both apply."],
        ["J. Smith met Dr. Li at 5 p.m. on Monday.", "They spoke."],
        ["It was sold to Company A.", "Company B paid."],
        ["Chen v. Wang was retried.", "The appeal failed!", "Why?"],
        ["The U.S. company and others (e.g. Foo) left.", "Nobody stayed."],
        ['He said "I did not. Never." and left.', "The judge smiled."],
        ['The rule is "no sale."', "It is clear."],
        ["(1) It is necessary to hear the parties.", "They know best."],
        ["1. Investigate the case first.", "2020 was the year."],
        ["I. Crime of theft"],
        ["The reasons: 1. The goods are safe.", "More follows."],
        ["The rule of law. ."],
        ["The first is to hear; the second is to decide.", "Done."],
        ["The end.”", "“Next one begins.”"],
        ["Wait... and see.", "Then act."],
        ["The last word.", "Glued on."],
    ],
)
def test_english_sentences(parts: list[str]) -> None:
    assert sentences(" ".join(parts), "en") == parts


def test_a_full_stop_without_a_space_ends_a_sentence_between_words_only() -> None:
    assert sentences("It ended.The next began at www.example.cn today.", "en") == [
        "It ended.",
        "The next began at www.example.cn today.",
    ]


def test_sentences_of_a_long_quotation_are_told_apart() -> None:
    long = "“" + "他在法庭上作了长篇的陈述。" * 20 + "”"
    assert len(sentences(long, "zh")) == 20


def test_a_line_break_always_ends_a_sentence() -> None:
    assert sentences(" 监督意见\r\n　应当改判\n1.\r结果。 ", "zh") == ["监督意见", "应当改判", "1.", "结果。"]


def test_a_quotation_left_open_by_an_earlier_line_is_no_hindrance() -> None:
    assert sentences('甲"的商品。乙销售"丙"咖啡。丁。', "zh") == ['甲"的商品。', '乙销售"丙"咖啡。', "丁。"]


def test_spans_lie_inside_of_the_region_asked_for() -> None:
    text = "甲。乙。丙。"
    assert sentence_spans(text, 2, 4, "zh") == [(2, 4)]
    assert first_sentence(text, 2, 6, "zh") == "乙。"
    assert first_sentence("  ", 0, 2, "zh") == ""


def test_chinese_clauses() -> None:
    text = "开展以下工作：一是查明“甲；乙”的资金；二是核实账户，三是询问。第一，听证；（2）结案。"
    assert clauses(text, "zh") == [
        "开展以下工作：",
        "一是查明“甲；乙”的资金；",
        "二是核实账户，",
        "三是询问。",
        "第一，听证；",
        "（2）结案。",
    ]


def test_english_clauses() -> None:
    text = "The advice was: First, hear them; second, decide. The third is to report."
    assert clauses(text, "en") == [
        "The advice was:",
        "First, hear them;",
        "second, decide.",
        "The third is to report.",
    ]


@pytest.mark.parametrize(
    ("text", "opener"),
    [
        ("一是查明。", "一是"),
        ("第二，核实。", "第二，"),
        ("其三，询问。", "其三，"),
        ("首先，询问。", "首先，"),
        ("（三）询问。", "（三）"),
        ("（1）询问。", "（1）"),
        ("1.询问", "1."),
        ("1．询问", "1．"),
        ("2、询问", "2、"),
        ("三、盗窃罪", "三、"),
        ("①询问", "①"),
        ("The second is to ask.", "The second is to"),
        ("First, ask.", "First,"),
        ("Finally, ask.", "Finally,"),
        ("(II) Ask", "(II)"),
        ("III. Ask", "III."),
        ("第一审法院", None),
        ("一审判决", None),
        ("2.5亿元", None),
        ("2018年", None),
        ("First instance", None),
        ("I think", None),
        ("", None),
    ],
)
def test_item_openers(text: str, opener: str | None) -> None:
    assert item_opener(text) == opener


def test_markers() -> None:
    assert marker("3.2018年4月") == "3."
    assert marker("一是查明") is None
    assert is_lone_marker(" 2. ")
    assert not is_lone_marker("2. 询问")


PROSE = st.text(
    alphabet=st.one_of(
        st.sampled_from('。！？；：，、.!?;:, \n\r\t　"”“’‘（）()《》【】[]…1一二是第,CoLtd.NoIVA'),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=80,
)


@settings(max_examples=400, deadline=None)
@given(text=PROSE, language=st.sampled_from(["zh", "en"]), data=st.data())
def test_spans_cover_everything_once(text: str, language: Language, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    for cut in (sentence_spans, clause_spans):
        spans = cut(text, start, end, language)
        at = start
        for first, last in spans:
            assert at <= first < last <= end
            assert not text[at:first].strip()
            assert text[first:last] == text[first:last].strip()
            at = last
        assert not text[at:end].strip()
        assert spans == cut(text, start, end, language)
    whole = sentence_spans(text, start, end, language)
    for first, last in clause_spans(text, start, end, language):
        assert any(a <= first and last <= b for a, b in whole)
