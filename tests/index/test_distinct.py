"""Of passages that say the same one is kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from index.distinct import distinct
from index.types import Hit
from knowledge.types import Kind, Passage
from tests.index.library import document

RULE = "职工租房的，每月可以提取1500元。"


def hit(
    name: str, text: str, probability: float = 0.5, *, exact: bool = False, **more: Any
) -> Hit:
    return Hit(
        passage=Passage(id=f"{name}#0", document_id=name, text=text, start=0, end=len(text)),
        document=document(name, name, text, **more),
        score=probability,
        keyword=0.5,
        vector=0.0,
        probability=probability,
        exact=exact,
    )


def ids(*hits: Hit, limit: int = 5) -> list[str]:
    return [one.document.id for one in distinct(hits, limit=limit)]


def test_a_copy_is_left_out_whatever_its_marks() -> None:
    assert ids(hit("a", RULE), hit("b", "職工租房的 ，每月可以提取 1500 元。")) == ["a"]


def test_other_figures_are_another_text() -> None:
    assert ids(hit("a", RULE), hit("b", RULE.replace("1500", "900"))) == ["a", "b"]


def test_what_stands_in_an_earlier_one_is_left_out() -> None:
    assert ids(hit("a", f"问：能提多少？答：{RULE}"), hit("b", RULE)) == ["a"]


def test_what_says_much_more_stays() -> None:
    assert ids(hit("a", RULE), hit("b", RULE + "提取时应当提供租赁合同和身份证明。" * 3)) == [
        "a",
        "b",
    ]


def test_the_policy_takes_the_place_of_what_repeats_it() -> None:
    told = hit("told", RULE, 0.9, kind=Kind.INTERPRETATION)
    [kept] = distinct([told, hit("policy", RULE, 0.4)], limit=5)
    assert (kept.document.id, kept.probability) == ("policy", 0.9)


def test_the_newer_of_two_policies_is_kept() -> None:
    old = hit("old", RULE, effective=date(2020, 1, 1))
    assert ids(old, hit("new", RULE, effective=date(2025, 1, 1))) == ["new"]


def test_what_is_named_outright_stays() -> None:
    told = hit("told", RULE, 1.0, exact=True, kind=Kind.INTERPRETATION)
    assert ids(told, hit("policy", RULE)) == ["told"]


def test_no_more_than_the_limit() -> None:
    assert ids(hit("a", "甲甲"), hit("b", "乙乙"), hit("c", "丙丙"), limit=2) == ["a", "b"]
