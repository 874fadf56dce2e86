from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.numbers import held, stated


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("累计消费21.7万余元", [217000]),
        ("RMB 15,347 in total", [15347]),
        ("50 million yuan", [50_000_000]),
        ("5000万元", [50_000_000]),
        ("２０２１年4月2日", [2021, 4, 2]),
        ("第一百零六条", [106]),
        ("二〇二〇年", [2020]),
        ("十二万三千元", [123000]),
        ("三亿零五百万元", [305_000_000]),
        ("一万二千亿元", [1_200_000_000_000]),
        ("重3千克", [3]),
        ("2020，300人", [2020, 300]),
        ("12,34", [12, 34]),
        ("一些措施，统一，一项，十分", []),
        ("one of the seven", []),
        ("第一条", [1]),
    ],
)
def test_numbers_that_a_text_states(text: str, values: list[int]) -> None:
    assert stated(text) == {Decimal(value) for value in values}


@pytest.mark.parametrize(
    ("quote", "said"),
    [
        ("seven months' fixed-term imprisonment", "7个月"),
        ("twenty-five persons", "25人"),
        ("three million yuan", "300万元"),
        ("On April 2, 2021", "2021年4月2日"),
        ("第一百零六条", "Article 106"),
        ("5000万元", "50 million yuan"),
        ("六人、十二次", "6 people, 12 times"),
    ],
)
def test_conversions_are_supported(quote: str, said: str) -> None:
    assert stated(said) <= held(quote)


@pytest.mark.parametrize(
    ("quote", "said"),
    [("5000万元", "5000元"), ("15,347", "15,437"), ("weight", "8"), ("2020年", "2021年"), ("someone", "1")],
)
def test_other_numbers_are_not(quote: str, said: str) -> None:
    assert not stated(said) <= held(quote)


@given(st.text(alphabet="0123456789,.，．零一二两十百千万亿第年条 thousandmiloe-", max_size=25))
def test_a_text_supports_itself(text: str) -> None:
    assert stated(text) <= held(text)
