"""The real sets, where they lie beside the project: they are read, and read right."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.public.cjrc import load_cjrc
from eval.public.public_set import PublicSet
from eval.public.sample import sample
from eval.public.squad import load_squad
from eval.public.throwaway import throwaway_collection
from tests.conftest import ROOT
from tests.fakes import FakeEmbedder

BENCH = ROOT.parent / "shared" / "bench"

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not BENCH.is_dir(), reason=f"no public sets at {BENCH}: get them to measure on them"),
]


def counts(public: PublicSet) -> tuple[int, int, int, int]:
    """Texts, questions, answerable ones, those whose answer has a place."""
    questions = public.questions
    placed = sum(bool(q.spans) for q in questions)
    return len(public.texts), len(questions), sum(q.answerable for q in questions), placed


@pytest.mark.parametrize(
    ("name", "expected", "notes"),
    [
        ("squad2_part", (646, 6078, 2910, 2910), 0),
        ("cmrc2018_dev", (848, 3219, 3219, 3219), 2),
        ("cmrc2018_trial", (256, 1000, 1000, 1000), 2),
        ("DRCD_dev", (1000, 3524, 3524, 3524), 0),
        ("DRCD_test", (1000, 3493, 3493, 3493), 0),
        ("policyqa_dev", (574, 3809, 3809, 3809), 0),
        ("policyqa_test", (500, 4152, 4152, 4152), 0),
    ],
)
def test_squad_files(name: str, expected: tuple[int, int, int, int], notes: int) -> None:
    public = load_squad(BENCH / "rc" / f"{name}.json")
    assert counts(public) == expected
    assert len(public.notes) == notes
    assert_placed(public)


def test_cjrc() -> None:
    public = load_cjrc(BENCH / "cjrc" / "dev_ground_truth.json")
    assert counts(public) == (1000, 6000, 4770, 4123)
    assert {answer for q in public.questions if q.answerable and not q.spans for answer in q.answers} == {
        "YES",
        "NO",
    }
    assert_placed(public)


@pytest.mark.parametrize("path", [Path("rc/policyqa_test.json"), Path("cjrc/dev_ground_truth.json")], ids=str)
def test_every_answer_stands_in_a_passage(path: Path) -> None:
    load = load_cjrc if path.parts[0] == "cjrc" else load_squad
    public = sample(load(BENCH / path), 20, 7)
    digests = {text.id: text.sha256 for text in public.texts}
    with throwaway_collection(public.texts, FakeEmbedder()) as collection:
        for span in {span for question in public.questions for span in question.spans}:
            assert any(
                p.source_sha256 == digests[span.text] and p.start < span.end and span.start < p.end
                for p in collection.passages
            )


def assert_placed(public: PublicSet) -> None:
    texts = {text.id: text.text for text in public.texts}
    for question in public.questions:
        for span in question.spans:
            assert texts[span.text][span.start : span.end] in question.answers
