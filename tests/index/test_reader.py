from __future__ import annotations

import pytest

from index.document import Document
from index.reader import read_document
from rag.errors import SourceRefused
from rag.types import Edition, Section
from tests.index.accounting import assert_accounted

BODY = (
    "【关键词】\n听证　拖鞋\n【要旨】\n应当听证。\n【基本案情】\n某甲卖拖鞋。\n"
    "【指导意义】\n（一）要听。再说。\n另段。\n"
)


def read(text: str, name: str = "upload.txt", batch: int | None = None) -> Document:
    document = read_document(name, text, batch)
    assert_accounted(document, text)
    assert document == read_document(name, text, batch)
    return document


def numbers(document: Document) -> list[int | None]:
    return [e.case_number for e in document.editions]


def only(text: str) -> Edition:
    (edition,) = read(text).editions
    return edition


def furniture(document: Document, text: str) -> list[tuple[str, str]]:
    return [(f.kind, text[f.start : f.end]) for f in document.furniture]


def paragraphs(section: Section, text: str) -> list[str]:
    return [text[p.start : p.end] for p in section.paragraphs]


def test_a_page_with_contents_navigation_and_footer() -> None:
    text = (
        "首页 > 业务\r\n关于印发最高人民检察院第九十批指导性案例的通知\r\n\r\n各院：\r\n"
        "某甲盗窃案（检例第901号）\n某乙诈骗案（检例第902号）\n2030年1月2日\n\n"
        f"某甲盗窃案\n（检例第901号）\n{BODY}办案检察院：某院\n承办检察官：某丙\n\n"
        f"案例二\n某乙诈骗案\n（检例第902号）\n{BODY}[责任编辑： 某丁]\n相关新闻\n任意一行\nCopyrights©某站\n"
    )
    document = read(text)
    announcement, first, second = document.editions
    assert numbers(document) == [None, 901, 902]
    assert {e.batch for e in document.editions} == {90}
    assert announcement.title == "关于印发最高人民检察院第九十批指导性案例的通知"
    assert len(announcement.sections[0].paragraphs) == 5
    assert [s.id for s in first.sections] == [
        "keywords",
        "gist",
        "basic_case",
        "guiding_significance",
        "other",
    ]
    assert first.sections[-1].heading == ""
    assert paragraphs(first.sections[-1], text) == ["办案检察院：某院", "承办检察官：某丙"]
    assert (first.title, second.title) == ("某甲盗窃案", "某乙诈骗案")
    assert [k for k, _ in furniture(document, text)] == [
        "site", "title", "case_number", "subtitle", "title", "case_number", "site", "site", "site", "site",
    ]  # fmt: skip
    assert document.problems == ()
    assert {p.subsection for p in first.sections[3].paragraphs} == {"（一）要听。"}


def test_contents_with_numbers_on_lines_of_their_own_open_no_case() -> None:
    listed = "某甲盗窃案\n（检例第901号）\n某乙诈骗案\n（检例第902号）\n"
    document = read(
        f"第九十批指导性案例\n{listed}说明。\n某甲盗窃案\n（检例第901号）\n{BODY}某乙诈骗案\n（检例第902号）\n{BODY}"
    )
    assert numbers(document) == [None, 901, 902]
    assert document.problems == ()


def test_a_title_over_two_lines() -> None:
    spread = f"通知。\n\n2030年1月2日\n\n某院督促保护\n\n老树公益诉讼案\n\n（检例第901号）\n\n{BODY}"
    assert read(spread).editions[1].title == "某院督促保护老树公益诉讼案"
    tight = f"某院督促\n保护老树案\n\n（检例第901号）\n\n{BODY}"
    assert only(tight).title == "某院督促保护老树案"
    bracket = f"甲案正文。\n\n某院（某地\n\n分院）督促保护老树案\n\n（检例第901号）\n\n{BODY}"
    assert read(bracket).editions[1].title == "某院（某地分院）督促保护老树案"


@pytest.mark.parametrize(
    "top",
    [
        "### （检例第901号） 某甲盗窃案 案例一\n",
        "### （检例第901号）案例一：某甲盗窃案\n\n（检例第901号）\n",
        "（检例第901号）\n某甲盗窃案\n",
        "案例一\n某甲盗窃案\n（检例第901号）\n",
        "某甲盗窃案\n案例一\n（检例第901号）\n",
        "1.某甲盗窃案\n（检例第901号）\n——副题\n",
        "检例第901号_某甲盗窃案\n\n（检例第901号）\n",
    ],
)
def test_titles_and_numbers_in_every_order(top: str) -> None:
    document = read(top + BODY)
    (edition,) = document.editions
    assert (edition.case_number, edition.title, edition.batch) == (901, "某甲盗窃案", None)
    assert edition.start == 0
    assert document.problems == ()


