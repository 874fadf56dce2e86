from dataclasses import replace

import pytest

from eval.comparison import compare_runs
from eval.comparison_report import format_comparison
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
    assert (
        "fully_right               40 →  40    +0.0 (95 % from -60.0 to +60.0, p = 1.000, n = 5): may" in text
    )
    assert "Regression beyond chance: none" in text
    assert "WARNING" not in text
    assert "abstention_recall fell in 1: q2" in text
    became = text[text.index("Became right: 1") : text.index("Became wrong: 1")].splitlines()
    assert became[1:6] == [
        "q4 [list, zh on zh] 骗了多少？",
        "  wanted  2500元",
        "  before  [declined what is held (confidence 0.40)] (declined) 没有找到。",
        "  after   [right (confidence 0.90)] 乙某骗取5000万元。[1]",
        "  from    2/basic_case",
    ]


def test_other_citations_of_the_same_words_are_shown() -> None:
    def elsewhere(request: Request) -> Answer:
        if request.question == RIGHT.question:
            return answer("价值2500元。[1]", citation(C, "1-zh-basic_case-2", quote="2500元"))
        return ask(request)

    assert [pair[0].id for pair in compare_runs(run(), run(ask=elsewhere)).reworded] == ["q1"]


def test_other_snapshots_are_warned_of() -> None:
    before = run()
    got = compare_runs(before, replace(before, snapshot="larger"))
    assert got.warnings == (
        "the runs saw different snapshots (small and larger): what differs may be the texts or the index, "
        "not the program",
    )
    assert "WARNING: the runs saw different snapshots" in format_comparison(got)
    assert compare_runs(before, before).warnings == ()


def test_a_run_against_itself() -> None:
    got = compare_runs(run(), run())
    assert (got.gained, got.lost, got.reworded, got.difference, got.p) == ((), (), (), 0, 1)
    assert got.regressions == ()
    text = format_comparison(got)
    assert text.count(", p = 1.000, n = 5): the same\n") == 1
    assert "All figures that moved\n  none\n" in text
    assert [(one.name, one.n) for one in got.differences] == [
        *(("fully_right", 5), ("fully_right_answerable", 3), ("abstention_recall", 2)),
        *(("evidence_hit@5", 3), ("citation_right_case", 2)),
    ]


def test_other_questions_are_refused() -> None:
    with pytest.raises(RunRefused, match="different questions"):
        compare_runs(run(), run([RIGHT, MISS]))
