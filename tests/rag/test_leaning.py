from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from rag.evidence import Candidate
from rag.leaning import with_antecedents
from rag.protocols import Collection
from rag.types import Sentence


def collection(*texts: str, sections: str = "") -> tuple[Collection, list[Candidate]]:
    """One passage a sentence, in the sections that the letters of ``sections`` name (all in one)."""
    passages = [
        SimpleNamespace(
            source_sha256="s",
            case_number=1,
            section=(sections or "a" * len(texts))[row],
            section_heading="",
            start=0,
            text=text,
        )
        for row, text in enumerate(texts)
    ]
    sentences = [Sentence(row, 0, len(text), 1, None) for row, text in enumerate(texts)]
    held = cast(Collection, SimpleNamespace(passages=passages, sentences=sentences))
    found = [Candidate(r, sentences[r], cast(Any, passages[r]), texts[r], ()) for r in range(len(texts))]
    return held, found


@pytest.mark.parametrize(
    "texts",
    [
        ("A met B in May.", "The former was sentenced to three years."),
        ("A took 300 yuan.", "He was fined."),
        ("甲厂、乙厂排放污水。", "上述两厂被罚款五万元。"),
        ("甲厂排放污水。", "前者被罚款。"),
        ("某科技公司成立于2003年。", "2019年4月，该公司被罚款。"),
    ],
)
def test_a_sentence_that_leans_brings_the_one_before(texts: tuple[str, str]) -> None:
    held, found = collection(*texts)
    assert [c.text for c in with_antecedents([found[1]], held)] == list(texts)


def test_the_company_is_looked_for_further_back() -> None:
    held, found = collection("某公司成立。", "甲是经理。", "天气好。", "该公司被罚款。")
    assert [c.row for c in with_antecedents([found[3]], held)] == [0, 3]


@pytest.mark.parametrize(
    ("texts", "sections"),
    [
        (("A met B.", "The court fined A."), ""),
        (("甲被罚款。", "其中一人被判刑。"), ""),
        (("In a gist.", "He was fined."), "ab"),
        (("没有提到。", "该公司被罚款。"), ""),
    ],
)
def test_what_stands_by_itself_stays_alone(texts: tuple[str, str], sections: str) -> None:
    held, found = collection(*texts, sections=sections)
    assert [c.row for c in with_antecedents([found[1]], held)] == [1]


def test_nothing_is_said_twice_and_few_are_added() -> None:
    held, found = collection("A came.", "He took money.", "He left.", "He was fined.", "He paid.")
    assert [c.row for c in with_antecedents([found[0], found[1]], held)] == [0, 1]
    assert len(with_antecedents([found[2], found[4]], held)) == 4
    assert len(with_antecedents(found, held)) == len(found)
    assert with_antecedents([found[0]], held) == [found[0]]