def test_text_behind_a_heading_and_headings_in_every_bracket() -> None:
    text = (
        "某案\n（检例第901号）\n【要  旨】应当听证。\n[关键词] 听证\n〔基本案情〕\n某甲。\n"
        "**【典型意义】** 要听。\n"
    )
    edition = only(text)
    assert [(s.id, s.heading) for s in edition.sections] == [
        ("gist", "【要  旨】"),
        ("keywords", "[关键词]"),
        ("basic_case", "〔基本案情〕"),
        ("guiding_significance", "【典型意义】"),
    ]
    assert [paragraphs(s, text) for s in edition.sections] == [
        ["应当听证。"],
        ["听证"],
        ["某甲。"],
        ["要听。"],
    ]


def test_brackets_in_running_text_are_no_headings() -> None:
    lines = [
        "[2013]第9号文件规定。",
        "〔2020〕5号",
        "[某甲]辩称未卖。",
        "【2021】某字",
        "[注：略]",
        "甲【要旨】乙",
    ]
    text = "某案\n（检例第901号）\n【要旨】\n听。\n【基本案情】\n" + "\n".join(lines)
    assert paragraphs(only(text).sections[1], text) == lines


def test_a_heading_split_over_two_lines() -> None:
    text = "某案\n（检例第901号）\n【要\n\n旨】\n听。\n【基本\n案情】某甲。"
    edition = only(text)
    assert [s.heading for s in edition.sections] == ["【要旨】", "【基本案情】"]
    assert [paragraphs(s, text) for s in edition.sections] == [["听。"], ["某甲。"]]


def test_headings_without_brackets() -> None:
    text = (
        "某甲盗窃案\n检例第901号\n关键词：听证\n要旨\n听。\n一、基本案情\n某甲。\n"
        "检察机关履职过程\n办。\n处理结果\n判。\n"
    )
    edition = only(text)
    assert [(s.id, s.heading) for s in edition.sections] == [
        ("keywords", "关键词："),
        ("gist", "要旨"),
        ("basic_case", "一、基本案情"),
        ("procuratorial_process", "检察机关履职过程"),
        ("outcome", "处理结果"),
    ]


def test_sub_headings() -> None:
    text = (
        "某案\n（检例第901号）\n【要旨】\n听。\n【基本案情】\n某甲。\n【检察机关履职过程】\n起因略。\n审查起诉\n送来了很多很多材料。\n"
        "线索发现。某日有人举报。\n又查。\n（一）调查\n1.\n先问。再问。\n后记。\n一是不算标题。\n（二）结案\n"
    )
    process = only(text).sections[2]
    assert [p.subsection for p in process.paragraphs] == [
        None,
        "审查起诉",
        "审查起诉",
        "线索发现。",
        "线索发现。",
        "（一）调查",
        "1.先问。",
        "1.先问。",
        "1.先问。",
        "1.先问。",
        "（二）结案",
    ]


def test_a_citation_of_a_number_alone_on_a_line_is_kept_as_text_and_reported() -> None:
    text = f"某案\n（检例第901号）\n{BODY}参照\n（检例第85号）\n的做法。\n【相关规定】\n某法\n"
    document = read(text)
    assert numbers(document) == [901]
    assert [(p.text, "kept as text" in p.reason) for p in document.problems] == [("（检例第85号）", True)]


def test_titles_left_at_the_end() -> None:
    text = f"某案\n（检例第901号）\n{BODY}某丙、某丁生产销售伪劣产品\n检例第902号_某乙诈骗案"
    document = read(text)
    assert furniture(document, text)[-2:] == [
        ("stray_title", "某丙、某丁生产销售伪劣产品"),
        ("stray_title", "检例第902号_某乙诈骗案"),
    ]
    assert len(document.problems) == 2


def test_a_site_line_inside_of_a_case_ends_nothing() -> None:
    text = f"某案\n（检例第901号）\n【关键词】\n甲\n相关链接：\n{BODY}相关链接：\n某站\n"
    document = read(text)
    assert [k for k, _ in furniture(document, text)] == ["title", "case_number", "site", "site", "site"]
    assert [s.id for s in document.editions[0].sections][-1] == "guiding_significance"


