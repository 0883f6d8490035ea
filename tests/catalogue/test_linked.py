from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.catalogue import catalogue, linked
from knowledge.types import Document, Standing, Status
from tests.catalogue.made import interpretation, policy, sample

OLD = policy("old", "某市补贴办法", number="某规〔2019〕1号", published=date(2019, 1, 1))
NEW = policy(
    "new",
    "某市补贴办法",
    "《某市补贴办法》（某规〔2019〕1号）同时废止。",
    number="某规〔2025〕2号",
    published=date(2025, 1, 1),
    effective=date(2025, 3, 1),
)
OLD_TOLD = interpretation("old-i", "《某市补贴办法》解读", published=date(2019, 1, 1))
NEW_TOLD = interpretation("new-i", "《某市补贴办法》解读", published=date(2025, 1, 1))


def test_the_sample_needs_nothing_but_the_last_day_of_what_is_superseded() -> None:
    changed = {
        new.id: (new.status, new.expires)
        for old, new in zip(sample().documents, linked(sample().documents), strict=True)
        if old != new
    }
    last = (Status.IN_FORCE, date(2025, 7, 31))
    told = "housing-fund-withdrawal-2022-interpretation"
    assert changed == {"housing-fund-withdrawal-2022": last, told: last}


def test_what_the_sample_declares_is_found_again() -> None:
    bare = tuple(replace(one, interprets=(), amends=(), repeals=()) for one in sample().documents)
    made = {one.id: one for one in linked(bare)}
    for one in sample().documents:
        again = made[one.id]
        assert (set(again.interprets), again.amends, again.repeals) == (
            set(one.interprets),
            one.amends,
            one.repeals,
        )


def test_a_repealed_policy_binds_until_its_last_day() -> None:
    old, new = linked([OLD, NEW])
    assert old == replace(OLD, superseded_by="new", expires=date(2025, 2, 28))
    assert new == replace(NEW, repeals=("old",))
    assert old.standing(date(2025, 2, 28)) is Standing.IN_FORCE
    assert old.standing(date(2025, 3, 1)) is Standing.SUPERSEDED


def test_a_policy_that_ended_before_does_not_end_later() -> None:
    old, _ = linked([replace(OLD, expires=date(2024, 1, 1)), NEW])
    assert (old.expires, old.superseded_by) == (date(2024, 1, 1), "new")


def test_where_no_day_is_known_it_has_ended() -> None:
    new = replace(NEW, effective=None, published=None)  # its number tells that it is the newer one
    old, _ = linked([OLD, new])
    assert (old.status, old.superseded_by, old.expires) == (Status.SUPERSEDED, "new", None)


@pytest.mark.parametrize("status", [Status.REPEALED, Status.SUPERSEDED])
def test_what_is_declared_gone_was_in_force_until_it_was_repealed(status: Status) -> None:
    [old, _] = linked([replace(OLD, status=status), NEW])
    assert old == replace(OLD, superseded_by="new", expires=date(2025, 2, 28))


def test_a_successor_that_does_not_repeal_it_gives_no_day() -> None:
    declared = replace(OLD, status=Status.SUPERSEDED, superseded_by="new")
    newest = replace(NEW, text="第一条 甲。")  # it may be the second after it
    assert linked([declared, newest])[0] == declared


def test_without_a_number_nothing_ends() -> None:
    documents = (OLD, replace(NEW, text="《某市补贴办法》同时废止。"))
    assert linked(documents) == documents


def test_a_declared_repeal_ends_it_too() -> None:
    new = replace(NEW, text="第一条 甲。", repeals=("old",))
    assert linked([OLD, new])[0] == replace(OLD, superseded_by="new", expires=date(2025, 2, 28))


def test_an_interpretation_ends_with_its_policy() -> None:
    *_, old, new = linked([OLD, NEW, OLD_TOLD, NEW_TOLD])
    assert old == replace(
        OLD_TOLD, interprets=("old",), superseded_by="new-i", expires=date(2025, 2, 28)
    )
    assert new == replace(NEW_TOLD, interprets=("new",))


def test_an_interpretation_that_was_to_end_later_ends_with_its_policy() -> None:
    old = replace(OLD, expires=date(2029, 12, 31))
    told = replace(OLD_TOLD, interprets=("old",), expires=date(2029, 12, 31))
    assert [one.expires for one in linked([old, NEW, told])] == [
        date(2025, 2, 28),
        None,
        date(2025, 2, 28),
    ]


def test_an_interpretation_of_two_policies_lives_while_one_does() -> None:
    both = replace(OLD_TOLD, interprets=("old", "new"))
    assert linked([OLD, NEW, both])[2] == both


def test_declared_links_are_not_added_to() -> None:
    declared = replace(NEW_TOLD, interprets=("old",), title="《某市补贴办法》（2025年）解读")
    other = policy("other", "某市罚款办法")
    assert linked([replace(OLD, text="乙"), other, declared])[2].interprets == ("old",)


def test_an_amendment_is_linked() -> None:
    change = policy("c", "某局关于修改《某市补贴办法》的决定", published=date(2024, 1, 1))
    assert linked([OLD, change]) == (OLD, replace(change, amends=("old",)))


TITLES = st.sampled_from(
    ["某市补贴办法", "《某市补贴办法》解读", "关于废止《某市补贴办法》的决定", ""]
)
TEXTS = st.lists(
    st.sampled_from(
        [
            "《某市补贴办法》（某规〔2019〕1号）",
            "某规〔2019〕1号",
            "同时废止。",
            "决定废止以下文件：\n",
            "1.",
            "第三条",
            "作如下修改：",
            "（以下简称《办法》）",
            "\n",
        ]
    ),
    max_size=8,
).map("".join)
DAYS = st.none() | st.dates(date(2018, 1, 1), date(2026, 1, 1))


@st.composite
def documents(draw: st.DrawFn) -> tuple[Document, ...]:
    make = draw(st.lists(st.sampled_from([policy, interpretation]), max_size=5))
    numbers = st.sampled_from(["", "某规〔2019〕1号", "某规〔2020〕2号"])
    return tuple(
        one(str(place), draw(TITLES), draw(TEXTS), number=draw(numbers), published=draw(DAYS))
        for place, one in enumerate(make)
    )


@given(documents())
@settings(max_examples=300, deadline=None)
def test_it_is_settled_after_one_pass_and_never_fails(made: tuple[Document, ...]) -> None:
    once = linked(made)
    assert [one.id for one in once] == [one.id for one in made]
    assert all(one.id != one.superseded_by for one in once)
    assert [(one.text, one.title) for one in once] == [(one.text, one.title) for one in made]
    assert linked(once) == once


@pytest.mark.parametrize(
    "text",
    [
        "《" * 50_000,
        "《甲乙丙" * 8_000,
        "《甲《乙》" * 8_000,
        "《甲办法》（" * 8_000,
        "（" * 100_000,
        "同时废止。" * 8_000,
        "《甲办法》、" * 8_000 + "同时废止",
        "《甲办法》废止" * 8_000,
        "决定废止《甲办法》、" * 5_000,
        "对《甲办法》作如下修改" * 5_000,
        "第一条" * 50_000,
        "某" * 200_000,
        "〔2024〕1号" * 8_000,
    ],
    ids=range(13),
)
def test_a_text_that_is_hard_on_patterns(text: str) -> None:
    start = time.perf_counter()
    catalogue([policy("a", text, text), interpretation("b", text, text)], on=date(2026, 1, 1))
    assert time.perf_counter() - start < 3
