"""The project's own questions, on the texts that they were written from."""

from __future__ import annotations

import pytest

from eval.train.corpus import DEVELOPMENT_CASES, SHARED, TRAINING_CASES, Cases
from eval.train.own_questions import DEVELOPMENT, TRAINING, own_questions

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(
        not (SHARED / "corpus").is_dir(), reason=f"no case texts at {SHARED}: get them to train on them"
    ),
]


def test_their_evidence_stands_in_the_cases() -> None:
    cases = Cases.read(TRAINING_CASES | DEVELOPMENT_CASES)
    training, development = (own_questions(path, cases) for path in (TRAINING, DEVELOPMENT))
    assert {q.case for q in training} <= TRAINING_CASES
    assert {case for q in development for case in q.cases if case} <= DEVELOPMENT_CASES
    for questions, unanswerable in ((training, 195), (development, 12)):
        assert sum(not q.answerable for q in questions) == unanswerable
        assert len({q.id for q in questions}) == len(questions)
    assert (len(training), len(development)) == (546, 60)
