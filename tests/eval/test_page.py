"""The page as a browser would take it apart: by a parser, not by looking for strings alone."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from eval.page import PageRefused, format_page, save_page
from eval.run import Run
from rag.errors import BadQuestion
from rag.types import Answer, Request
from tests.eval.small import answer, citation, near_miss, question
from tests.eval.test_run import DECLINED, MISS, RIGHT, C, run

VOID = {"meta"}


class Parsed(HTMLParser):
    """Tags, attributes and the text of a page; refuses one whose elements do not close in order."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[tuple[str, str]] = []
        """(the innermost element, its text)"""
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and data.strip():
            self.texts.append((self._open[-1], data))

    def of(self, tag: str) -> list[str]:
        return [text for name, text in self.texts if name == tag]

    @property
    def text(self) -> str:
        return "\n".join(text for name, text in self.texts if name != "style")


def parsed(got: Run) -> Parsed:
    return Parsed(format_page(got))


def test_the_head_says_what_made_the_run() -> None:
    got = parsed(replace(run(seed="<b>"), name="small & quick", dirty=True, commit="abc123"))
    assert got.of("h1") == got.of("title") == ["Evaluation: small & quick"]
    told = dict(zip(got.of("dt"), got.of("dd"), strict=True))
    assert told["Set"].startswith("small & quick, 5 questions, sha256 ")
    assert told["Commit"] == "abc123 (with changes that the commit lacks)"
    assert (told["Snapshot"], told["Embedder"]) == ("small", "none")
    assert told["Settings"] == "reader = on, seed = <b>"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", told["Date"])
    assert "numpy = " in told["Versions"]


def test_the_tables_hold_the_figures_of_every_group() -> None:
    got = parsed(run())
    names = ["all", "by kind", "fact", "list", "by language of the question", "en", "zh"]
    names += ["by language of question and evidence", "en on zh", "zh on zh"]
    assert [text for text in got.of("th") if text in names] == names * 2
    page = format_page(run())
    everything = page[page.index("<tbody>") : page.index("</tbody>")]
    cells = re.findall("<td>([^<]*)</td>", everything)
    assert cells[0] == "5"
    assert re.fullmatch(r"0–\d+", cells[1])
    assert cells[2:] == ["40", "33", "33", "33", "67", "50", "50", "50", "0.83"]
    assert "quotes_verbatim 100.00 %" in got.text


def test_every_wrong_answer_stands_beside_what_should_have_been() -> None:
    page = format_page(run())
    got = Parsed(page)
    assert "Wrong: 3 of 5" in got.of("h2")
    assert got.of("li")[:3] == [
        "wrong facts, section, case: 1",
        "declined what is held: 1",
        "answered what is not held: 1",
    ]
    articles = re.findall("<article>.*?</article>", page, re.DOTALL)
    assert [re.findall("<strong>(.*?)</strong>", article) for article in articles] == [["q3"], ["q4"], ["q5"]]
    wrong, declined, fooled = map(Parsed, articles)
    assert wrong.of("h3")[-1] == " · fact · en on zh · "
    assert wrong.of("span") == ["wrong facts, section, case"]
    assert wrong.of("p") == ["判了多久？", "2500元", "乙某骗取5000万元。[1]"]
    assert wrong.of("dd") == ["三个月", "1/basic_case", "0.60"]
    assert wrong.of("blockquote") == ["拘役三个月"]
    citation_of = C.passages[-2]
    assert wrong.of("li") == [f"[1] case 2, basic_case, characters {citation_of.start} to {citation_of.end}"]
    assert "Declined (not_found)" in declined.of("p")
    assert "No citation." in declined.of("p")
    assert declined.of("dd")[-1] == "0.40"
    assert "to decline: 没有写" in fooled.of("p")
    assert fooled.of("blockquote") == []


def test_an_announcement_a_failure_and_evidence_that_was_not_kept() -> None:
    def odd(request: Request) -> Answer:
        if request.question == DECLINED.question:
            return answer("第一批。[1]", citation(C, "None-zh-announcement-1"))
        raise BadQuestion("too <long>")

    got = run([RIGHT, DECLINED], ask=odd)
    text = parsed(replace(got, rows=tuple(replace(row, evidence=()) for row in got.rows))).text
    assert "[1] announcement, announcement, characters 0 to " in text
    assert "Failed: ask: too <long>" in text
    assert "This run was saved without the evidence's text." in text
    assert "NOT HELD" not in text
    unheld = question(evidence=("价值2600元",), must=(("2600元",),))
    assert "NOT HELD: the evidence of 1 answerable" in parsed(run([unheld])).text


