"""What citizens do to their own tickets while they wait, over both stores."""

from __future__ import annotations

import pytest

from bot.desk.pressing import press, withdraw
from bot.desk.tickets import State, Ticket
from bot.errors import IllegalTransition
from bot.types import Address
from tests.unit.desk.office import CHAT, WANG, Office

OTHER = Address("telegram", "1002")


async def pressed(office: Office, ticket: Ticket) -> Ticket | None:
    async with office.store.begin() as work:
        return await press(office.desk, work, await work.tickets.get(ticket.id))


async def withdrawn(office: Office, ticket: Ticket) -> Ticket:
    async with office.store.begin() as work:
        return await withdraw(office.desk, work, await work.tickets.get(ticket.id))


async def test_a_ticket_is_asked_for_once_a_day(stored: Office) -> None:
    ticket = await stored.opens()
    stored.time.set("2026-11-24", 0, 5)
    assert await pressed(stored, ticket)
    stored.time.set("2026-11-24", 23, 55)
    assert await pressed(stored, ticket) is None
    stored.time.set("2026-11-25", 0, 5)
    assert await pressed(stored, ticket)
    assert (await stored.ticket(ticket.id)).deadlines.presses == 2
    assert (await stored.history(ticket.id)).count("pressed") == 2


async def test_the_supervisors_are_told_only_of_what_is_overdue(office: Office) -> None:
    ticket = await office.opens()
    await office.desk.triage(ticket.id, WANG, "housing")
    await pressed(office, ticket)
    assert await office.told() == []
    office.time.set("2026-11-25")
    await pressed(office, ticket)
    assert await office.told() == [
        "No. 1 is overdue, and the citizen asks for it.\n· 2026-11-24 住房科: No. 1\nFor the supervisors: 赵敏"
    ]


async def test_what_is_answered_is_not_asked_for(office: Office) -> None:
    ticket = await office.opens()
    await office.desk.reply(ticket.id, WANG, "要办犬证。")
    with pytest.raises(IllegalTransition):
        await pressed(office, ticket)
    with pytest.raises(IllegalTransition):
        await withdrawn(office, ticket)


async def test_staff_are_told_of_what_is_withdrawn(office: Office) -> None:
    ticket = await office.opens()
    await office.desk.claim(ticket.id, WANG)
    now = await withdrawn(office, ticket)
    assert (now.state, now.holder, now.deadlines.next) == (State.WITHDRAWN, None, None)
    assert await office.told() == ["No. 1 was withdrawn by the citizen."]


async def test_what_others_asked_is_not_withdrawn_with_it(stored: Office) -> None:
    first, other = await stored.opens(), await stored.opens(chat=OTHER)
    await stored.desk.merge(other.id, first.id, WANG)
    await stored.told()
    await withdrawn(stored, first)
    now = await stored.ticket(other.id)
    assert (now.state, now.merged_into) == (State.OPEN, None)
    assert now.deadlines.due == other.deadlines.due
    assert await stored.told() == [
        "No. 1 was withdrawn by the citizen.\nWhat was merged into it waits again: No. 2."
    ]
    await stored.desk.reply(other.id, WANG, "要办犬证。")
    assert len(await stored.told(OTHER)) == 1
    assert await stored.told(CHAT) == []
