from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.readers.numbering import Counter, Level, Scheme, formatted, han
from knowledge.structure import numeral


@pytest.mark.parametrize(
    ("style", "count", "written"),
    [
        ("decimal", 12, "12"),
        ("decimalZero", 3, "03"),
        ("upperRoman", 1994, "MCMXCIV"),
        ("lowerRoman", 9, "ix"),
        ("lowerLetter", 3, "c"),
        ("upperLetter", 28, "BB"),
        ("ordinal", 3, "3rd"),
        ("ordinal", 12, "12th"),
        ("ordinal", 21, "21st"),
        ("chineseCounting", 10, "十"),
        ("chineseCountingThousand", 12, "十二"),
        ("chineseCountingThousand", 20, "二十"),
        ("chineseCountingThousand", 103, "一百零三"),
        ("chineseCountingThousand", 110, "一百一十"),
        ("chineseCountingThousand", 2005, "二千零五"),
        ("japaneseCounting", 4, "四"),
        ("ideographDigital", 105, "一〇五"),
        ("chineseLegalSimplified", 35, "叁拾伍"),
        ("ideographTraditional", 3, "丙"),
        ("ideographZodiac", 12, "亥"),
        ("decimalEnclosedCircle", 20, "⑳"),
        ("decimalEnclosedCircle", 21, "21"),
        ("decimalEnclosedParen", 2, "⑵"),
        ("decimalFullWidth", 15, "１５"),
        ("ganada", 2, "나"),
        ("none", 2, ""),
        ("somethingNew", 7, "7"),
        ("chineseCounting", 0, "0"),
    ],
)
def test_styles(style: str, count: int, written: str) -> None:
    assert formatted(count, style) == written


@given(st.integers(1, 9999))
def test_chinese_numerals_are_read_back(count: int) -> None:
    assert numeral(han(count)) == count


OUTLINE = {
    0: Level("%1、", "chineseCounting"),
    1: Level("（%2）", "chineseCounting"),
    2: Level("%3.", "decimal"),
    3: Level("%1.%2.%4", "decimal", legal=True),
}


def count(places: list[tuple[str, int]], schemes: dict[str, Scheme]) -> list[str]:
    counter = Counter(schemes)
    return [counter.next(number, depth) for number, depth in places]


def test_deeper_levels_begin_anew() -> None:
    places = [("1", 0), ("1", 1), ("1", 1), ("1", 2), ("1", 0), ("1", 1), ("1", 2), ("1", 3)]
    assert count(places, {"1": Scheme("a", OUTLINE)}) == [
        *("一、", "（一）", "（二）", "1. ", "二、", "（一）", "1. ", "2.1.1 ")
    ]


def test_a_level_whose_upper_one_was_never_used() -> None:
    assert count([("1", 3)], {"1": Scheme("a", OUTLINE)}) == ["1.1.1 "]


def test_lists_of_one_kind_count_on_and_restart_where_told() -> None:
    schemes = {
        "1": Scheme("a", OUTLINE),
        "2": Scheme("a", OUTLINE),
        "3": Scheme("a", OUTLINE, {0: 1}),
        "4": Scheme("b", OUTLINE, {0: 5}),
    }
    places = [("1", 0), ("2", 0), ("3", 0), ("3", 0), ("1", 0), ("4", 0), ("4", 0)]
    assert count(places, schemes) == ["一、", "二、", "一、", "二、", "三、", "五、", "六、"]


def test_what_is_no_list() -> None:
    assert count([("9", 0), ("1", 7)], {"1": Scheme("a", OUTLINE)}) == ["", ""]


def test_bullets_clauses_and_numbers_that_stand_close() -> None:
    levels = {
        0: Level("\uf0b7", "bullet"),
        1: Level("第%2条", "chineseCounting"),
        2: Level("%3)", "lowerLetter", close=True),
    }
    places = [("1", 0), ("1", 1), ("1", 2)]
    assert count(places, {"1": Scheme("a", levels)}) == ["• ", "第一条 ", "a)"]
