from hypothesis import given
from hypothesis import strategies as st

from eval.folding import Folded, fold


def test_width_quotes_and_white_space_do_not_matter() -> None:
    assert fold("“５０００ 万元”\n（余）") == '"5000万元"(余)'
    assert fold("the procuratorate’s\u00a0case\u200b") == "theprocuratorate'scase"


def test_occurrences_give_source_offsets() -> None:
    text = "前言 甲，\n  乙。甲，乙"
    found = list(Folded.of(text, 100).occurrences("甲，乙"))
    assert [text[start - 100 : end - 100] for start, end in found] == ["甲，\n  乙", "甲，乙"]
    assert list(Folded.of(text).occurrences("丙")) == []
    assert list(Folded.of(text).occurrences(" ")) == []


@given(st.text(max_size=40), st.text(max_size=10), st.text(max_size=40))
def test_what_stands_in_a_text_is_found_there(before: str, wanted: str, after: str) -> None:
    text = before + wanted + after
    spans = list(Folded.of(text).occurrences(wanted))
    assert bool(spans) == bool(fold(wanted))
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(fold(text[start:end]).find(fold(wanted)) >= 0 for start, end in spans)
    assert fold(fold(text)) == fold(text)
