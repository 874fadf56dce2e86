from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from eval.public.public_set import PublicQuestion, PublicSet, PublicSetRefused, PublicText, TextSpan
from eval.public.sample import sample
from tests.eval.public_sets import small_set

SET = small_set()
FIRST = SET.questions[0]


def many(count: int) -> PublicSet:
    """A question a text, and one over the first two texts."""
    texts = tuple(PublicText(f"t{n}", "", f"Text {n}.", "en") for n in range(count))
    questions = [
        PublicQuestion(f"q{n}", "?", f"t{n}", True, ("Text",), (TextSpan(f"t{n}", 0, 4),))
        for n in range(count)
    ]
    both = replace(questions[0], id="both", spans=(TextSpan("t0", 0, 4), TextSpan("t1", 0, 4)))
    return PublicSet("many", texts, (*questions, both))


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"texts": ()}, "small: holds no text"),
        ({"questions": ()}, "small: holds no question"),
        ({"texts": SET.texts * 2}, "the text id apples stands 2 times"),
        ({"questions": (FIRST, FIRST)}, "the question id a1 stands 2 times"),
        ({"questions": (replace(FIRST, home="plums"),)}, "question a1 is of no text of the set"),
        (
            {"questions": (replace(FIRST, spans=(TextSpan("tea", 0, 99),)),)},
            "0 to 99 is no place in text tea",
        ),
        ({"questions": (replace(FIRST, spans=(TextSpan("plums", 0, 1),)),)}, "no place in text plums"),
        ({"questions": (replace(FIRST, spans=(TextSpan("tea", -2, 1),)),)}, "-2 to 1 is no place"),
    ],
)
def test_parts_that_do_not_fit(parts: dict[str, Any], message: str) -> None:
    with pytest.raises(PublicSetRefused, match=message):
        replace(SET, **parts)


def test_the_digest_knows_texts_and_questions() -> None:
    other = replace(SET, questions=SET.questions[::-1])
    assert SET.digest == small_set().digest
    assert len({SET.digest, other.digest, replace(SET, texts=SET.texts[:2]).digest}) == 3


def test_without_a_limit_nothing_is_left_out() -> None:
    assert sample(SET, None, 7) is SET


def test_a_sample_keeps_whole_texts_that_something_was_asked_of() -> None:
    for seed in range(10):
        kept = sample(SET, 1, seed)
        assert [text.id for text in kept.texts] in (["apples"], ["tea"])
        assert {question.home for question in kept.questions} == {kept.texts[0].id}
        assert len(kept.questions) == 2
    assert [text.id for text in sample(SET, 99, 7).texts] == ["apples", "tea"]


def test_a_sample_is_decided_by_its_seed_and_grows_with_the_limit() -> None:
    public = many(30)
    samples = {seed: sample(public, 5, seed) for seed in range(5)}
    assert len({kept.digest for kept in samples.values()}) == 5
    for seed, kept in samples.items():
        assert kept == sample(public, 5, seed)
        assert set(kept.texts) < set(sample(public, 6, seed).texts)


def test_a_question_over_two_texts_needs_both() -> None:
    public = many(30)
    for seed in range(40):
        kept = sample(public, 15, seed)
        held = {text.id for text in kept.texts}
        assert ("both" in {q.id for q in kept.questions}) == ({"t0", "t1"} <= held)
