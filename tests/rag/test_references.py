"""Case and batch numbers are found in every notation, and not where there are none."""

import pytest

from rag.numerals import english_number, integer, number
from rag.references import batch_numbers, case_numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("检例第85号的要旨", (85,)),
        ("检例第８５号的要旨", (85,)),
        ("检例第八十五号的要旨是什么？", (85,)),
        ("检例85的关键词", (85,)),
        ("那第88号呢？", (88,)),
        ("88号案例讲了什么", (88,)),
        ("指导性案例第二百一十八号", (218,)),
        ("（检例第191—194号）", (191, 192, 193, 194)),
        ("检例第85、86和88号有什么共同点", (85, 86, 88)),
        ("第1558842号商标是谁注册的", ()),
        ("国发〔2015〕85号文件", ()),
        ("刑法第140条", ()),
        ("第12号公告", ()),
        ("85号案的罚金", (85,)),
        ("What is the gist of case 85?", (85,)),
        ("Guiding Case No. 86: how large was the fine?", (86,)),
        ("(Experiment No. 87)", (87,)),
        ("compare cases 85, 86 and 88", (85, 86, 88)),
        ("cases 85 to 88", (85, 86, 87, 88)),
        ("case eighty-five", (85,)),
        ("Guiding case number 86", (86,)),
        ("case #89 regulations", (89,)),
        ("in case of fire", ()),
        ("In this case 12 defendants were sentenced", ()),
        ("what happened on 17 May 2019?", ()),
        ("Article 140 of the Criminal Law", ()),
        ("the case 5,000 yuan was paid", ()),
        ("When was the case first filed?", ()),
        ("In case one of the defendants refuses", ()),
        ("in case two parties settle", ()),
        ("In this case 50 million yuan was paid; by whom?", ()),
        ("In the water company case twelve individuals were fined", ()),
        ("国务院令第223号规定了什么？", ()),
        ("第一号被告人是谁？", ()),
        ("八十六号案例的要旨", (86,)),
        ("86号指导案例", (86,)),
        ("85号要旨", (85,)),
        ("cases 85/86", (85, 86)),
        ("keywords of cases 85 to 300", tuple(range(85, 301))),
        ("Guiding case 87, gist", (87,)),
        ("", ()),
    ],
)
def test_case_numbers(text: str, expected: tuple[int, ...]) -> None:
    assert case_numbers(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("那86号呢？", (86,)),
        ("What about no. 86?", (86,)),
        ("and 87?", (87,)),
        ("罚了86元", ()),
        ("Article 86", ()),
    ],
)
def test_bare_numbers_in_a_conversation(text: str, expected: tuple[int, ...]) -> None:
    assert case_numbers(text, bare=True) == expected
    assert case_numbers(text) == ()


@pytest.mark.parametrize(
    "piece", ["1、", "case 1,", "case ", "第1号", "cases one ", "检例", "号", "batch ", "a,"]
)
def test_a_hostile_text_is_read_in_time(piece: str) -> None:
    """Quadratic patterns took a minute for each of these."""
    text = piece * (32_000 // len(piece))
    assert isinstance(case_numbers(text, bare=True), tuple)
    assert isinstance(batch_numbers(text), tuple)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第二十三批指导性案例", (23,)),
        ("第23批有哪些案例", (23,)),
        ("batch 23", (23,)),
        ("the 23rd batch of guiding cases", (23,)),
        ("the twenty-third batch", (23,)),
        ("Batch No. 48", (48,)),
        ("a batch of goods", ()),
        ("这一批货物", ()),
        ("23批指导性案例", (23,)),
    ],
)
def test_batch_numbers(text: str, expected: tuple[int, ...]) -> None:
    assert batch_numbers(text) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("八十五", 85),
        ("十", 10),
        ("二百一十八", 218),
        ("一百零三", 103),
        ("二一八", 218),
        ("三千零五", 3005),
        ("８５", 85),
        ("年", None),
        ("", None),
    ],
)
def test_integer(text: str, value: int | None) -> None:
    assert integer(text) == value
    assert number(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("eighty-five", 85),
        ("twenty-third", 23),
        ("one hundred and two", 102),
        ("twelfth", 12),
        ("fish", None),
    ],
)
def test_english_number(text: str, value: int | None) -> None:
    assert english_number(text) == value
    assert number(text) == value


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("How were the defendants in cases 85 and 86 punished?", (85, 86)),
        ("What do cases 175, 176 and 177 share", (175, 176, 177)),
        ("In both cases 50 and 60 million yuan were paid", ()),
        ("in such cases 3 to 7 years are usual", ()),
    ],
)
def test_a_list_of_cases_may_be_followed_by_anything(text: str, numbers: tuple[int, ...]) -> None:
    assert case_numbers(text) == numbers
