from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from rag.terms import _stem, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("，。！ \u3000", []),
        ("The Procuratorate's companies polluted rivers", ["procurator", "compani", "pollut", "river"]),
        ("the procuratorate’s", ["procurator"]),
        ("7.014 tons, 50,000 yuan; 1,2345", ["7.014", "ton", "50000", "yuan", "1", "2345"]),
        ("1,234,567.89", ["1234567.89"]),
        ("in 2019.", ["2019"]),
        ("检察院", ["检察", "察院"]),
        ("第85号", ["第", "85", "号"]),
        ("赔偿5000万元", ["赔偿", "5000", "万元"]),
        ("排污，案", ["排污", "案"]),
        ("ＡＢＣ　１２３", ["abc", "123"]),
        ("二〇二〇年", ["二〇", "〇二", "二〇", "〇年"]),
        ("PM2.5 COVID-19", ["pm", "2.5", "covid", "19"]),
        ("no prosecution", ["no", "prosecut"]),
        ("刘远鹏 Liu Yuanpeng案", ["刘远", "远鹏", "liu", "yuanpeng", "案"]),
        ("snake_case", ["snake", "case"]),
        ("𠮷野", ["𠮷野"]),
    ],
)
def test_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_single_characters_can_be_added() -> None:
    assert terms("检察院 案", unigrams=True) == ["检", "察", "院", "检察", "察院", "案"]


def test_threads_do_not_disturb_each_other() -> None:
    words = [f"{stem}{i:c}ing" for stem in ("pollut", "prosecut", "govern") for i in range(97, 123)]
    expected = [terms(word) for word in words]
    _stem.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(terms, words * 20)) == expected * 20
