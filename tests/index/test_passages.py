from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.document import Document
from index.passages import CHUNKER_VERSION, MAX_TOKENS, embedded, passages_of
from index.seeds import read_seeds
from index.tokens import count
from rag.types import Language
from tests.index.handmade import Lines, chinese, document, english


def section(*lines: str | tuple[str, str | None], language: Language = "en") -> Document:
    return document("one.txt", [(7, "T", [("basic_case", "[Basic case]", lines)])], language=language)


def texts(made: Document, limit: int = MAX_TOKENS) -> list[str]:
    return [passage.text for passage in passages_of(made, limit)[0]]


def words(number: int, word: str = "word") -> str:
    """One sentence of ``number`` words of a token each, and a full stop."""
    return " ".join([word] * number).capitalize() + "."


def test_a_passage_carries_its_place_and_its_edition() -> None:
    passages, sentences = passages_of(english())
    assert [passage.section for passage in passages] == [
        "announcement",
        "keywords",
        "gist",
        "guiding_significance",
        "guiding_significance",
        "gist",
    ]
    passage, source = passages[4], english().source
    digest = sha256(f"{source.sha256} {passage.start} {passage.end} {CHUNKER_VERSION}".encode()).hexdigest()
    assert passage.id == f"85-en-guiding_significance-{digest[:8]}"
    assert passage.text == "(2) Innovation shall be protected. It matters."
    assert (passage.case_number, passage.batch, passage.language) == (85, 23, "en")
    assert passage.section_heading == "[Guiding significance]"
    assert passage.subsection == "(2) Innovation shall be protected."
    assert passage.paragraph == 2
    assert (passage.source, passage.source_sha256) == ("batch_23.txt", source.sha256)
    of_it = [sentence for sentence in sentences if sentence.passage == 4]
    assert [source.text[s.start : s.end] for s in of_it][-1] == "It matters."
    assert {(s.paragraph, s.subsection) for s in of_it} == {(2, "(2) Innovation shall be protected.")}


def test_contexts_name_case_title_heading_and_subsection() -> None:
    announcement, keywords, *_, significance, _ = passages_of(english())[0]
    assert announcement.context == "Batch 23 of guiding cases"
    assert announcement.id.startswith("batch23-en-announcement-")
    assert keywords.context == "Guiding Case No. 85 Liu's case of counterfeit products Key words"
    assert significance.context == (
        "Guiding Case No. 85 Liu's case of counterfeit products Guiding significance "
        "(2) Innovation shall be protected."
    )
    assert passages_of(chinese())[0][0].context == "检例第86号 盛开水务公司污染环境案 要旨"
    assert embedded("a", "b") == "a\nb"


def test_an_announcement_without_a_batch_has_a_context_and_a_long_subsection_is_cut() -> None:
    page = document("p.txt", [(None, "", [("announcement", "", ["最高人民检察院发布。"])])], language="zh")
    passage = passages_of(page)[0][0]
    assert passage.context == "最高人民检察院指导性案例"
    assert passage.id.startswith("page-zh-announcement-")
    held = document("p.txt", [(None, "", [("announcement", "", ["发布。"])])], language="zh", batch=48)
    assert passages_of(held)[0][0].context == "最高人民检察院第48批指导性案例"
    long = passages_of(section(("Words.", "x" * 70)))[0][0]
    assert long.context == "Guiding Case No. 7 T Basic case " + "x" * 60


def test_paragraphs_fill_a_passage_and_are_not_split_where_they_fit() -> None:
    a, b, c = (words(100, word) for word in ("one", "two", "three"))
    assert texts(section(a, b, c)) == [f"{a}\n\n  {b}", c]


def test_a_long_paragraph_is_split_between_sentences_and_its_rest_takes_what_follows() -> None:
    paragraph = " ".join(words(100, word) for word in ("one", "two", "three"))
    last = words(40, "four")
    first, second, third = (words(100, word) for word in ("one", "two", "three"))
    assert texts(section(paragraph, last)) == [f"{first} {second}", f"{third}\n\n  {last}"]


def test_a_passage_stays_in_its_subsection_and_section() -> None:
    assert texts(section(("One.", "(1)"), ("Two.", "(1)"), ("Three.", "(2)"))) == ["One.\n\n  Two.", "Three."]
    both = document("x.txt", [(7, "T", [("gist", "[gist]", ["A."]), ("outcome", "[Result]", ["B."])])])
    assert texts(both) == ["A.", "B."]


@pytest.mark.parametrize("mark", [",", ";"])
def test_a_long_sentence_is_cut_after_clauses_and_commas(mark: str) -> None:
    sentence = f"{mark} ".join([words(50)[:-1]] * 8) + "."
    cut = texts(section(sentence))
    assert " ".join(cut) == sentence
    assert [count(text) for text in cut] == [255, 153]


def test_a_long_clause_is_cut_between_words_and_at_last_between_characters() -> None:
    bare = ("number " * 600).strip() + "."
    assert set(" ".join(texts(section(bare))).split()) == {"number", "number."}
    solid = "检" * 900
    assert "".join(texts(section(solid, language="zh"))) == solid
    assert all(count(text) <= MAX_TOKENS for text in texts(section(solid, language="zh")))


