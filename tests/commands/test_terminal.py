from __future__ import annotations

import sys

import pytest

from api.commands import terminal


def test_a_line_every_tenth(capsys: pytest.CaptureFixture[str]) -> None:
    show = terminal.progress("Work")
    for done in range(1001):
        show(done, 1000)
    lines = capsys.readouterr().err.splitlines()
    assert lines == [f"Work: {done} of 1000" for done in range(0, 1001, 100)]
    show(0, 1)  # the same again for the next work
    show(1, 1)
    assert capsys.readouterr().err == "Work: 0 of 1\nWork: 1 of 1\n"


def test_work_of_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.progress("Work")(0, 0)
    assert capsys.readouterr().err == "Work: 0 of 0\n"


def test_a_bar_on_a_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    show = terminal.progress("Work")
    for done in (0, 30, 100):
        show(done, 100)
    out, err = capsys.readouterr()
    assert out == ""
    assert "\rWork: " in err
    assert "100%" in err
