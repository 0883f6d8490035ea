"""A reply that reaches nobody: staff know, once, and see why."""

from __future__ import annotations

import pytest

from bot.desk.history import what
from bot.desk.terminal_pages import story
from bot.desk.tickets import Ticket
from bot.desk.undelivered import DONE, note, undelivered
from bot.errors import ChannelError, Gone, Lost, Refused
from bot.types import Address, Delivery, Span
from knowledge.types import Lang
from tests.unit.desk.office import CHAT, HERE, ROOM, WANG, Office

BLOCKED = Gone("Forbidden: bot was blocked by the user", lost=Lost.BLOCKED)


async def gives_up(
    office: Office, ticket: Ticket | None, error: Exception = BLOCKED, *, to: Address = CHAT
) -> None:
    number = ticket.id if ticket else None
    async with office.store.begin() as work:
        await note(office.desk, work, Delivery(to=to, body=(Span("…"),), ticket_id=number), error)


async def replied(office: Office) -> Ticket:
    ticket = await office.opens()
    await office.desk.reply(ticket.id, WANG, "到二楼。")
    await office.told()
    return ticket


async def test_staff_are_told_that_the_citizen_blocked_the_bot(stored: Office) -> None:
    ticket = await replied(stored)
    await gives_up(stored, ticket)
    [told] = await stored.told()
    head, mend = told.splitlines()
    assert head == "No. 1: a message could not be delivered: the citizen blocked the bot."
    assert mend == "Reach the citizen in another way if you can, or close it."
    _, events = await stored.desk.look(ticket.id)
    assert undelivered(events) == "not delivered: blocked"
    lines = story(events, language=Lang.EN, roster=stored.desk.roster, zone=HERE)
    assert list(lines)[-1].endswith("the citizen blocked the bot")


async def test_they_are_told_once_for_each_word_of_theirs(office: Office) -> None:
    ticket = await replied(office)
    for _ in range(3):
        await gives_up(office, ticket)
    assert len(await office.told()) == 1
    await office.desk.reply(ticket.id, WANG, "也可到三楼。")
    _, events = await office.desk.look(ticket.id)
    assert undelivered(events) == "", "nobody knows yet what becomes of the new words"
    await office.told()
    await gives_up(office, ticket)
    assert len(await office.told()) == 1


async def test_a_room_that_is_gone_is_not_told_of_itself(office: Office) -> None:
    ticket = await replied(office)
    await gives_up(office, ticket, to=ROOM)
    await gives_up(office, None)
    assert await office.told() == []
    _, events = await office.desk.look(ticket.id)
    assert undelivered(events) == ""


async def test_of_a_merged_ticket_whoever_answers_it_is_told(office: Office) -> None:
    one, other = await office.opens(), await office.opens(question="养猫要办证吗？")
    await office.desk.merge(other.id, one.id, WANG)
    await office.told()
    await gives_up(office, other)
    [told] = await office.told()
    assert told.startswith("No. 2: ")
    _, events = await office.desk.look(one.id)
    assert undelivered(events) == "not delivered: blocked"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        *((Gone("gone", lost=lost), f"not delivered: {lost}") for lost in Lost),
        (Refused("Bad Request: chat not fit"), "not delivered: refused"),
        (ChannelError("away for days"), "not delivered: refused"),
    ],
)
async def test_each_reason_has_words(office: Office, error: Exception, words: str) -> None:
    ticket = await replied(office)
    await gives_up(office, ticket, error)
    assert (await office.history(ticket.id))[-1] == words
    assert what(words, Lang.EN) == DONE[words]
    assert what(words, Lang.ZH_HANS) != DONE[words]
