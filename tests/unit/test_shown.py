"""Which sources an answer shows, and which day it speaks of."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot import answer_page
from bot.decide import decide
from bot.types import Outcome, Reason, Result
from index.types import Found, Hit
from knowledge.types import Disclosure, Document, Kind, Lang, Passage, Standing

TODAY = date(2026, 11, 23)


def hit(
    name: str,
    probability: float,
    *,
    family: int = -1,
    keyword: float = 1.0,
    exact: bool = False,
    successor: Document | None = None,
    **more: Any,
) -> Hit:
    values: dict[str, Any] = {"kind": Kind.POLICY, "source": "", "disclosure": Disclosure.OPEN}
    values |= {"language": Lang.ZH_HANS, "title": name, "text": name}
    return Hit(
        passage=Passage(id=f"{name}#0", document_id=name, text=name, start=0, end=len(name)),
        document=Document(id=name, **(values | more)),
        score=1.0,
        keyword=keyword,
        vector=0.0,
        probability=probability,
        successor=successor,
        exact=exact,
        family=family,
    )


def decided(*hits: Hit, **more: Any) -> Outcome:
    return decide(Found(hits=hits, line=0.5, **more), language=Lang.ZH_HANS, on=TODAY)


def shown(*hits: Hit) -> list[str]:
    return [one.document_id for one in decided(*hits).citations]


CITY = hit("市", 0.9, family=1)


def test_policies_that_apply_as_well_are_shown() -> None:
    assert shown(CITY, hit("区", 0.85, family=2)) == ["市", "区"]


@pytest.mark.parametrize(
    "other",
    [
        hit("区", 0.75, family=2),  # below the share of the first
        hit("区", 0.85, family=1),  # the same family
        hit("区", 0.85, family=2, keyword=0.5),  # says less about the question
        hit("区", 0.85),  # of no known family
    ],
)
def test_a_weaker_source_is_not_shown(other: Hit) -> None:
    assert shown(CITY, other) == ["市"]


def test_no_source_below_the_line_is_shown() -> None:
    assert shown(hit("市", 0.52, family=1), hit("区", 0.5, family=2)) == ["市"]


def test_a_rule_is_shown_with_one_interpretation() -> None:
    told = [
        hit(name, 0.88, family=1, kind=Kind.INTERPRETATION, interprets=("市",))
        for name in ("解读一", "解读二")
    ]
    assert shown(CITY, *told) == ["市", "解读一"]


def test_an_interpretation_is_shown_with_its_rule_however_far_behind() -> None:
    told = hit("解读", 0.9, family=1, kind=Kind.INTERPRETATION, interprets=("市",))
    rule = hit("市", 0.3, family=1, keyword=0.2)
    other = hit("区", 0.88, family=2)
    assert shown(told, other, rule) == ["解读", "市", "区"]
    assert shown(told, other, hit("市", 0.3, family=1, keyword=0.1)) == ["解读", "区"]


def test_no_more_than_three_sources() -> None:
    others = [hit(name, 0.88, family=n) for n, name in enumerate("乙丙丁", start=2)]
    assert shown(CITY, *others) == ["市", "乙", "丙"]


def test_what_is_named_outright_stands_alone() -> None:
    first, second = hit("第九条", 1.0, exact=True), hit("第十条", 1.0, exact=True)
    assert shown(first, second, hit("区", 0.9, family=2)) == ["第九条", "第十条"]


def test_a_clause_that_is_not_there_is_no_answer() -> None:
    outcome = decided(CITY, no_such_clause=True)
    assert (outcome.result, outcome.reason) == (Result.UNRESOLVED, Reason.NO_SUCH_CLAUSE)
    assert outcome.citations == ()


def test_an_answer_of_another_day_names_it_and_what_came_after() -> None:
    new = hit("新办法", 0.0).document
    old = hit("旧办法", 0.9, successor=new, expires=date(2025, 7, 31), superseded_by="新办法")
    outcome = decided(old, as_of=date(2024, 5, 1))
    assert (outcome.as_of, outcome.citations[0].status) == (
        date(2024, 5, 1),
        Standing.SUPERSEDED,
    )
    text = "".join(span.text for span in answer_page.body(outcome))
    assert text.startswith("截至2024-05-01有效的规定：\n")
    assert text.endswith("已被替代\n已由《新办法》替代。")


def test_for_a_day_to_come_what_ends_before_it_is_called_expired() -> None:
    old = hit("通知", 0.9, expires=date(2027, 12, 31))
    found = Found(hits=(), outdated=(old,), line=0.5, as_of=date(2028, 2, 1))
    outcome = decide(found, language=Lang.ZH_HANS, on=TODAY)
    assert (outcome.reason, outcome.citations[0].status) == (Reason.OUTDATED, Standing.EXPIRED)


def test_nothing_is_offered_for_another_day() -> None:
    unsure = hit("市", 0.4, family=1)
    assert decided(unsure).result is Result.CLARIFY
    assert decided(unsure, as_of=date(2024, 5, 1)).reason is Reason.UNSURE
