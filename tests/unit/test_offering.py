"""When passages are offered to choose from: between sure and nothing, and never for outdated."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.decide import MOST_CHOICES, decide, same_matter, still_unsure
from bot.types import Outcome, Reason, Result, Topic
from index.types import Found, Hit
from knowledge.types import Kind, Lang, Status
from tests.unit.shelf import ASKED, BERTHS, DEPOSIT, FARE, LINE, RENT, THREE, TODAY, document, hit


def decided(*hits: Hit, outdated: tuple[Hit, ...] = ()) -> Outcome:
    found = Found(hits=hits, outdated=outdated, line=LINE)
    return decide(found, language=Lang.ZH_HANS, on=TODAY)


def ids(outcome: Outcome) -> list[str]:
    return [choice.passage_id for choice in outcome.choices]


@pytest.mark.parametrize(
    ("probability", "result"),
    [
        (0.81, Result.ANSWERED),
        (0.80, Result.CLARIFY),  # at the line
        (0.21, Result.CLARIFY),
        (0.20, Result.UNRESOLVED),
        (0.01, Result.UNRESOLVED),
    ],
)
def test_the_band_lies_between_a_quarter_of_the_line_and_the_line(
    probability: float, result: Result
) -> None:
    outcome = decided(replace(RENT, probability=probability))
    assert outcome.result is result
    assert bool(outcome.choices) is (result is Result.CLARIFY)
    assert bool(outcome.citations) is (result is Result.ANSWERED)


@pytest.mark.parametrize(
    ("probability", "result"), [(0.41, Result.CLARIFY), (0.40, Result.UNRESOLVED)]
)
def test_a_release_that_measured_where_to_offer_decides_it(
    probability: float, result: Result
) -> None:
    found = Found(hits=(replace(RENT, probability=probability),), line=LINE, clarify=0.40)
    assert decide(found, language=Lang.ZH_HANS, on=TODAY).result is result


def test_what_covers_little_of_the_question_is_not_offered() -> None:
    assert decided(replace(RENT, keyword=0.19)).result is Result.UNRESOLVED
    assert ids(decided(RENT, replace(ASKED, keyword=0.19), FARE)) == ["berths#9", "ferries#0"]


def test_choices_are_the_first_three_clauses_each_once() -> None:
    again = replace(RENT, passage=replace(RENT.passage, id="berths#11", text="第二款"))
    outcome = decided(RENT, again, ASKED, FARE, DEPOSIT)
    assert ids(outcome) == ["berths#9", "berths-explained#0", "ferries#0"]
    assert len(outcome.choices) == MOST_CHOICES


def test_where_only_an_interpretation_is_offered_its_rule_is_the_last_choice() -> None:
    told = document("told", "泊位办法解读", kind=Kind.INTERPRETATION, interprets=("berths",))
    asked = [hit(told, text, f"问：{text}", place=n) for n, text in enumerate("甲乙丙")]
    behind = replace(RENT, probability=0.3)
    assert ids(decided(*asked, behind)) == ["told#0", "told#1", "berths#9"]
    assert ids(decided(asked[0], behind, *asked[1:])) == ["told#0", "berths#9", "told#1"]


def test_passages_without_an_address_are_told_apart_by_their_text() -> None:
    page = document("page", "港务通告")
    assert len(decided(hit(page, "甲", place=1), hit(page, "乙", place=2)).choices) == 2


def test_the_head_of_a_document_is_not_offered_beside_its_clauses() -> None:
    head = hit(BERTHS, "澜港务规〔2025〕2号\n各管理处：", place=0, probability=0.7)
    assert ids(decided(head, RENT, FARE)) == ["berths#9", "ferries#0"]
    assert ids(decided(head, FARE)) == ["berths#0", "ferries#0"]


def test_nothing_is_offered_where_only_an_outdated_document_fits_better() -> None:
    old = document("old", "澜港市泊位暂行办法", status=Status.REPEALED)
    gone = hit(old, "第二条　月租100元。", "第二条", probability=0.7)
    assert decided(RENT, outdated=(gone,)).result is Result.UNRESOLVED
    assert decided(RENT, outdated=(replace(gone, probability=0.4),)).result is Result.CLARIFY
    superseded = replace(gone, successor=BERTHS)
    assert decided(RENT, outdated=(superseded,)).result is Result.CLARIFY


def test_a_question_about_another_day_is_offered_nothing_of_today() -> None:
    found = replace(THREE, as_of=TODAY.replace(year=2024))
    assert decide(found, language=Lang.ZH_HANS, on=TODAY).result is Result.UNRESOLVED


def test_instead_of_a_second_offer_a_person_answers() -> None:
    outcome = still_unsure(decided(RENT, ASKED))
    assert (outcome.result, outcome.reason) == (Result.UNRESOLVED, Reason.UNSURE)
    assert outcome.choices == ()


def test_the_same_document_again_is_the_same_matter() -> None:
    berths, ferries = decided(RENT, ASKED), decided(FARE)
    assert same_matter(decided(DEPOSIT), berths.choices)
    assert not same_matter(ferries, berths.choices)
    assert not same_matter(berths, ())


def test_questions_that_lean_on_one_topic_differ_by_their_passages() -> None:
    topic = Topic(document_id="berths", title="《澜港市游船泊位管理办法》", words="泊位")
    rent, deposit = decided(RENT), replace(decided(DEPOSIT), topic=topic)
    assert not same_matter(deposit, rent.choices)
    assert same_matter(deposit, deposit.choices)
