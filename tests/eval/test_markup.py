from hypothesis import given
from hypothesis import strategies as st

from eval.markup import Markup, element, joined


def test_children_and_attributes_are_escaped_once() -> None:
    inner = element("b", "<script>", title='"x" & y')
    assert inner == '<b title="&quot;x&quot; &amp; y">&lt;script&gt;</b>'
    assert element("p", "a < b ", inner, class_="c") == f'<p class="c">a &lt; b {inner}</p>'
    assert joined("&", inner) == f"&amp;{inner}"


def test_what_is_made_of_markup_is_plain_again() -> None:
    bold = element("b", "x")
    assert isinstance(bold, Markup)
    assert joined(f"{bold}") == "&lt;b&gt;x&lt;/b&gt;"
    assert joined(bold + "<") == "&lt;b&gt;x&lt;/b&gt;&lt;"


@given(st.text())
def test_no_text_opens_an_element(text: str) -> None:
    got = element("p", text, lang=text)
    assert got.count("<") == 2
    assert got.count('"') == 2
