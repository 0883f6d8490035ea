"""Who asks how much is told an amount, or nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.amounts import amount_first, asks_for_an_amount, tells_an_amount
from index.types import Hit
from tests.unit.shelf import LINE, document, hit

RULE = document("ferry", "澜港市轮渡补贴办法")
OTHER = document("dock", "澜港市码头办法")
WHO = replace(
    hit(RULE, "住在外岛的居民可以领取轮渡补贴。", "第三条", probability=0.9, keyword=0.6), family=1
)
HOW_MUCH = replace(
    hit(RULE, "轮渡补贴每月80元。", "第五条", place=1, probability=0.5, keyword=0.5), family=1
)
ELSEWHERE = replace(
    hit(OTHER, "停泊费每天30元。", "第二条", probability=0.6, keyword=0.5), family=2
)
QUESTION = "轮渡补贴能领多少钱？"


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        (QUESTION, True),
        ("輪渡補貼一個月發多少？", True),
        ("返还比例是多少？", True),
        ("How much is the ferry subsidy?", True),
        ("보조금은 얼마인가요?", True),
        ("補助金はいくらですか", True),
        ("一年要修多少学分？", False),
        ("能领多少个月？", False),
        ("发多少天的津贴？", False),
        ("How much time do I have?", False),
        ("얼마나 걸려요?", False),
    ],
)
def test_what_asks_for_an_amount(question: str, asks: bool) -> None:  # noqa: FBT001 - a table
    assert asks_for_an_amount(question) is asks


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("每月80元。", True),
        ("| 标准（元/月） |\n| 本科 | 950 |", True),
        ("A fee of 300 yuan is due.", True),
        ("本服务不收费，免费办理。", True),
        ("居民可以领取补贴。", False),
        ("2025年1月1日起施行。", False),
    ],
)
def test_what_tells_an_amount(text: str, tells: bool) -> None:  # noqa: FBT001 - a table
    assert tells_an_amount(text) is tells


def ids(hits: tuple[Hit, ...]) -> list[tuple[str, float]]:
    return [(one.passage.id, one.probability) for one in hits]


def test_the_passage_of_the_family_that_tells_it_comes_first() -> None:
    found = amount_first(QUESTION, [WHO, ELSEWHERE, HOW_MUCH], line=LINE, opinions={})
    assert ids(found) == [("ferry#1", 0.9), ("ferry#0", 0.5), ("dock#0", 0.6)]


def said(who: float, how_much: float) -> dict[str, float]:
    """What a reranker says of the two passages."""
    return {WHO.passage.id: who, HOW_MUCH.passage.id: how_much}


def test_what_a_reranker_likes_clearly_better_stays_first() -> None:
    hits = [WHO, ELSEWHERE, HOW_MUCH]
    found = amount_first(QUESTION, hits, line=LINE, opinions=said(0.9, 0.6))
    assert ids(found) == [("ferry#0", 0.9), ("dock#0", 0.6), ("ferry#1", 0.5)]
    unread = {WHO.passage.id: 0.9}
    assert amount_first(QUESTION, hits, line=LINE, opinions=unread) == found


@pytest.mark.parametrize("opinions", [said(0.9, 0.85), said(0.3, 0.8)])
def test_an_amount_decides_where_a_reranker_is_not_sure(opinions: dict[str, float]) -> None:
    found = amount_first(QUESTION, [WHO, HOW_MUCH], line=LINE, opinions=opinions)
    assert ids(found) == [("ferry#1", 0.9), ("ferry#0", 0.5)]


def test_without_one_nothing_answers() -> None:
    found = amount_first(QUESTION, [WHO, ELSEWHERE], line=LINE, opinions={})
    assert ids(found) == [("ferry#0", LINE), ("dock#0", 0.6)]


@pytest.mark.parametrize("question", ["谁能领轮渡补贴？", "轮渡补贴能领多少个月？"])
def test_other_questions_are_left_alone(question: str) -> None:
    assert amount_first(question, [WHO, HOW_MUCH], line=LINE, opinions={}) == (WHO, HOW_MUCH)


def test_what_is_named_outright_is_left_alone() -> None:
    named = replace(WHO, exact=True)
    assert amount_first(QUESTION, [named, HOW_MUCH], line=LINE, opinions={}) == (named, HOW_MUCH)
