"""What a ticket gets when it comes in: a department, somebody to ask, and who may touch it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio

from bot.desk import cards
from bot.desk.hours import Hours
from bot.desk.out_of_office import OutOfOffice
from bot.desk.roster import OPEN, Roster
from bot.desk.tickets import Agent, State
from bot.errors import AbsenceRefused, EntryNotFound, NotAllowed
from bot.types import Span, Style
from knowledge.types import Lang
from tests.unit.desk.office import LI, ROSTER, SUN, WANG, ZHAO, Office, store_of

HOURS = Hours.parse("Mon-Fri 09:00-12:00,14:00-17:30")
HOUSING = replace(
    ROSTER.departments["housing"], topics=("公积金",), sensitive=("冒名",), hours=HOURS
)
ROUTED = Roster({**ROSTER.departments, "housing": HOUSING})
FUND = "公积金怎么提取？"
STRANGER = Agent("telegram:9", "路人")


@pytest_asyncio.fixture(params=["memory", "sqlite"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    async with store_of(request.param, tmp_path) as store:
        yield Office(store, roster=ROUTED)


async def test_a_topic_sends_the_ticket_to_its_department(office: Office) -> None:
    ticket = await office.opens(question=FUND)
    assert (ticket.state, ticket.department) == (State.TRIAGED, "housing")
    assert ticket.assigned in {WANG, ZHAO}  # a supervisor is an agent too
    opened, triaged, asked = (await office.desk.look(ticket.id))[1]
    assert (opened.who, opened.what) == ("citizen", "opened")
    assert (triaged.who, triaged.what) == ("system", "triaged")
    assert triaged.why == "the question names “公积金”"
    assert ticket.assigned is not None
    assert triaged.text == "住房科"
    assert (asked.who, asked.what) == ("system", "asked to take it")
    assert asked.text == ticket.assigned.name


async def test_two_tickets_are_asked_of_two_people(office: Office) -> None:
    first, second = [await office.opens(question=f"{FUND}{n}") for n in range(2)]
    assert first.assigned != second.assigned


async def test_whoever_holds_a_ticket_is_asked_after_whoever_does_not(office: Office) -> None:
    ticket = await office.opens(question=FUND)
    await office.desk.claim(ticket.id, WANG)
    later = [await office.opens(question=f"{FUND}{n}") for n in range(2)]
    assert [one.assigned for one in later] == [ZHAO, ZHAO]


async def test_what_is_let_go_is_asked_of_somebody_else(office: Office) -> None:
    ticket = await office.opens(question=FUND)
    for holder, other in ((WANG, ZHAO), (ZHAO, WANG)):
        await office.desk.claim(ticket.id, holder)
        assert (await office.desk.release(ticket.id, holder)).assigned == other


async def test_whoever_answered_before_is_asked_again(office: Office) -> None:
    ticket = await office.opens(question="养狗要办什么证？")
    await office.desk.reply(ticket.id, LI, "犬证。")
    async with office.store.begin() as work:
        again = await office.desk.follow_up(work, ticket.id, "在哪里办？")
    page = cards.card(again, language=Lang.EN, roster=ROUTED)
    assert "\nAsked to take it: 李雷" in plain(page.body)


async def test_what_names_no_topic_waits_to_be_sorted(office: Office) -> None:
    ticket = await office.opens(question="养狗要办什么证？")
    assert (ticket.state, ticket.department, ticket.assigned) == (State.OPEN, "", None)
    sorted_ = await office.desk.triage(ticket.id, LI, "pension")
    assert sorted_.assigned in {LI, SUN}


async def test_in_the_evening_nobody_is_asked(office: Office) -> None:
    office.time.set("2026-11-23", 18)
    ticket = await office.opens(question=FUND)
    assert (ticket.state, ticket.assigned) == (State.TRIAGED, None)
    page = cards.card(ticket, language=Lang.EN, roster=ROUTED)
    assert "\n住房科\nNobody is there until 2026-11-24 09:00." in plain(page.body)


async def test_a_sensitive_word_marks_the_ticket(office: Office) -> None:
    assert (await office.opens(question="有人冒名提取我的公积金")).sensitive
    assert not (await office.opens(question=FUND)).sensitive


async def test_whoever_is_asked_is_mentioned(office: Office) -> None:
    ticket = await office.opens(question=FUND)
    assert ticket.assigned is not None
    page = cards.card(ticket, language=Lang.EN, roster=ROUTED)
    number = ticket.assigned.id.removeprefix("telegram:")
    assert Span(ticket.assigned.name, Style.LINK, f"tg://user?id={number}") in page.body
    claimed = await office.desk.claim(ticket.id, WANG)
    assert "Asked to take it" not in plain(cards.card(claimed, language=Lang.EN).body)


async def test_a_stranger_moves_nothing(office: Office) -> None:
    ticket = await office.opens(question=FUND)
    with pytest.raises(NotAllowed, match=r"路人 \(telegram:9\): that is only for agent"):
        await office.desk.claim(ticket.id, STRANGER)
    with pytest.raises(NotAllowed):
        await office.desk.reply(ticket.id, STRANGER, "答")
    with pytest.raises(NotAllowed):
        await office.desk.close(ticket.id, STRANGER)
    assert await office.ticket(ticket.id) == ticket
    office.desk.follow(OPEN)
    assert (await office.desk.claim(ticket.id, STRANGER)).holder == STRANGER


async def test_only_a_supervisor_takes_over(office: Office) -> None:
    ticket = await office.opens(question=FUND)
    await office.desk.claim(ticket.id, WANG)
    with pytest.raises(NotAllowed, match="supervisor"):
        await office.desk.take_over(ticket.id, LI, "急")
    assert (await office.desk.take_over(ticket.id, SUN, "急")).holder == SUN


# Out of office.


@pytest.fixture
def leave(office: Office) -> OutOfOffice:
    return OutOfOffice(office.store, office.desk)


def day(text: str) -> date:
    return date.fromisoformat(text)


async def test_nobody_is_asked_while_away(office: Office, leave: OutOfOffice) -> None:
    await leave.away(WANG, day("2026-11-23"), day("2026-11-24"), note="培训")
    for today in ("2026-11-23", "2026-11-24"):
        office.time.set(today)
        asked = [await office.opens(question=f"{FUND}{today}{n}") for n in range(2)]
        assert [one.assigned for one in asked] == [ZHAO, ZHAO]
    office.time.set("2026-11-25")
    asked = [await office.opens(question=f"{FUND}{n}") for n in range(2)]
    assert {one.assigned for one in asked} == {WANG, ZHAO}


async def test_an_absence_can_be_taken_back(office: Office, leave: OutOfOffice) -> None:
    absence = await leave.away(WANG, day("2026-11-23"), day("2026-11-24"))
    assert await leave.planned() == [absence]
    with pytest.raises(NotAllowed):
        await leave.cancel(absence.id, LI)
    await leave.cancel(absence.id, WANG)
    assert await leave.planned() == []
    with pytest.raises(EntryNotFound):
        await leave.cancel(absence.id, WANG)
    async with office.store.begin() as work:
        said = [line.event.what for line in await work.audit.lines()]
    assert said == ["absence noted", "absence cancelled"]


async def test_supervisors_write_it_down_for_others(leave: OutOfOffice) -> None:
    first, last = day("2026-12-01"), day("2026-12-02")
    assert (await leave.away(ZHAO, first, last, who=LI.id)).agent == LI.id
    with pytest.raises(NotAllowed):
        await leave.away(WANG, first, last, who=LI.id)
    with pytest.raises(AbsenceRefused, match="telegram:8 is not in the roster; there are: "):
        await leave.away(ZHAO, first, last, who="telegram:8")


async def test_what_is_over_is_erased(office: Office, leave: OutOfOffice) -> None:
    await leave.away(WANG, day("2026-11-23"), day("2026-11-23"), note="看病")
    office.time.set("2026-11-24")
    assert await leave.planned() == []
    later = await leave.away(LI, day("2026-11-24"), day("2026-11-24"))
    assert await leave.planned() == [later]
    office.time.set("2026-11-23")
    assert await leave.planned() == [later]  # the first one is gone for good
    async with office.store.begin() as work:
        assert all("看病" not in line.event.text for line in await work.audit.lines())


async def test_days_that_cannot_be_meant(office: Office, leave: OutOfOffice) -> None:
    with pytest.raises(AbsenceRefused, match="ends before it begins"):
        await leave.away(WANG, day("2026-12-02"), day("2026-12-01"))
    with pytest.raises(AbsenceRefused, match="is over already"):
        await leave.away(WANG, day("2026-11-01"), day("2026-11-22"))
    with pytest.raises(AbsenceRefused, match="at most 200 characters"):
        await leave.away(WANG, day("2026-12-01"), day("2026-12-02"), note="长" * 201)
    office.desk.follow(OPEN)
    with pytest.raises(AbsenceRefused, match="set ROSTER"):
        await leave.away(WANG, day("2026-12-01"), day("2026-12-02"))


def plain(body: tuple[Span, ...]) -> str:
    return "".join(span.text for span in body)
