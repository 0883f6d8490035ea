"""A question as the keyword leg sees it."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import pytest

from index.glossary import Glossary
from index.keywords import Columns
from index.questions import Question, understand
from index.tokens import tokens
from tests.index import tables

NO_GLOSSARY = Glossary(same=(), seeks=())


def corpus(*texts: str) -> Columns:
    return tables.columns([tokens(text) for text in texts])


def asked(
    text: str, *, of: Sequence[str] = ("公积金提取",), glossary: Glossary = NO_GLOSSARY
) -> Question:
    return understand(text, corpus(*of), glossary)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("请问公积金怎么提取？", {"公", "积", "金", "公积", "积金", "提", "取", "提取"}),
        ("請問公積金怎樣？", {"公", "积", "金", "公积", "积金"}),
        ("什么是税吗", {"是", "税", "是税"}),
        ("什么？", {"什", "么", "什么"}),  # nothing but frame: then it is all there is
        ("", set()),
        ("😀？！", set()),
    ],
)
def test_the_frame_is_no_part_of_what_is_asked(text: str, own: set[str]) -> None:
    assert set(asked(text).own) == own


def test_terms_that_always_come_together_count_once_between_them() -> None:
    found = asked("甲，乙，丙", of=("甲，乙", "甲，乙", "丙"))
    assert found.weights == pytest.approx({"甲": 1 / sqrt(2), "乙": 1 / sqrt(2), "丙": 1})


def test_terms_that_rarely_meet_count_almost_whole() -> None:
    found = asked("甲，丙", of=("甲", "甲", "甲，丙", "丙"))  # cosine 1 / sqrt(3 · 2)
    assert found.weights == pytest.approx(dict.fromkeys("甲丙", 1 / sqrt(1 + 1 / 6)))


def test_unknown_terms_are_a_share_of_the_whole() -> None:
    found = asked("甲，丁", of=("甲", "甲", "丙"))
    assert found.weights == {"甲": 1.0}
    assert found.heft == pytest.approx(0.4700036 + 2.0794415)  # idf of 2 and of 0 in 3
    assert found.unknown == pytest.approx(2.0794415 / found.heft)
    assert found.mass == pytest.approx({"甲": 0.4700036 / found.heft})


@pytest.mark.parametrize("text", ["丁，戊", "zzz qqq"])
def test_a_question_of_unknown_terms_only(text: str) -> None:
    found = asked(text, of=("甲", "乙"))
    assert dict(found.weights) == {}
    assert found.unknown == pytest.approx(1)


def test_a_word_is_the_more_telling_the_fewer_documents_have_it() -> None:
    found = asked("甲，丁", of=("甲", "甲", "丙"))
    assert found.sought == pytest.approx({"甲": 0.4700036 / 2.0794415, "丁": 1.0})


def test_an_unknown_pair_of_characters_tells_little() -> None:
    assert asked("丁戊", of=("甲",)).sought == {"丁": 1.0, "戊": 1.0, "丁戊": 0.25}


def test_other_words_for_a_thing_are_a_choice() -> None:
    glossary = Glossary(same=(("社保", "社会保险", "nowhere"),), seeks=((("怎么",), ("窗口",)),))
    found = asked("社保怎么办", of=("社会保险", "窗口", "社保"), glossary=glossary)
    [thing] = found.things
    assert set(thing.own) == {"社", "保", "社保"}
    assert [set(other) for other in thing.others] == [set(tokens("社会保险"))]  # what is known
    assert found.weights["窗口"] < 1  # what would tell it counts less than what is asked
    assert "窗口" not in found.own


@pytest.mark.parametrize(
    ("text", "passage", "told"),
    [
        ("什么时候申领？", "应当在60日内申领。", True),
        ("什么时候申领？", "应当及时申领。", False),
        ("租房每月能提多少？", "每月提取1500元。", True),
        ("租房每月能提多少？", "每月可以提取。", False),
        ("When does it end?", "it ends in june 2027", True),
    ],
)
def test_what_a_passage_that_answers_would_hold(text: str, passage: str, *, told: bool) -> None:
    patterns = asked(text).tells
    assert patterns
    assert all(pattern.search(passage) for pattern in patterns) is told


def test_a_question_that_asks_for_nothing_visible_tells_nothing() -> None:
    assert asked("公积金提取").tells == ()
