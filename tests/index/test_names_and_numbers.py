from __future__ import annotations

import pytest

from index.case_number import find_batch, number_line
from index.section_names import section_id
from rag.numerals import english_number, integer


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("（检例第901号）", 901),
        ("(检例第901号)", 901),
        ("检例第901号", 901),
        ("检例901号", 901),
        ("【检例第９０１号】", 901),
        ("（检例第 901 号）", 901),
        ("（检例第九百零一号）", 901),
        ("（检例第九〇一号）", 901),
        ("（最高人民检察院指导性案例第901号）", 901),
        ("(Experiment No. 901)", 901),
        ("(Guiding Case No. 901)", 901),
        ("Guiding Case No. 901", 901),
        ("Guiding Case 901", 901),
        ("(Procuratorial Case No.901)", 901),
        ("（Inspection Example No. 901）", 901),
    ],
)
def test_number_lines(line: str, number: int) -> None:
    found = number_line(line)
    assert found is not None
    assert (found.number, found.title) == (number, None)


@pytest.mark.parametrize(
    "line",
    [
        "现将某甲盗窃案等四件案例（检例第901—904号）作为第九十批指导性案例发布。",
        "参照检例第901号办理。",
        "检例第901号的要旨指出，应当听证。",
        "检例第901号指出应当听证",
        "（检例第901号",
        "指导案例24号",
        "Case 2",
        "Case No. 2",
        "(No. 5)",
        "(Order No. 105)",
        "Guiding Case No. 901 says that a hearing is due.",
        "Guiding Case No. 901 is about slippers",
        "See (Guiding Case No. 901).",
    ],
)
def test_citations_are_no_number_lines(line: str) -> None:
    assert number_line(line) is None


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("（检例第901号）某甲盗窃案", "某甲盗窃案"),
        ("检例第901号_某甲盗窃案", "某甲盗窃案"),
        ("检例第901号某甲盗窃案", "某甲盗窃案"),
        ("某甲盗窃案（检例第901号）", "某甲盗窃案"),
        ("Guiding Case No. 901: Theft of Slippers", "Theft of Slippers"),
        ("(Guiding Case No. 901) Mou v. Slipper Co., Ltd. on Theft", "Mou v. Slipper Co., Ltd. on Theft"),
    ],
)
def test_number_lines_with_a_title(line: str, title: str) -> None:
    found = number_line(line)
    assert found is not None
    assert (found.number, found.title) == (901, title)


@pytest.mark.parametrize(
    ("text", "batch"),
    [
        ("关于印发最高人民检察院第四十八批指导性案例的通知", 48),
        ("继第一批线索之后，发布第五十七批指导性案例", 57),
        ("第一百二十批指导性案例", 120),
        ("第58批指导性案例", 58),
        ("the 23rd batch of guiding cases", 23),
        ("the twenty-third batch of guiding cases", 23),
        ("After the first batch of funds, the fifty seventh batch of SPP guiding cases", 57),
        ("Batch 23", 23),
        ("Batch No. 101", 101),
        ("Batch fifty-seven", 57),
        ("the batch of cases", None),
        ("第〇批指导性案例", None),
        ("", None),
    ],
)
def test_batches(text: str, batch: int | None) -> None:
    assert find_batch(text) == batch


def test_numerals() -> None:
    printed = ("85", "８５", "八十五", "十", "一百零二", "二〇三", "廿三", "九百九十九")
    assert [integer(n) for n in printed] == [85, 85, 85, 10, 102, 203, 23, 999]
    assert [integer(n) for n in ("", "甲", "八甲", "十甲")] == [None] * 4
    assert english_number("nine hundred and ninety-ninth") == 999
    assert english_number("umpteenth") is None


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("关键词", "keywords"),
        ("要  旨", "gist"),
        ("要\u2002旨", "gist"),
        ("案例要旨", "gist"),
        ("基本案情", "basic_case"),
        ("案件事实", "basic_case"),
        ("相关立法", "regulations"),
        ("相关法条", "regulations"),
        ("诉讼过程和结果", "procuratorial_process"),
        ("检察机关履职情况及结果", "procuratorial_process"),
        ("检察办案过程", "procuratorial_process"),
        ("抗诉理由", "procuratorial_process"),
        ("检察听证过程", "procuratorial_process"),
        ("履职结果", "outcome"),
        ("终审判决", "outcome"),
        ("监督成效", "outcome"),
        ("典型意义", "guiding_significance"),
        ("办案启示", "guiding_significance"),
        ("编者按", "other"),
        ("Key words", "keywords"),
        ("KEYWORDS", "keywords"),
        ("GIST", "gist"),
        ("Main Points of the Case", "gist"),
        ("Basic facts", "basic_case"),
        ("Procuratorate’s performance process", "procuratorial_process"),
        ("procuratorate's Performance Process", "procuratorial_process"),
        ("Litigation process and result", "procuratorial_process"),
        ("Grounds for protest", "procuratorial_process"),
        ("Result of the case", "outcome"),
        ("Final judgment", "outcome"),
        ("Typical significance", "guiding_significance"),
        ("Relevant legislation", "regulations"),
        ("Translator's word", "other"),
    ],
)
def test_headings_known_and_unseen(name: str, id_: str) -> None:
    assert section_id(name) == id_
