from __future__ import annotations

from datetime import date
from typing import Any

from knowledge.types import Disclosure, Document, Kind, Lang, Standing, Status
from knowledge.validity import inherit

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


def test_a_policy_inherits_nothing() -> None:
    gone = document("甲", expires=date(2025, 12, 31))
    assert standing(gone, document("乙", interprets=("甲",))) is Standing.IN_FORCE
