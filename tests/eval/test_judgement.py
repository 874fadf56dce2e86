from dataclasses import replace

import pytest

from eval.evidence import Locator
from eval.judgement import Judgement, facts_share, judge, markers_whole, numbers_supported
from eval.questions import Question
from rag.types import Answer
from tests.eval.small import answer, citation, near_miss, question, small_collection

C = small_collection()
VALUE = citation(C, "1-zh-basic_case-2")
TERM = citation(C, "1-zh-basic_case-3", 2)
OTHER_CASE = citation(C, "2-zh-basic_case-1")


def judged(asked: Question, given: Answer) -> Judgement:
    return judge(asked, Locator(C).locate(asked), given, C)


def test_a_right_answer() -> None:
    assert judged(question(), answer("价值2500元。[1]甲某被判处拘役三个月。[2]", VALUE, TERM)) == Judgement(
        fully_right=True,
        facts_present=True,
        facts_share=1,
        section_cited=True,
        cases_share=1,
        citations=2,
        citations_of_case=2,
        citations_on_evidence=1,
        quotes_verbatim=2,
        marker_integrity=True,
        numbers_supported=True,
    )


def test_a_right_fact_of_the_wrong_case_is_wrong() -> None:
    asked = question(must=(("5000万元", "5千万元"),), evidence=("乙某骗取5000万元",), case=1)
    got = judged(asked, answer("乙某骗取5000万元。[1]", OTHER_CASE))
    assert (got.facts_present, got.section_cited, got.fully_right) == (True, False, False)
    assert (got.citations_of_case, got.cases_share) == (0, 0)


def test_the_wrong_section_is_wrong_and_another_language_is_not() -> None:
    gist = citation(C, "1-zh-gist-1")
    asked = question(must=(("二千元",),), evidence=("二千元",), section="guiding_significance")
    assert not judged(asked, answer("盗窃数额在二千元以上的，应当追诉。[1]", gist)).section_cited
    english = citation(C, "1-en-basic_case-1")
    got = judged(question(), answer("2500元 [1]", english))
    assert (got.section_cited, got.fully_right, got.citations_on_evidence) == (True, True, 0)


def test_some_facts() -> None:
    asked = question(must=(("2500元",), ("三个月", "3个月")))
    got = judged(asked, answer("价值2500元。[1]", VALUE))
    assert (got.facts_share, got.facts_present, got.fully_right) == (0.5, False, False)


def test_declining() -> None:
    # The words looked for stand in the abstention; that is no fact found.
    declined = answer("没有找到“2500元”的依据。", abstained=True)
    got = judged(question(), declined)
    assert (got.fully_right, got.facts_share, got.section_cited) == (False, 0, False)
    assert (got.marker_integrity, got.numbers_supported) == (None, None)
    assert judged(near_miss(), declined) == Judgement(fully_right=True)
    assert not judged(near_miss(), answer("价值2500元。[1]", VALUE)).fully_right


def test_several_cases() -> None:
    asked = question(case=None, cases=(1, 2), evidence=("价值2500元", "骗取5000万元"))
    got = judged(asked, answer("价值2500元。[1]", VALUE))
    assert (got.section_cited, got.cases_share, got.citations_of_case) == (True, 0.5, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"quote": "价值2600元。"},
        {"start": VALUE.start + 1},
        {"end": VALUE.end + 1},
        {"start": VALUE.start - len(C.sources[0].text), "end": VALUE.end - len(C.sources[0].text)},
        {"source_sha256": "0" * 64},
        {"quote": "", "end": VALUE.start},
    ],
)
def test_quotes_are_checked_against_the_source(change: dict[str, object]) -> None:
    bent = replace(VALUE, **change)  # type: ignore[arg-type]
    assert judged(question(), answer("价值2500元。[1]", bent)).quotes_verbatim == 0


def test_facts_are_compared_folded_and_without_markers() -> None:
    assert facts_share("a “蓝 天”\n牌", [['"蓝天"牌']]) == 1
    assert facts_share("价值 [1] ２５００元", [["价值2500元"], ["手机"]]) == 0.5
    assert facts_share("anything", []) == 1


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("价值2500元。[1]", True),
        ("价值2500元 [1]。甲某被判处拘役三个月 [2]。", True),
        ("二者 [1][2]", True),
        ("价值2500元。", False),
        ("", False),
        ("价值2500元。[1] 此外无他", False),
        ("价值2500元。[3]", False),
        ("[1] 价值2500元。", False),
        ("甲某是惯犯。价值2500元。[1]", False),
        ("依据检例第1号：价值2500元。[1]", True),
        ("He is guilty. The phone cost 2500 yuan. [1]", False),
        ("Jia Co., Ltd. in case No. 1 paid A. B. [1]", True),
        ("依法发[2019]12号 [1]", True),
    ],
)
def test_markers(text: str, whole: bool) -> None:
    assert markers_whole(text, {1: VALUE, 2: TERM}) is whole


def test_a_quote_of_two_sentences_needs_one_marker() -> None:
    text = C.sources[0].text
    both = replace(VALUE, end=TERM.end, quote=text[VALUE.start : TERM.end])
    assert markers_whole("价值2500元。\n甲某被判处拘役三个月。[1]", {1: both})
    assert not markers_whole("价值2500元。 他逃走了。[1]", {1: both})


def test_numbers_need_their_own_quote() -> None:
    cited = {1: VALUE, 2: OTHER_CASE}
    assert numbers_supported("价值2,500元 [1]；50 million yuan [2]", cited)
    assert not numbers_supported("50 million yuan [1]", cited)
    assert numbers_supported("50 million and 2500 [1] [2]", cited)
    assert not numbers_supported("价值2500元 [1]，2020年", cited)
    assert not numbers_supported("价值2500元 [7]", cited)