def test_english_page() -> None:
    text = (
        "The Procuratorate issued its fifty-eighth batch of guiding cases on the theme of slippers, which is "
        "a long sentence that names no announcement at all.\n\n"
        "The 58th batch of guiding cases of the Supreme People's Procuratorate\n\nCase 1\n"
        "Mou v. Slipper Co., Ltd. on Theft\n(Guiding Case No. 901)\n[Key words]\nslippers; hearing\n"
        "[Gist] Hear first.\n[Basic facts]\nMou sold slippers.\n[Procuratorate’s performance process]\n"
        "Discovery of clues\nSomebody told the procuratorate about it.\n(I) Review\nIt looked.\n"
        "Writers of the case: Mou"
    )
    document = read(text)
    announcement, case = document.editions
    assert announcement.title == "The 58th batch of guiding cases of the Supreme People's Procuratorate"
    assert (document.source.language, case.batch, case.case_number) == ("en", 58, 901)
    assert case.title == "Mou v. Slipper Co., Ltd. on Theft"
    assert [s.id for s in case.sections] == [
        "keywords",
        "gist",
        "basic_case",
        "procuratorial_process",
        "other",
    ]
    assert [p.subsection for p in case.sections[3].paragraphs] == [
        "Discovery of clues", "Discovery of clues", "(I) Review", "(I) Review",
    ]  # fmt: skip
    assert [k for k, _ in furniture(document, text)] == ["series_title", "subtitle", "title", "case_number"]
    assert document.problems == ()


def test_the_batch_given_wins_and_the_file_name_helps() -> None:
    text = f"第九十批指导性案例\n某案\n（检例第901号）\n{BODY}"
    assert read(text, batch=91).source.batch == 91
    assert read(text, name="spp_batch_92.txt").source.batch == 90
    assert read(text.split("\n", 1)[1], name="spp_batch_92.txt").source.batch == 92


def reasons(text: str, name: str = "upload.txt") -> list[tuple[int, str]]:
    return [(p.line, p.reason) for p in read(text, name).problems]


def test_half_a_page_is_reported_line_by_line() -> None:
    head = "某案\n（检例第901号）\n"
    assert reasons(f"{head}多余的一段。\n{BODY}") == [
        (3, "stands between the case's number and its first heading; kept as text")
    ]
    assert "no headings such as 【要旨】" in reasons(f"{head}无题正文。\n又一段。")[0][1]
    assert reasons(f"{head}【要旨】\n【基本案情】\n甲。") == [
        (3, "【要旨】 of case 901 has no text under it")
    ]
    assert reasons(f"{head}【要旨】\n甲。") == [(1, "case 901 prints no section 基本案情 (basic case)")]
    assert reasons(f"{head}【编者按】\n甲。\n{BODY}")[0][1].startswith("a heading that is not known")
    assert reasons(f"（检例第901号）\n{BODY}") == [(1, "case 901 has no title above or beside its number")]
    assert "stands in this file already" in reasons(f"{head}{BODY}{head}{BODY}")[0][1]


def test_case_numbers_out_of_range() -> None:
    for number in ("0", "10000"):
        document = read(f"某案\n（检例第{number}号）\n{BODY}")
        assert numbers(document) == [None]
        assert "not between 1 and 9999" in document.problems[0].reason


def test_a_case_without_a_number_line() -> None:
    between = f"某甲案\n（检例第901号）\n{BODY}某乙案\n{BODY}某丙案\n（检例第903号）\n{BODY}"
    document = read(between)
    assert numbers(document) == [901, 902, 903]
    assert "taken for case 902 because it stands between 901 and 903" in document.problems[0].reason
    alone = read(f"某乙案\n{BODY}")
    assert (numbers(alone), alone.editions[0].title) == ([None], "某乙案")
    assert "add a line such as （检例第85号）" in alone.problems[0].reason
    assert numbers(read(f"某乙案\n{BODY}", name="检例第904号__某乙案.md")) == [904]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (
            "今天天气很好。",
            "no case number such as （检例第85号） and no headings such as 【要旨】 were found",
        ),
        ("【摘要】略。\n【关键词】天气", "its headings are not those of guiding cases"),
        ("指导意义\n无", "headings are not those"),
        ("略。\n某甲案（检例第901号）\n略。", "case numbers stand in it, but no headings"),
        (" \n", "is empty"),
        ("甲\x00乙", "NUL"),
        ("【要旨】\ud800", "surrogate"),
    ],
)
def test_other_texts_are_refused(text: str, part: str) -> None:
    with pytest.raises(SourceRefused, match=r"upload\.txt") as refusal:
        read_document("upload.txt", text)
    assert part in str(refusal.value)
