from eval.evidence import Locator
from tests.eval.small import near_miss, question, small_collection

COLLECTION = small_collection()
LOCATOR = Locator(COLLECTION)


def ids(rows: tuple[int, ...]) -> list[str]:
    return [COLLECTION.passages[row].id for row in rows]


def test_evidence_over_a_line_break_becomes_a_span_of_the_source() -> None:
    # The source breaks the line within the evidence; the question's file did not, and quotes otherwise.
    found = LOCATOR.locate(question(evidence=("手机一部， 价值2500元。", '"蓝天"')))
    text = COLLECTION.sources[0].text
    assert [text[s.start : s.end] for s in found.spans] == ["手机一部，\n价值2500元。", "“蓝天”"]
    assert ids(found.passages) == ["1-zh-basic_case-1", "1-zh-basic_case-2"]
    assert found.sections == ("1/basic_case",)
    assert found.located


def test_every_place_counts_unless_the_question_names_one() -> None:
    twice = question(evidence=("盗窃数额在二千元以上的，应当追诉。",), must=(("二千元",),))
    assert LOCATOR.locate(twice).sections == ("1/gist", "1/guiding_significance")
    gist = LOCATOR.locate(question(evidence=twice.evidence, section="gist"))
    assert ids(gist.passages) == ["1-zh-gist-1"]
    assert gist.sections == ("1/gist",)


def test_the_question_s_section_wins() -> None:
    found = LOCATOR.locate(question(section="outcome"))
    assert found.sections == ("1/outcome",)
    assert ids(found.passages) == ["1-zh-basic_case-1", "1-zh-basic_case-2"]


def test_only_the_edition_that_the_evidence_quotes() -> None:
    english = LOCATOR.locate(question(edition="en", evidence=("worth RMB 2,500",)))
    assert ids(english.passages) == ["1-en-basic_case-1"]
    assert english.sections == ("1/basic_case",)
    other = LOCATOR.locate(question(edition="en"))
    assert (other.located, other.missing) == (False, question().evidence)


def test_what_is_not_held() -> None:
    partly = LOCATOR.locate(question(evidence=("价值2500元", "价值2600元")))
    assert (partly.located, partly.missing) == (False, ("价值2600元",))
    assert not LOCATOR.locate(question(case=3, cases=(3,))).located
    # In a case's title, which is no passage.
    assert not LOCATOR.locate(question(evidence=("检例第1号",))).located
    nothing = LOCATOR.locate(near_miss(section="gist"))
    assert (nothing.located, nothing.sections, nothing.missing) == (False, (), ())


def test_several_cases_and_the_announcement() -> None:
    both = question(case=None, cases=(1, 2), evidence=("价值2500元", "骗取5000万元"))
    assert LOCATOR.locate(both).sections == ("1/basic_case", "2/basic_case")
    named = question(case=None, cases=(1, 2), evidence=both.evidence, section="basic_case")
    assert LOCATOR.locate(named).sections == ("1/basic_case", "2/basic_case")
    announced = question(case=None, cases=(None,), evidence=("第一批",), section="announcement")
    found = LOCATOR.locate(announced)
    assert found.sections == ("batch1/announcement",)
    assert ids(found.passages) == ["None-zh-announcement-1"]
