"""What a typed message means while an offer is open."""

from __future__ import annotations

import pytest

from bot.choosing import NONE, chosen

THREE = ("第二章 补贴标准 第七条", "问：年龄有要求吗？", "第九条")
ONE = ("第七条",)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1", 1),
        ("２", 2),  # full width
        ("③", 3),
        ("3。", 3),
        (" 2 ", 2),
        ("一", 1),
        ("第一个", 1),
        ("第二個", 2),
        ("第二条", 2),
        ("第3项", 3),
        ("选1", 1),
        ("我要第三个", 3),
        ("看第二条", 2),
        ("1号", 1),
        ("two", 2),
        ("the first one", 1),
        ("Option 3", 3),
        ("No. 2", 2),
        ("number two please", 2),
        ("2번", 2),
        ("첫 번째", 1),
        ("세번째요", 3),
        ("1番", 1),
        ("二番目", 2),
        ("3つ目です", 3),
        ("最初", 1),
        ("第七条", 1),  # the clause itself, before any place
        ("第九條", 3),
        ("都不是", NONE),
        ("都不是。", NONE),
        ("以上都不是", NONE),
        ("這些都不對", NONE),
        ("没有我要找的", NONE),
        ("None of these", NONE),
        ("neither", NONE),
        ("no", NONE),
        ("0", NONE),
        ("해당 없음", NONE),
        ("아니요", NONE),
        ("いいえ", NONE),
        ("どれでもない", NONE),
        ("違います", NONE),
    ],
)
def test_a_choice_in_five_languages(text: str, place: int) -> None:
    assert chosen(text, THREE) == place


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4",
        "12",
        "1个月能领多少？",
        "第一个孩子有补贴吗",
        "没有工作怎么办",
        "no work permit, what now?",
        "人工",
        "是",  # which one?
        "第八条",
        "谢谢",
        "😀",
    ],
)
def test_anything_else_is_a_new_message(text: str) -> None:
    assert chosen(text, THREE) is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("是", 1),
        ("对", 1),
        ("Yes!", 1),
        ("네", 1),
        ("はい", 1),
        ("1", 1),
        ("不是", 0),
        ("2", None),
    ],
)
def test_one_choice_takes_yes_or_no(text: str, place: int | None) -> None:
    assert chosen(text, ONE) == place