def test_a_number_is_not_cut_in_two() -> None:
    numbers = " ".join(str(n) for n in range(1_000_000, 1_000_400))
    pieces = [piece for text in texts(section(numbers)) for piece in text.split()]
    assert pieces == numbers.split()


def test_a_tiny_rest_joins_the_passage_before_it() -> None:
    paragraph = f"{words(250)} {words(10)}"
    assert texts(section(paragraph)) == [paragraph]


@pytest.mark.parametrize("line", ["1.", "（二）", "Examination for prosecution"])
def test_a_line_that_heads_what_follows_stays_with_it(line: str) -> None:
    before, after, long = words(220), words(230), f"{words(200, 'one')} {words(200, 'two')}"
    assert texts(section(line, after)) == [f"{line}\n\n  {after}"]
    assert texts(section(before, line, after)) == [before, f"{line}\n\n  {after}"]
    assert texts(section(before, line, long)) == [
        before,
        f"{line}\n\n  {words(200, 'one')}",
        words(200, "two"),
    ]


def test_a_short_paragraph_that_is_a_sentence_stays_where_it_fits() -> None:
    before, after = words(220), words(230)
    assert texts(section(before, "Wang was arrested.", after)) == [f"{before}\n\n  Wang was arrested.", after]


def test_no_joining_goes_beyond_a_quarter_over_the_limit() -> None:
    paragraph = f"{words(29)} {words(12)}"
    assert texts(section(paragraph), 32) == [words(29), words(12)]


def test_a_limit_too_small_to_keep_is_refused() -> None:
    with pytest.raises(ValueError, match="max_tokens is 3: a passage needs at least 16"):
        passages_of(english(), 3)


def test_ids_do_not_depend_on_the_name_of_the_source() -> None:
    made = english()
    renamed = replace(made, source=replace(made.source, name="other.txt"))
    assert [p.id for p in passages_of(made)[0]] == [p.id for p in passages_of(renamed)[0]]


def test_the_projects_own_seed_is_cut_whole() -> None:
    made = read_seeds(Path(__file__).parents[2] / "seeds").documents[0]
    text = made.source.text
    passages, sentences = passages_of(made)
    paragraphs = [p for e in made.editions for s in e.sections for p in s.paragraphs]
    solid = [i for p in paragraphs for i in range(p.start, p.end) if not text[i].isspace()]
    for spans in ([(p.start, p.end) for p in passages], [(s.start, s.end) for s in sentences]):
        assert [i for start, end in spans for i in range(start, end) if not text[i].isspace()] == solid
    assert {passage.case_number for passage in passages} == {None, 85, 86, 87, 88, 89}
    assert max(count(passage.text) for passage in passages) <= 320
    assert sum(count(passage.text) > MAX_TOKENS for passage in passages) <= len(passages) // 20


ALPHABET = st.one_of(
    st.sampled_from(list("检察院依法，。；：！？、“”（）《》号0123456789万元 ab.,;:!?()\"'\u3000\t%-")),
    st.characters(exclude_categories=("Cs", "Zl", "Zp", "Cc")),
)
LINE = st.text(ALPHABET, min_size=1, max_size=400).map(str.strip).filter(bool)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    lines: list[tuple[str, str | None]] = []
    for _ in range(draw(st.integers(1, 6))):
        line = draw(LINE) * draw(st.integers(1, 6))
        lines.append((line, draw(st.sampled_from([None, "(1) a", "(2) b"]))))
    sections: list[tuple[str, str, Lines]] = [("basic_case", "[Basic case]", lines), ("gist", "", lines[:1])]
    return document("x.txt", [(1, "T", sections)], language=draw(st.sampled_from(["zh", "en"])))


@settings(deadline=None, max_examples=150)
@given(documents(), st.sampled_from([16, 32, 64, 256]))
def test_nothing_is_lost_and_nothing_is_beyond_the_limit(made: Document, limit: int) -> None:
    text = made.source.text
    passages, sentences = passages_of(made, limit)
    paragraphs = [(p, s) for s in made.editions[0].sections for p in s.paragraphs]
    solid = [i for p, _ in paragraphs for i in range(p.start, p.end) if not text[i].isspace()]
    for spans in ([(p.start, p.end) for p in passages], [(s.start, s.end) for s in sentences]):
        assert [i for start, end in spans for i in range(start, end) if not text[i].isspace()] == solid
    for passage in passages:
        assert passage.text == text[passage.start : passage.end] == passage.text.strip()
        assert count(passage.text) <= limit * 1.25
        within = [p for p, s in paragraphs if p.start < passage.end and p.end > passage.start]
        assert within[0].number == passage.paragraph
        assert {p.subsection for p in within} == {passage.subsection}
    for sentence in sentences:
        passage = passages[sentence.passage]
        assert passage.start <= sentence.start < sentence.end <= passage.end
        owner = next(p for p, s in paragraphs if p.start <= sentence.start < sentence.end <= p.end)
        assert (owner.number, owner.subsection) == (sentence.paragraph, sentence.subsection)
    assert [(s.passage, s.start) for s in sentences] == sorted((s.passage, s.start) for s in sentences)
    assert {s.passage for s in sentences} == set(range(len(passages)))
    assert len({p.id for p in passages}) == len(passages)