HOSTILE = """</p></article><script>alert(1)</script><img src=x onerror="alert(2)">
<svg onload='alert(3)'>&lt;b&gt; <!-- ]]> "' \u202e 价值"""


def hostile() -> Run:
    asked = question(
        id=HOSTILE,
        question=HOSTILE,
        answer=HOSTILE,
        evidence=("价值2500元", HOSTILE),
        must=((HOSTILE, "x"), ("y",)),
    )

    def ask(request: Request) -> Answer:
        return answer(HOSTILE, citation(C, "1-zh-basic_case-2"))

    got = run([asked, near_miss(question="miss")], ask=ask, hostile=HOSTILE)
    rows = tuple(
        replace(
            row,
            kind=HOSTILE,
            error=HOSTILE,
            abstention_reason=HOSTILE,
            sections=(HOSTILE,),
            citations=tuple(replace(span, section=HOSTILE) for span in row.citations),
        )
        for row in got.rows
    )
    groups = {HOSTILE: got.overall}
    named = replace(got, name=HOSTILE, commit=HOSTILE, snapshot=HOSTILE, embedder=HOSTILE)
    return replace(named, versions={HOSTILE: HOSTILE}, rows=rows, by_kind=groups, by_crossing=groups)


def test_hostile_text_is_only_shown() -> None:
    mild, got = parsed(run()), parsed(hostile())
    assert set(got.tags) == set(mild.tags)
    assert {name for name, _ in got.attributes} == {name for name, _ in mild.attributes}
    assert not any(name.startswith("on") for name, _ in got.attributes)
    assert "script" not in got.tags
    # In the title, the heading, the question, what was wanted and served, the evidence and more.
    assert got.text.count(HOSTILE) >= 15


def test_the_page_loads_nothing() -> None:
    for got in (run(), hostile()):
        page = format_page(got)
        attributes = Parsed(page).attributes
        loading = {"src", "srcset", "data", "action", "poster", "background", "ping"}
        assert not any(name in loading for name, _ in attributes)
        assert all(value.startswith("#") for name, value in attributes if name.endswith("href"))
        assert all(found == "#" for found in re.findall(r"url\((.)", re.sub("&[^;]*;", "", page)))
        assert "@import" not in page
        assert not {"link", "iframe", "object", "embed", "base", "form"} & set(Parsed(page).tags)
    assert (
        "content",
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
    ) in (attributes)


def test_the_page_is_for_telephones_and_chinese() -> None:
    page = format_page(run())
    assert page.startswith('<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">')
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in page
    assert '<p class="question" lang="zh-Hans">判了多久？</p>' in page
    assert "@media print" in page
    assert page.count("<svg") == page.count('role="img"') == 5


def test_the_same_run_gives_the_same_page() -> None:
    assert format_page(one := run()) == format_page(one)


def test_ids_stand_once() -> None:
    ids = [value for name, value in parsed(run()).attributes if name == "id"]
    assert len(ids) == len(set(ids))


def test_a_run_without_a_fault() -> None:
    got = parsed(run([RIGHT, MISS]))
    assert "Wrong: 0 of 2" in got.of("h2")
    assert "article" not in got.tags


def test_saving(tmp_path: Path) -> None:
    path = tmp_path / "new" / "page.html"
    save_page(run(), path)
    save_page(one := run(), path)
    assert path.read_text(encoding="utf-8") == format_page(one)
    assert [p.name for p in path.parent.iterdir()] == ["page.html"]
    # JSON can hold half of a surrogate pair, UTF-8 cannot.
    save_page(replace(one, name="\ud800"), path)
    assert b"Evaluation: &#55296;" in path.read_bytes()


@pytest.mark.parametrize("name", [".", "file/page.html", "folder", "n" * 300])
def test_places_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    with pytest.raises(PageRefused, match=rf"^{re.escape(name)}: the page cannot be written \("):
        save_page(run(), Path(name))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "folder"]
