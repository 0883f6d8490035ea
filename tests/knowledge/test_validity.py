from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from knowledge.types import Disclosure, Document, Kind, Lang, Standing, Status
from knowledge.validity import inherit, until_replaced

TODAY = date(2026, 11, 23)


def document(name: str, **more: Any) -> Document:
    values: dict[str, Any] = {"kind": Kind.POLICY, "title": name, "text": "文", "source": ""}
    values |= {"language": Lang.ZH_HANS, "disclosure": Disclosure.OPEN}
    return Document(id=name, **(values | more))


def explained(*names: str, **more: Any) -> Document:
    return document("解读", kind=Kind.INTERPRETATION, interprets=names, **more)


def standing(*documents: Document) -> Standing:
    return inherit(documents)[-1].standing(TODAY)


def test_an_interpretation_ends_with_its_policy() -> None:
    policy = document("甲", expires=date(2025, 12, 31))
    assert standing(policy, explained("甲")) is Standing.EXPIRED


def test_it_holds_as_long_as_one_of_its_policies() -> None:
    gone = document("甲", expires=date(2025, 12, 31))
    assert standing(gone, document("乙"), explained("甲", "乙")) is Standing.IN_FORCE
    later = document("丙", expires=date(2027, 12, 31))
    assert standing(gone, later, explained("甲", "丙")) is Standing.IN_FORCE


def test_it_is_superseded_with_its_policy_and_names_the_successor() -> None:
    policy = document("甲", status=Status.SUPERSEDED, superseded_by="乙")
    [_, _, made] = inherit([policy, document("乙"), explained("甲")])
    assert (made.status, made.superseded_by) == (Status.SUPERSEDED, "乙")


def test_what_it_declares_itself_stays() -> None:
    policy = document("甲", expires=date(2025, 12, 31))
    own = explained("甲", expires=date(2028, 1, 1))
    assert standing(policy, own) is Standing.IN_FORCE


def test_it_does_not_hold_before_its_policy() -> None:
    policy = document("甲", effective=date(2027, 1, 1))
    told = explained("甲", published=date(2026, 10, 1))
    assert standing(policy, told) is Standing.UPCOMING


def test_it_holds_from_the_first_of_its_policies_on() -> None:
    later = document("乙", effective=date(2027, 1, 1))
    assert standing(document("甲", effective=TODAY), later, explained("甲", "乙")) is (
        Standing.IN_FORCE
    )
    assert inherit([later, document("丙"), explained("乙", "丙")])[-1].effective is None


def test_it_did_not_hold_before_it_was_published() -> None:
    policy = document("甲", effective=date(2020, 1, 1))
    [_, made] = inherit([policy, explained("甲", published=date(2024, 1, 1))])
    assert made.standing(date(2023, 12, 31)) is Standing.UPCOMING


GONE = document(
    "旧", status=Status.SUPERSEDED, effective=date(2019, 1, 1), expires=date(2030, 1, 1)
)


def test_a_superseded_document_held_until_the_day_before_its_successor() -> None:
    by = document("新", published=date(2024, 12, 1), effective=date(2025, 1, 1))
    made = until_replaced(GONE, [by])
    assert made.standing(date(2024, 12, 31)) is Standing.IN_FORCE
    assert made.standing(date(2025, 1, 1)) is Standing.SUPERSEDED
    assert made.superseded_by == "新"


def test_the_first_to_replace_it_ended_it() -> None:
    by = [document("新", effective=date(2025, 1, 1)), document("早", effective=date(2022, 1, 1))]
    assert until_replaced(GONE, by).expires == date(2021, 12, 31)


def test_it_does_not_end_later_than_it_says() -> None:
    gone = replace(GONE, expires=date(2022, 6, 30))
    assert until_replaced(gone, [document("新", effective=TODAY)]).expires == date(2022, 6, 30)


@pytest.mark.parametrize(
    ("gone", "by"),
    [
        (GONE, []),  # nothing says when
        (GONE, [document("新")]),  # nor does what replaced it
        (GONE, [document("新", effective=TODAY), document("早")]),
        (GONE, [document("新", effective=date(2018, 1, 1))]),  # before it began
        (replace(GONE, effective=None), [document("新", effective=TODAY)]),
        (document("甲"), [document("新", effective=TODAY)]),  # it is not gone
    ],
)
def test_where_the_last_day_is_not_sure_nothing_changes(
    gone: Document, by: list[Document]
) -> None:
    assert until_replaced(gone, by) == gone


def test_a_policy_inherits_nothing() -> None:
    gone = document("甲", expires=date(2025, 12, 31))
    assert standing(gone, document("乙", interprets=("甲",))) is Standing.IN_FORCE
