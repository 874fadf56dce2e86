from collections.abc import Iterable

import numpy as np
import pytest

from eval.questions import Question
from eval.train.batches import GROUP, OURS, PUBLIC, batches, forbidden, hardest
from eval.train.corpus import Cases
from eval.train.pairs import Pair, case_pairs, collides, neighbourhood, translated_pairs
from index.reader import read_document

ZH = """甲某盗窃案
（检例第1号）
【要旨】
盗窃数额在二千元以上的，应当追诉。
【基本案情】
2020年3月，甲某盗窃手机一部，价值2500元。
2021年5月，甲某被判处拘役三个月。
【指导意义】
盗窃数额在二千元以上的，应当追诉。
"""
EN = """Case of Theft by Jia
(Guiding Case No. 1)
[Gist]
Theft of two thousand yuan or more shall be prosecuted without exception in every place.
[Basic Facts]
In March 2020, Jia stole one mobile phone worth 2500 yuan from a shop in the town.
In May 2021, Jia was sentenced to criminal detention for a term of three months.
[Guiding Significance]
Theft of two thousand yuan or more shall be prosecuted, and nobody is above the law.
"""


@pytest.fixture(scope="module")
def cases() -> Cases:
    documents = [read_document(name, text, None) for name, text in (("1.txt", ZH), ("1en.txt", EN))]
    return Cases(documents, [1])


def question(**fields: object) -> Question:
    usual: dict[str, object] = {
        "id": "q",
        "case": 1,
        "lang": "zh",
        "edition": "zh",
        "kind": "fact",
        "question": "？",
        "answerable": True,
        "answer": "",
        "evidence": (),
        "must": (),
        "section": None,
        "why": None,
        "cases": (1,),
    }
    return Question(**usual | fields)  # type: ignore[arg-type]


def sections_of(cases: Cases, keys: Iterable[object]) -> set[str]:
    return {cases.passages[key].section for key in keys if isinstance(key, int)}


def pair(
    key: object, group: str = "case 1", accepted: tuple[object, ...] = (), crossing: str = "zh-zh"
) -> Pair:
    return Pair(f"question {key}", f"text {key}", group, key, frozenset(accepted), crossing)


def test_evidence_becomes_the_passage_that_holds_it(cases: Cases) -> None:
    asked = question(evidence=("甲某盗窃手机一部， 价值2500元",), must=(("2500元",),))
    found, english = case_pairs(cases, [asked])
    assert (english.crossing, "mobile phone" in english.text) == ("zh-en", True)
    assert collides(found, english)
    assert found.text.startswith("检例第1号 甲某盗窃案 基本案情\n2020年3月")
    assert found.crossing == "zh-zh"
    assert sections_of(cases, [found.key]) == {"basic_case"}


def test_a_passage_that_says_the_same_is_accepted(cases: Cases) -> None:
    asked = question(evidence=("盗窃数额在二千元以上的，应当追诉",), must=(("二千元",),))
    found = next(case_pairs(cases, [asked]))
    assert sections_of(cases, found.accepted) == {"gist", "guiding_significance"}


def test_evidence_that_is_not_there_gives_no_pair(cases: Cases) -> None:
    assert list(case_pairs(cases, [question(evidence=("乙某抢劫",), must=(("乙某",),))])) == []


def test_a_question_on_the_english_edition_is_paired_with_both_texts(cases: Cases) -> None:
    piece = "sentenced to criminal detention for a term of three months"
    asked = question(lang="en", edition="en", evidence=(piece,), must=(("three months",),))
    english, chinese = case_pairs(cases, [asked])
    assert (english.crossing, chinese.crossing) == ("en-en", "en-zh")
    assert "三个月" in chinese.text
    assert collides(english, chinese)
    assert collides(chinese, english)


def test_the_parallel_paragraph_goes_by_number(cases: Cases) -> None:
    for piece, wanted in (
        ("Jia stole", "2500元"),
        ("nobody is above", "应当追诉"),
        ("every place", "应当追诉"),
    ):
        (place,) = cases.places(1, "en", piece)
        found = cases.parallel(1, place)
        assert found is not None
        assert wanted in cases.passages[found[0]].text
        assert cases.passages[found[0]].section == cases.passages[place.rows[0]].section


def test_translated_sentences_are_paired_with_the_chinese_passage(cases: Cases) -> None:
    found = list(translated_pairs(cases, seed=1))
    assert {pair.crossing for pair in found} == {"en-zh"}
    assert all(pair.text.startswith("检例第1号") for pair in found)
    assert found == list(translated_pairs(cases, seed=1))


def test_neighbourhood_keeps_the_evidence_and_whole_words() -> None:
    text = " ".join(f"word{number}" for number in range(200))
    start = text.index("word100")
    cut = neighbourhood(text, start, start + 7, 60)
    assert "word100" in cut.split()
    assert len(cut) <= 60
    assert set(cut.split()) <= set(text.split())
    assert neighbourhood("short", 0, 2, 60) == "short"


def test_what_holds_the_answer_is_no_negative() -> None:
    batch = [pair(1, accepted=(3,)), pair(2), pair(3), pair(1)]
    assert forbidden(batch, [*batch, pair(3)]).tolist() == [
        [False, False, True, True, True],
        [False, False, False, False, False],
        [False, False, False, False, True],
        [True, False, False, False, False],
    ]


def test_the_hardest_are_of_the_same_language_and_wrong() -> None:
    texts = [pair(1), pair(2), pair(3), pair(4, crossing="en-en"), pair(5)]
    vectors = np.array([[1, 0], [0.9, 0.1], [0.8, 0.2], [1, 0], [0, 1]], np.float32)
    found = hardest([pair(1, accepted=(2,))], np.array([[1, 0]], np.float32), texts, vectors, keep=2)
    assert found == [[2, 4]]


def test_batches_hold_whole_groups_and_are_the_same_for_a_seed() -> None:
    ours = [pair((case, number), f"case {case}") for case in range(12) for number in range(9)]
    public = [
        pair(("p", article, n), f"set/{article}", (), "public") for article in range(5) for n in range(8)
    ]
    stream, again = batches(ours, public, 3), batches(ours, public, 3)
    for _ in range(9):
        batch = next(stream)
        assert batch == next(again)
        assert len(batch) == GROUP * (OURS + PUBLIC)
        for start in range(0, len(batch), GROUP):
            group = batch[start : start + GROUP]
            assert len({one.group for one in group}) == 1
            assert len({one.key for one in group}) == GROUP
    assert next(batches(ours, public, 4)) != next(batches(ours, public, 3))
