"""Beside an interpretation stands the clause that it explains."""

from __future__ import annotations

from index.explained import with_rule
from knowledge.types import Kind
from tests.index import tables
from tests.unit.shelf import document, hit

RULE = document("ferry", "澜港市轮渡补贴办法")
OLDER = document("ferry-2020", "澜港市轮渡补贴暂行规定")
READING = document(
    "ferry-read",
    "解读",
    kind=Kind.INTERPRETATION,
    interprets=("ferry", "ferry-2020"),
)
ANSWER = hit(READING, "外岛居民坐轮渡，每月补贴80元，按月打到卡上。", probability=0.9)
SCOPE = hit(RULE, "外岛居民的轮渡补贴适用本办法。", "第二条", place=1, probability=0.8)
AMOUNT = hit(RULE, "轮渡补贴标准为每月80元。", "第七条", place=6, probability=0.6)
PAID = hit(RULE, "补贴按月打到居民卡上。", "第九条", place=8, probability=0.6)
OLD = hit(OLDER, "外岛居民坐轮渡，每月补贴80元。", "第三条", place=2, probability=0.3)
DOCUMENTS = tables.columns([list("外岛居民轮渡"), list("补贴标准月元"), list("按月打到卡上")])


def test_a_clause_on_scope_gives_way_to_the_one_that_answers() -> None:
    found = with_rule("外岛居民有轮渡补贴吗？", [ANSWER, SCOPE], [SCOPE, PAID], DOCUMENTS)
    assert found == (ANSWER, PAID, SCOPE)


def test_a_clause_on_scope_is_better_than_none() -> None:
    assert with_rule("外岛居民？", [ANSWER], [SCOPE], DOCUMENTS) == (ANSWER, SCOPE)


def test_who_asks_how_much_is_shown_the_clause_with_the_amount() -> None:
    found = with_rule("轮渡补贴给多少钱？", [ANSWER], [PAID, AMOUNT], DOCUMENTS)
    assert found == (ANSWER, AMOUNT)


def test_of_two_rules_the_one_that_fits_best_counts() -> None:
    assert with_rule("轮渡补贴？", [ANSWER], [AMOUNT, OLD], DOCUMENTS) == (ANSWER, AMOUNT)


def test_the_order_of_others_stays() -> None:
    other = hit(document("dock", "码头"), "停泊费。", probability=0.7)
    found = with_rule("轮渡补贴给多少钱？", [ANSWER, PAID, other], [PAID, AMOUNT], DOCUMENTS)
    assert found == (ANSWER, AMOUNT, PAID, other)


def test_what_interprets_nothing_stands_as_it_is() -> None:
    assert with_rule("轮渡？", [AMOUNT], [], DOCUMENTS) == (AMOUNT,)
