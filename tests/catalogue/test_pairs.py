from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from knowledge.catalogue.pairs import LIKELY, SURE, Pair, pairs, pairs_of
from knowledge.catalogue.register import Register
from knowledge.types import Document
from tests.catalogue.made import interpretation, policy, register, sample

DAY = date(2025, 3, 1)


def test_the_sample_is_found_again_without_its_declarations() -> None:
    """Precision and recall are both 1."""
    declared = {(one.id, name) for one in sample().documents for name in one.interprets}
    bare = [replace(one, interprets=()) for one in sample().documents]
    found = {
        (pair.interpretation, pair.policy)
        for pair in pairs(Register(bare))
        if pair.confidence >= SURE
    }
    assert (len(declared), found) == (19, declared)


def test_declared_pairs_are_certain() -> None:
    made = pairs(Register(sample().documents))
    assert {pair.confidence for pair in made if pair.declared} == {1.0}
    assert {pair.evidence[0] for pair in made} == {"declared"}


def test_no_interpretation_of_the_sample_is_paired_without_its_policy() -> None:
    """Take a policy away, and its interpretation must not be given to another one."""
    bare = [replace(one, interprets=()) for one in sample().documents]
    for gone in [one for one in sample().documents if one.interprets]:
        rest = Register([one for one in bare if one.id not in gone.interprets])
        assert [
            pair for pair in pairs_of(rest.ids[gone.id], rest) if pair.confidence >= SURE
        ] == []


A = policy(
    "a",
    "某局关于印发《某市租房补贴办法》的通知",
    number="某规〔2025〕3号",
    published=DAY,
    issuer="某局",
)
B = policy("b", "某市购房补贴管理办法", number="某规〔2025〕4号", published=DAY)


@pytest.mark.parametrize(
    ("title", "text", "days", "expected"),
    [
        ("《某市租房补贴办法》政策解读", "甲。", 400, [("a", 0.9)]),
        ("关于《某市租房补贴办法》的解读", "甲。", 0, [("a", 0.94)]),
        ("一图读懂某市租房补贴办法", "甲。", 12, [("a", 0.93)]),
        # before its policy: hardly
        ("《某市租房补贴办法》政策解读", "甲。", -3, []),
        # a part of the name
        ("租房补贴办法解读", "甲。", 0, [("a", 0.84)]),
        ("补贴办法解读", "甲。", 400, []),
        # nothing in the title: by the number
        ("一图看懂新政策", "为落实《某市租房补贴办法》（某规〔2025〕3号）。", 0, [("a", 0.89)]),
        ("一图看懂新政策", "为落实《某市租房补贴办法》（某规〔2025〕3号）。", 400, [("a", 0.82)]),
        ("一图看懂新政策", "根据某规〔2025〕3号。", 400, [("a", 0.7)]),
        ("一图看懂新政策", "根据《某市租房补贴办法》。", 0, [("a", 0.64)]),
        ("一图看懂新政策", "根据《某市租房补贴办法》。", 400, []),
        # the title says which; the other is only cited
        (
            "《某市购房补贴管理办法》解读",
            "《某市租房补贴办法》（某规〔2025〕3号）不变。",
            400,
            [("b", 0.9)],
        ),
        # near is not the same
        ("《某市租房补贴实施细则》政策解读", "甲。", 0, []),
        ("《某省租房补贴办法》政策解读", "甲。", 400, []),
        ("", "", 0, []),
    ],
)
def test_one_interpretation(
    title: str, text: str, days: int, expected: list[tuple[str, float]]
) -> None:
    one = interpretation("i", title, text, published=DAY + timedelta(days=days))
    made = register(A, B, one)
    assert [(pair.policy, pair.confidence) for pair in pairs(made)] == expected


def test_the_evidence_is_told_in_words() -> None:
    text = "为落实《某市租房补贴办法》（某规〔2025〕3号）。"
    one = interpretation("i", "《某市租房补贴办法》政策解读", text, published=DAY, issuer="某局")
    assert pairs(register(A, one)) == (
        Pair(
            "i",
            "a",
            0.99,
            declared=False,
            evidence=(
                "its title names the policy",
                "its text first names the number 某规〔2025〕3号",
                "its text first cites 《某市租房补贴办法》",
                "published on the same day",
                "of the same issuer",
            ),
        ),
    )


def version(year: int, edition: str = "", **more: Any) -> Document:
    title = f"某市公积金提取办法{edition}"
    return policy(
        f"v{year}", title, number=f"某规〔{year}〕1号", published=date(year, 5, 1), **more
    )


V19, V22, V25 = version(2019), version(2022), version(2025, "（2025年修订）")


@pytest.mark.parametrize(
    ("title", "text", "published", "policies"),
    [
        ("《某市公积金提取办法（2025年修订）》政策解读", "", date(2025, 5, 1), ["v2025"]),
        ("《某市公积金提取办法》（2022年）政策解读", "", date(2025, 5, 1), ["v2022"]),
        ("《某市公积金提取办法》政策解读", "", date(2022, 5, 1), ["v2022"]),
        ("《某市公积金提取办法》政策解读", "", date(2024, 5, 1), ["v2022"]),
        ("《某市公积金提取办法》政策解读", "某规〔2019〕1号。", date(2024, 5, 1), ["v2019"]),
        ("《某市公积金提取办法（2031年修订）》政策解读", "", date(2031, 5, 1), []),
        ("《某市公积金提取办法》政策解读", "", None, []),
    ],
)
def test_of_several_versions_the_one_that_is_meant(
    title: str, text: str, published: date | None, policies: list[str]
) -> None:
    one = interpretation("i", title, f"甲。{text}", published=published)
    found = pairs(register(V19, V22, V25, one))
    assert [pair.policy for pair in found if pair.confidence >= SURE] == policies


def test_where_nothing_tells_the_versions_apart_all_are_shown_and_none_is_linked() -> None:
    found = pairs(register(V19, V22, V25, interpretation("i", "《某市公积金提取办法》政策解读")))
    assert [(pair.policy, LIKELY <= pair.confidence < SURE) for pair in found] == [
        ("v2019", True),
        ("v2022", True),
        ("v2025", True),
    ]


def test_the_interpretation_of_an_amendment_explains_both() -> None:
    base = policy("base", "某市租房补贴办法（2026年修正）", published=DAY)
    change = policy("change", "某局关于修改《某市租房补贴办法》部分条款的通知", published=DAY)
    one = interpretation(
        "i", "《关于修改〈某市租房补贴办法〉部分条款的通知》政策解读", published=DAY
    )
    assert [pair.policy for pair in pairs(register(base, change, one))] == ["change", "base"]


def test_the_interpretation_of_a_notice_that_only_follows_a_law_does_not_explain_the_law() -> None:
    law = policy("law", "某省社会救助条例", published=date(2020, 1, 1))
    notice = policy("notice", "某局关于贯彻落实《某省社会救助条例》的通知", published=DAY)
    one = interpretation("i", "《关于贯彻落实〈某省社会救助条例〉的通知》政策解读", published=DAY)
    assert [pair.policy for pair in pairs(register(law, notice, one))] == ["notice"]


def test_a_draft_is_not_what_is_interpreted() -> None:
    draft = policy("draft", "某市租房补贴办法（征求意见稿）", published=DAY)
    assert (
        pairs(register(draft, interpretation("i", "《某市租房补贴办法》解读", published=DAY)))
        == ()
    )
