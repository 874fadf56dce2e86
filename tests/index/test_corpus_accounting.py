"""Every line of the seed and of the shared corpus is accounted for; what is expected is counted from
the raw text, without the reader's code."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from index.document import Document
from index.reader import read_document
from index.source import decode
from rag.types import Edition
from tests.index.accounting import assert_accounted

ROOT = Path(__file__).parents[2]
SEED = ROOT / "seeds" / "spp_batch_23_en.txt"
CORPUS = ROOT.parent / "shared" / "corpus"
PAGES = {
    48: range(191, 195),
    49: range(195, 200),
    50: range(200, 205),
    51: range(205, 209),
    52: range(209, 213),
    53: range(213, 218),
    54: range(218, 219),
    55: range(219, 223),
    56: range(223, 228),
}
TITLE_BEGINS = ("Liu Yuanpeng", "Environmental pollution", "Li Weijun", "The People's", "Heilongjiang")
TITLE_ENDS = ("(no prosecution)", "Water Company", "false lawsuits", "smoking ban", "Water Supply Safety")
STRAY = "taken for the title of another case"
KNOWN_PROBLEMS = {14: [(45, STRAY), (47, STRAY), (49, STRAY)], 213: [(69, STRAY)]}


@cache
def read(path: Path) -> tuple[str, Document]:
    text = decode(path.read_bytes(), path.name)
    return text, read_document(path.name, text)


def single_files() -> dict[int, Path]:
    paths = (CORPUS / "spp-zh" / "cases").glob("*.md")
    return {int(re.search(r"第(\d+)号", path.name)[1]): path for path in paths}  # type: ignore[index]


def english_files() -> dict[int, Path]:
    return {int(path.stem): path for path in (CORPUS / "english").glob("*.txt")}


def page_files() -> dict[int, Path]:
    paths = (CORPUS / "spp-zh" / "pages").glob("*.txt")
    return {int(path.stem.rsplit("_", 1)[1]): path for path in paths}


def cases(document: Document) -> list[Edition]:
    return [e for e in document.editions if e.case_number is not None]


def ids(edition: Edition) -> list[str]:
    return [s.id for s in edition.sections if s.heading]


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


class TestSeed:
    def test_every_line_is_accounted_for(self) -> None:
        text, document = read(SEED)
        assert text == SEED.read_bytes().decode("utf-8")
        assert_accounted(document, text)
        assert document.problems == ()
        assert (document.source.language, document.source.batch) == ("en", 23)

    def test_cases_and_titles(self) -> None:
        text, document = read(SEED)
        announcement, *rest = document.editions
        assert announcement.title == "The 23rd batch of guiding cases of the Supreme People's Procuratorate"
        assert [e.case_number for e in rest] == [85, 86, 87, 88, 89]
        for edition, begins, ends in zip(rest, TITLE_BEGINS, TITLE_ENDS, strict=True):
            assert edition.title.startswith(begins)
            assert edition.title.endswith(ends)
            assert text[edition.start :].startswith(edition.title)
            number = text.index(f"(Experiment No. {edition.case_number})")
            assert text[edition.start : number].strip() == edition.title

    def test_sections(self) -> None:
        _, document = read(SEED)
        announcement, *rest = document.editions
        assert [(s.id, s.heading) for s in announcement.sections] == [("announcement", "")]
        for edition in rest:
            assert ids(edition) == [
                "keywords",
                "gist",
                "basic_case",
                "procuratorial_process",
                "guiding_significance",
                "regulations",
            ]

    def test_subsections(self) -> None:
        text, document = read(SEED)
        process = document.editions[3].sections[3]
        assert list(dict.fromkeys(p.subsection for p in process.paragraphs)) == [
            "(1) Initiate public prosecution for criminal responsibility",
            "(2) Carry out civil supervision of false litigation cases",
            "(3) Participate in social governance with case handling",
        ]
        nested = document.editions[5].sections[3]
        assert list(dict.fromkeys(p.subsection for p in nested.paragraphs)) == [
            "(1) Duty performance of the People's Procuratorate of Didao District, Jixi City",
            "(2) Duty performance of the People's Procuratorate of Jixi City",
            "(3) Duty performance of the People's Procuratorate of Heilongjiang Province",
            "1. Investigation and verification",
            "2. Make and issue inspection recommendations",
        ]
        significance = document.editions[3].sections[4]
        assert significance.paragraphs[-1].subsection == (
            "(3) Comprehensively use multiple methods to promote the governance of the financial industry."
        )
        assert text[significance.paragraphs[0].start :].startswith("(1) The criminal and civil prosecutors")


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the shared corpus is not at {CORPUS}")
class TestCorpus:
    def test_nothing_is_missing_from_the_folder(self) -> None:
        assert sorted(single_files()) == list(range(1, 219))
        assert sorted(page_files()) == sorted(PAGES)
        assert len(english_files()) == 50

    def test_every_line_of_every_file_is_accounted_for(self) -> None:
        for path in [*single_files().values(), *page_files().values(), *english_files().values()]:
            text, document = read(path)
            assert_accounted(document, text)

    def test_the_whole_collection_is_read(self) -> None:
        found = {
            e.case_number
            for path in [*single_files().values(), *page_files().values()]
            for e in cases(read(path)[1])
        }
        assert found == set(range(1, 228))

    def test_single_files_hold_the_case_that_their_name_says(self) -> None:
        for number, path in single_files().items():
            _, document = read(path)
            expected = [207, 208] if number == 207 else [number]
            assert [e.case_number for e in document.editions] == expected
            assert document.source.language == "zh"
            assert document.source.batch is None
            for edition in document.editions:
                named = squeezed(path.stem.split("号", 1)[1])
                if edition.case_number == number:
                    plain = re.sub(r"[^\w]|_|\d", "", edition.title)
                    assert plain == re.sub(r"[^\w]|_|\d|案例[一二三四五]", "", named)
                assert edition.title.endswith("案")

    def test_pages_hold_their_batch(self) -> None:
        for batch, path in page_files().items():
            _, document = read(path)
            announcement, *rest = document.editions
            assert [e.case_number for e in rest] == list(PAGES[batch])
            assert {e.batch for e in document.editions} == {batch}
            assert announcement.case_number is None
            assert re.fullmatch(r"关于印发最高人民检察院第.{2,4}批指导性案例的通知", announcement.title)
            assert len(announcement.sections[0].paragraphs) == 5
            kinds = {f.kind for f in document.furniture}
            assert kinds == {"title", "case_number", "site"}

    def test_pages_and_single_files_agree_on_titles(self) -> None:
        for path in page_files().values():
            for edition in cases(read(path)[1]):
                single = single_files().get(edition.case_number or 0)
                if single is not None:
                    titles = {squeezed(e.title) for e in read(single)[1].editions}
                    assert squeezed(edition.title) in titles

    def test_english_editions(self) -> None:
        for number, path in english_files().items():
            text, document = read(path)
            assert [e.case_number for e in document.editions] == [number]
            assert document.source.language == "en"
            first = next(line for line in text.splitlines() if line.strip())
            assert document.editions[0].title == first.strip()
            printed = re.findall(r"^\[([^\]\d]+)\]", text, flags=re.MULTILINE)
            assert [s.heading[1:-1] for s in document.editions[0].sections if s.heading] == printed
            assert document.problems == ()
            chinese = [s.id for s in read(single_files()[number])[1].editions[0].sections]
            assert [s.id for s in document.editions[0].sections] == chinese

    @pytest.mark.parametrize(
        ("id_", "name"),
        [
            ("keywords", "关键词"),
            ("gist", "要旨"),
            ("basic_case", "基本案情"),
            ("guiding_significance", "指导意义"),
            ("regulations", "相关(?:法律)?规定|相关立法"),
            ("outcome", "案件结果|终审判决|终审结果"),
        ],
    )
    def test_sections_are_found_wherever_their_heading_is_printed(self, id_: str, name: str) -> None:
        for path in [*single_files().values(), *page_files().values()]:
            text, document = read(path)
            printed = len(re.findall(rf"【(?:{name})】", squeezed(text)))
            found = sum(s.id == id_ for e in document.editions for s in e.sections)
            assert found == printed, path.name

    def test_every_heading_is_known_and_has_text(self) -> None:
        for path in [*single_files().values(), *page_files().values()]:
            text, document = read(path)
            printed = [squeezed(h) for h in re.findall(r"^【[^】]{1,20}】", text, flags=re.MULTILINE)]
            sections = [s for e in document.editions for s in e.sections if s.heading]
            assert all(s.id != "other" and s.paragraphs for s in sections)
            assert [squeezed(s.heading) for s in sections] == printed

    def test_credits_are_no_regulations(self) -> None:
        for path in [*single_files().values(), *page_files().values()]:
            text, document = read(path)
            for edition in document.editions:
                for section in edition.sections:
                    for paragraph in section.paragraphs:
                        line = text[paragraph.start : paragraph.end]
                        if re.match(r"办案检察院：|承办检察官：|案例撰[写稿]人：", line):
                            assert (section.id, section.heading) == ("other", "")

    def test_problems_are_the_known_ones(self) -> None:
        for number, path in single_files().items():
            problems = [(p.line, p.reason) for p in read(path)[1].problems]
            known = KNOWN_PROBLEMS.get(number, [])
            assert [line for line, _ in problems] == [line for line, _ in known]
            for (_, reason), (_, part) in zip(problems, known, strict=True):
                assert part in reason
        for path in page_files().values():
            assert read(path)[1].problems == ()

    def test_sub_headings_stand_over_their_paragraphs(self) -> None:
        def subsections(number: int, id_: str) -> list[str | None]:
            edition = cases(read(single_files()[number])[1])[0]
            section = next(s for s in edition.sections if s.id == id_)
            return list(dict.fromkeys(p.subsection for p in section.paragraphs))

        assert subsections(52, "procuratorial_process") == ["线索发现", "调查核实", "监督意见", "监督结果"]
        assert [str(s)[:6] for s in subsections(209, "procuratorial_process")] == [
            "（一）审查逮捕"[:6],
            "（二）不批捕复议审查"[:6],
            "（三）不批捕复核审查"[:6],
            "（四）处理结果"[:6],
        ]
        lead, *rest = subsections(28, "guiding_significance")
        assert lead is None
        assert [str(s)[:2] for s in rest] == ["1.", "2.", "3.", "4.", "5."]
        assert all(s and len(s) > 4 for s in rest)
