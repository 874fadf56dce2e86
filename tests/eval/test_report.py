import pytest

from eval.figures import figures
from eval.floors import FLOORS, check_floors
from eval.questions import Question
from eval.report import format_report
from eval.run import RunRefused
from rag.errors import BadQuestion
from rag.types import Answer, Request
from tests.eval.small import question
from tests.eval.test_run import run


def test_the_table_has_a_line_a_group() -> None:
    lines = format_report(run()).splitlines()
    answers = lines[lines.index(next(line for line in lines if line.startswith("Answers"))) + 1 :]
    assert answers[0].split()[:4] == ["n", "95", "%", "right"]
    assert [line[:10].strip() for line in answers[1:8]] == [
        *("all", "fact", "list", "en", "zh", "en on zh", "zh on zh"),
    ]
    everything = answers[1].split()
    assert everything[1] == "5"
    assert everything[3:] == ["40", "33", "33", "33", "67", "50", "50", "50", "0.83"]


def test_wrong_answers_stand_beside_what_should_have_been() -> None:
    text = format_report(run())
    assert "Wrong: 3 of 5" in text
    assert "q3 [fact, en on zh] wrong facts, section, case (confidence 0.60)" in text
    assert "q4 [list, zh on zh] declined what is held (confidence 0.40)" in text
    assert "q5 [list, zh on zh] answered what is not held (confidence 0.50)" in text
    assert "  wanted  to decline: 没有写" in text
    assert "  in      1/basic_case" in text
    assert "  from    2/basic_case" in text
    assert "q1 [" not in text
    shorter = format_report(run(), wrong=1)
    assert "Wrong: 3 of 5, 1 shown" in shorter
    assert "q4 [" not in shorter


def test_failures_and_what_is_not_held_are_said() -> None:
    def failing(request: Request) -> Answer:
        raise BadQuestion("too long")

    asked: list[Question] = [question(evidence=("价值2600元",), must=(("2600元",),))]
    text = format_report(run(asked, ask=failing))
    assert "NOT HELD: the evidence of 1 answerable questions" in text
    assert "failed: ask: too long" in text
    assert "  in      not located" in text


def test_floors() -> None:
    got = run()
    assert check_floors(got, {"fully_right": 0.4, "quotes_verbatim": 1, "auc": 0.8}) == []
    assert check_floors(got, {"section_hit@5": 0.9, "auc": 0.8, "coverage": 0.7}) == [
        "section_hit@5",
        "coverage",
    ]
    # Undefined: there are no near-misses to decline.
    assert check_floors(run([question()]), {"declined_at_90": 0}) == ["declined_at_90"]
    with pytest.raises(RunRefused, match="no floor can be set for latency_p95_ms, rightness"):
        check_floors(got, {"rightness": 1, "latency_p95_ms": 5, "auc": 0.5})


def test_every_floor_is_a_figure() -> None:
    assert set(figures(run().rows)) >= FLOORS
