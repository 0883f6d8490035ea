"""Versions, chains, references and 三同步."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from knowledge.catalogue import (
    Catalogue,
    Chain,
    Place,
    Relation,
    Row,
    State,
    Versions,
    catalogue,
)
from knowledge.types import Disclosure, Document, Kind, Status
from tests.catalogue.made import TODAY, interpretation, policy, sample


def of(*documents: Document) -> Catalogue:
    return catalogue(documents, on=TODAY)


# The sample


def test_versions_and_chains_of_the_sample() -> None:
    made = catalogue(sample().documents, on=TODAY)
    old, new = "housing-fund-withdrawal-2022", "housing-fund-withdrawal-2025"
    assert made.versions == (
        Versions("澜港市住房公积金提取管理办法", Relation.EDITIONS, (old, new), (new,)),
    )
    assert made.chains == (
        Chain((old, new)),
        Chain((f"{old}-interpretation", f"{new}-interpretation")),
    )


def test_the_references_of_the_sample_all_lead_somewhere() -> None:
    made = catalogue(sample().documents, on=TODAY)
    assert (made.dangling, made.absent) == ((), [])
    clauses = [
        (one.document, one.clause, one.passage)
        for one in made.references
        if one.clause and one.document.startswith("housing")
    ]
    assert clauses == [
        ("housing-fund-withdrawal-2025", "第十一条", "housing-fund-withdrawal-2025#11")
    ]
    passages = [one.passage for one in made.references if one.clause]
    assert len(passages) == 17  # 16 times 本办法第…条, once 《办法》第八条
    assert None not in passages


def test_the_sample_is_in_step_but_for_four() -> None:
    made = catalogue(sample().documents, on=TODAY, inherited=sample().inherited)
    states = {row.policy: (row.states, row.days) for row in made.sync}
    assert len(states) == 19
    assert {name: of for name, of in states.items() if of[0] != (State.IN_STEP,)} == {
        "accountant-continuing-education-2023": ((State.MISSING,), None),
        "appliance-trade-in-2025": ((State.EXPIRED,), 0),
        "startup-subsidy-2024": ((State.BEHIND,), 0),
        "talent-rent-subsidy-2025": ((State.LATE,), 20),
    }
    behind = next(row for row in made.sync if row.policy == "startup-subsidy-2024")
    assert behind.stale == ("startup-subsidy-2024-interpretation",)


# Made up


def test_a_series_of_years_is_no_row_of_editions() -> None:
    made = of(
        *(policy(f"p{year}", f"某局关于做好{year}年度参保工作的通知") for year in (2025, 2026))
    )
    assert made.versions == (
        Versions("做好参保工作的通知", Relation.SERIES, ("p2025", "p2026"), ("p2025", "p2026")),
    )


def test_copies_are_no_versions() -> None:
    assert of(policy("a", "某市补贴管理办法"), policy("b", "某市补贴管理办法")).versions == ()


def test_a_chain_of_three_by_what_the_texts_say() -> None:
    made = of(
        policy("a", "某市补贴办法", number="某规〔2015〕1号"),
        policy(
            "b",
            "某市补贴办法",
            "《某市补贴办法》（某规〔2015〕1号）同时废止。",
            number="某规〔2019〕2号",
        ),
        policy(
            "c",
            "某市补贴办法",
            "《某市补贴办法》（某规〔2019〕2号）同时废止。",
            number="某规〔2024〕3号",
        ),
    )
    assert made.chains == (Chain(("a", "b", "c")),)


RULES = policy(
    "rules",
    "某市补贴办法",
    "第一条 甲。\n第二条 依照本办法第三条、本办法第九条办理。\n第三条 乙。\n",
    number="某规〔2024〕1号",
    published=date(2024, 1, 1),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("根据《某市补贴办法》第三条，", [("rules", Place.FOUND, "rules#2")]),
        ("根据《某市补贴办法》（某规〔2024〕1号）第三条，", [("rules", Place.FOUND, "rules#2")]),
        ("根据某规〔2024〕1号，", [("rules", Place.FOUND, None)]),
        ("根据《某市补贴办法》第四十条，", [("rules", Place.NO_CLAUSE, None)]),
        ("根据《某市补贴办法》，再根据《某市补贴办法》，", [("rules", Place.FOUND, None)]),
        ("根据《中华人民共和国预算法》第三条，", [(None, Place.ABSENT, None)]),
        ("带上《身份证》和《申请表》。", []),
        # another number is another document
        ("根据《某市补贴办法》（某规〔2011〕9号），", [(None, Place.ABSENT, None)]),
        (
            "根据《某市补贴办法》（某规〔2024〕1号，以下简称《办法》）。《办法》第一条规定，",
            [("rules", Place.FOUND, None), ("rules", Place.FOUND, "rules#0")],
        ),
        ("《办法》第一条规定，", []),  # which one, nobody said
    ],
)
def test_references_to_others(
    text: str, expected: list[tuple[str | None, Place, str | None]]
) -> None:
    made = of(RULES, policy("p", "某局通知", text, published=date(2025, 1, 1)))
    found = [one for one in made.references if one.document == "p"]
    assert [(one.target, one.place, one.passage) for one in found] == expected


def test_references_of_a_document_to_itself() -> None:
    assert [(one.clause, one.place, one.passage) for one in of(RULES).references] == [
        ("第三条", Place.FOUND, "rules#2"),
        ("第九条", Place.NO_CLAUSE, None),
    ]


def test_an_interpretation_says_the_measures_for_short() -> None:
    one = interpretation(
        "i", "《某市补贴办法》解读", "《办法》第三条规定乙。", published=date(2024, 1, 1)
    )
    found = [one for one in of(RULES, one).references if one.document == "i"]
    assert [(one.target, one.passage) for one in found] == [("rules", "rules#2")]


def test_what_is_not_there_is_counted_by_documents() -> None:
    cites = "根据《某省条例》。《某省条例》第一条。根据《某某法》。"
    made = of(policy("a", "甲", cites), policy("b", "乙", "《某省条例》"))
    assert made.absent == [("《某省条例》", 2), ("《某某法》", 1)]


NUMBERED = policy("p", "某市补贴办法", number="某规〔2024〕1号", published=date(2024, 1, 1))
ITS = interpretation("i", "《某市补贴办法》解读", published=date(2024, 1, 1), interprets=("p",))


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        (
            [NUMBERED, ITS],
            Row(policy="p", interpretations=("i",), states=(State.IN_STEP,), days=0),
        ),
        (
            [NUMBERED, replace(ITS, published=date(2024, 2, 1))],
            Row(policy="p", interpretations=("i",), states=(State.LATE,), days=31),
        ),
        ([NUMBERED], Row(policy="p", interpretations=(), states=(State.MISSING,))),
        (
            [replace(NUMBERED, status=Status.REPEALED)],
            Row(policy="p", interpretations=(), states=(State.NOT_NEEDED,)),
        ),
        (
            [replace(NUMBERED, expires=date(2025, 1, 1))],
            Row(policy="p", interpretations=(), states=(State.NOT_NEEDED,)),
        ),
        (
            [replace(NUMBERED, effective=date(2027, 1, 1))],
            Row(policy="p", interpretations=(), states=(State.NOT_NEEDED,)),
        ),
        (
            [replace(NUMBERED, disclosure=Disclosure.ON_REQUEST)],
            Row(policy="p", interpretations=(), states=(State.NOT_NEEDED,)),
        ),
        (
            [replace(NUMBERED, status=Status.REPEALED), ITS],
            Row(
                policy="p", interpretations=("i",), states=(State.LEFT_OVER,), days=0, stale=("i",)
            ),
        ),
        (
            [replace(NUMBERED, status=Status.REPEALED), replace(ITS, status=Status.REPEALED)],
            Row(policy="p", interpretations=("i",), states=(State.IN_STEP,), days=0),
        ),
        (
            [replace(NUMBERED, expires=date(2025, 1, 1)), ITS],
            Row(policy="p", interpretations=("i",), states=(State.EXPIRED,), days=0, stale=("i",)),
        ),
        (
            [replace(NUMBERED, status=Status.AMENDED), ITS],
            Row(policy="p", interpretations=("i",), states=(State.BEHIND,), days=0, stale=("i",)),
        ),
    ],
)
def test_in_step_or_not(documents: list[Document], expected: Row) -> None:
    assert of(*documents).sync == (expected,)


def test_an_interpretation_that_ended_with_its_policy_did_not_say_so_itself() -> None:
    policy = replace(NUMBERED, expires=date(2025, 1, 1))
    ended = replace(ITS, expires=date(2025, 1, 1))
    states = [
        catalogue([policy, ended], on=TODAY, inherited=inherited).sync[0].states
        for inherited in ((), ("i",))
    ]
    assert states == [(State.IN_STEP,), (State.EXPIRED,)]


def test_a_policy_that_another_text_repeals_needs_no_interpretation() -> None:
    text = "《某市补贴办法》（某规〔2024〕1号）同时废止。"
    new = policy("new", "某市新规则", text, published=date(2025, 1, 1), effective=date(2025, 2, 1))
    rows = {row.policy: row.states for row in of(NUMBERED, new).sync}
    assert rows == {"p": (State.NOT_NEEDED,), "new": (State.MISSING,)}


def test_a_page_that_explains_calls_for_no_interpretation() -> None:
    pages = [policy("a", "怎么申领社会保障卡？"), policy("b", "热点13问", kind=Kind.ANSWER)]
    assert of(*pages).sync == ()
