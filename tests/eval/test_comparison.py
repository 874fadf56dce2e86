import pytest

from eval.comparison import compare_runs
from eval.report import format_comparison
from eval.run import RunRefused
from rag.types import Answer, Request
from tests.eval.small import answer, citation
from tests.eval.test_run import DECLINED, MISS, RIGHT, C, ask, run


def changed(request: Request) -> Answer:
    """Answers the question that was declined, is fooled by a near-miss, words an answer otherwise."""
    changes = {
        DECLINED.question: answer("乙某骗取5000万元。[1]", citation(C, "2-zh-basic_case-1")),
        MISS.question: answer("价值2500元。[1]", citation(C, "1-zh-basic_case-2")),
        RIGHT.question: answer("2500元 [1]", citation(C, "1-zh-basic_case-2")),
    }
    return changes.get(request.question) or ask(request)


def test_what_changed() -> None:
    before, after = run(), run(ask=changed, reader="off")
    got = compare_runs(before, after)
    assert [pair[0].id for pair in got.lost] == ["q2"]
    assert [pair[1].id for pair in got.gained] == ["q4"]
    assert [pair[0].id for pair in got.reworded] == ["q1"]
    assert got.difference == 0
    assert got.low < 0 < got.high
    assert got.p > 0.5
    assert got.settings == {"reader": ("on", "off")}
    text = format_comparison(got)
    assert "reader: on → off" in text
    assert "+0.0 points" in text
    assert "may be chance" in text
    assert "Became right: 1" in text
    assert "(declined) 没有找到。" in text


def test_a_run_against_itself() -> None:
    got = compare_runs(run(), run())
    assert (got.gained, got.lost, got.reworded, got.difference, got.p) == ((), (), (), 0, 1)


def test_other_questions_are_refused() -> None:
    with pytest.raises(RunRefused, match="different questions"):
        compare_runs(run(), run([RIGHT, MISS]))
