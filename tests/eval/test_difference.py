"""Which falls of a figure are told from chance."""

from collections.abc import Sequence

import pytest

from eval.difference import TESTED, Difference, differences
from eval.run import Run, run_evaluation
from rag.errors import BadQuestion
from rag.types import Answer, Hit, Request
from tests.eval.small import answer, citation, hit, near_miss, question, small_collection

C = small_collection()
VALUE, OTHER = citation(C, "1-zh-basic_case-2"), citation(C, "2-zh-basic_case-1")
FIRST, LAST = "1-zh-basic_case-2", ["2-zh-basic_case-1", "1-zh-gist-1", "1-en-basic_case-1"]
SETTINGS = {"settings": {}, "commit": "abc"}


def asked(answerable: int = 40, misses: int = 20) -> Run:
    """All right."""
    return altered(answerable, misses)


def altered(
    answerable: int = 40,
    misses: int = 20,
    *,
    declined: int = 0,
    fooled: int = 0,
    unfound: int = 0,
    astray: int = 0,
    failed: int = 0,
) -> Run:
    """The first so many of the answerable are declined, not found, answered with a citation of another
    case beside the right one, or fail; of the near-misses so many are answered."""

    def ask(request: Request) -> Answer:
        what, number = request.question.split()
        at = int(number)
        if what == "miss":
            if at < fooled:
                return answer("价值2500元。[1]", VALUE)
            return answer("没有找到。", abstained=True)
        if at < failed:
            raise BadQuestion("too long")
        if at < declined:
            return answer("没有找到。", abstained=True)
        cited = (VALUE, OTHER) if at < astray else (VALUE,)
        return answer("价值2500元。[1]", *cited)

    def search(request: Request) -> Sequence[Hit]:
        found = LAST if int(request.question.split()[1]) < unfound else [FIRST, *LAST]
        return [hit(C, passage) for passage in found]

    questions = [question(id=f"a{n}", question=f"can {n}") for n in range(answerable)]
    questions += [near_miss(id=f"m{n}", question=f"miss {n}") for n in range(misses)]
    return run_evaluation(questions, ask, search, C, settings={}, commit="abc")


def between(before: Run, after: Run) -> dict[str, Difference]:
    return {one.name: one for one in differences(list(zip(before.rows, after.rows, strict=True)))}


def regressions(before: Run, after: Run) -> list[str]:
    return [name for name, one in between(before, after).items() if one.regression]


def test_values_by_hand() -> None:
    got = between(asked(), altered(declined=4, fooled=5, unfound=10, astray=8))
    assert tuple(got) == TESTED
    assert [one.n for one in got.values()] == [60, 40, 20, 40, 36]
    assert [one.before for one in got.values()] == [1, 1, 1, 1, 1]
    # Four declined and five fooled of 60; of the 36 answered in both, four cite another case by half.
    expected = [51 / 60, 36 / 40, 15 / 20, 30 / 40, 34 / 36]
    assert [one.after for one in got.values()] == pytest.approx(expected)
    assert [one.difference for one in got.values()] == pytest.approx([x - 1 for x in expected])
    assert got["abstention_recall"].worse == ("m0", "m1", "m2", "m3", "m4")
    assert got["citation_right_case"].worse == ("a4", "a5", "a6", "a7")
    assert all(one.better == () for one in got.values())
    back = between(altered(fooled=5), asked())["abstention_recall"]
    assert (back.better, back.worse) == (("m0", "m1", "m2", "m3", "m4"), ())
    assert back.difference == pytest.approx(0.25)


def test_a_fall_beyond_chance() -> None:
    got = regressions(asked(), altered(declined=12))
    assert got == ["fully_right", "fully_right_answerable"]
    assert regressions(altered(declined=12), asked()) == []


def test_a_fall_within_chance() -> None:
    # Three lost of sixty; or as many gained as lost.
    assert regressions(asked(), altered(declined=3)) == []
    assert regressions(altered(declined=10), altered(fooled=10, declined=0)) == ["abstention_recall"]


def test_retrieval_alone_may_fall() -> None:
    assert regressions(asked(), altered(unfound=15)) == ["evidence_hit@5"]


def test_the_others_share_their_chance() -> None:
    # Five of forty: an interval below 0, and a p that one test would take and four do not.
    got = between(asked(), altered(unfound=4))["evidence_hit@5"]
    assert got.high < 0
    assert 0.05 / 4 < got.p < 0.05
    assert not got.regression


def test_a_text_that_is_lost_is_a_fall() -> None:
    before = asked()
    without = small_collection()
    without.editions = without.editions[2:]
    without.passages = ()
    without.__post_init__()
    questions = [question(id=f"a{n}", question=f"can {n}") for n in range(40)]
    questions += [near_miss(id=f"m{n}", question=f"miss {n}") for n in range(20)]
    after = run_evaluation(
        questions,
        lambda _: answer("没有找到。", abstained=True),
        lambda _: (),
        without,
        settings={},
        commit="",
    )
    assert after.overall["n_retrieval"] == 0
    got = between(before, after)
    assert (got["evidence_hit@5"].n, got["evidence_hit@5"].after) == (40, 0)
    assert got["evidence_hit@5"].regression


def test_a_failure_is_a_fall() -> None:
    assert "fully_right" in regressions(asked(), altered(failed=10))


def test_figures_that_no_question_has_are_left_out() -> None:
    assert list(between(asked(0, 5), asked(0, 5))) == ["fully_right", "abstention_recall"]
    declined = altered(5, 0, declined=5)
    assert list(between(declined, declined)) == ["fully_right", "fully_right_answerable", "evidence_hit@5"]
