"""What citizens say of replies: once, by buttons, and never in their way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.desk import survey
from bot.desk.roster import Department, Member, Roster
from bot.desk.satisfaction import rate
from bot.desk.survey import ANOTHER, NOT_SOLVED, NOT_UNDERSTOOD, SOLVED, UNDERSTOOD
from bot.desk.tickets import State, Ticket
from bot.render import Page
from bot.store.memory import MemoryStore
from bot.types import Address
from knowledge.types import Lang
from tests.unit.desk.office import CHAT, LI, ROOM, WANG, Office, store_of
from tests.unit.shelf import Shelf
from tests.unit.talk import Talk

TWO = Roster(
    {
        "housing": Department(
            key="housing",
            name="住房科",
            members=(Member(id=WANG.id, name=WANG.name), Member(id=LI.id, name=LI.name)),
        )
    }
)


@pytest.fixture(params=["memory", "sqlite"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    async with store_of(request.param, tmp_path) as store:
        yield Office(store, roster=TWO)


async def answered(office: Office, chat: Address = CHAT) -> Ticket:
    ticket = await office.opens(chat=chat)
    await office.desk.triage(ticket.id, WANG, "housing")
    await office.desk.claim(ticket.id, WANG)
    await office.desk.reply(ticket.id, WANG, "要办犬证。")
    return await office.ticket(ticket.id)


async def says(office: Office, number: int, place: int) -> Page:
    async with office.store.begin() as work:
        ticket = await work.tickets.get(number)
        return await rate(office.desk, work, ticket, place, Lang.EN)


def labels(page: Page) -> list[list[str]]:
    return [[button.label for button in row] for row in page.buttons]


async def test_both_questions_stand_under_the_reply(office: Office) -> None:
    ticket = await answered(office)
    page = survey.asked(Page(()), ticket)
    assert labels(page) == [
        ["I understand it", "I do not"],
        ["It is settled", "It is not settled"],
    ]
    rated = replace(ticket, state=State.RATED, understood=True)
    assert survey.asked(Page(()), rated).buttons == ()


@pytest.mark.parametrize("state", [State.MERGED, State.CLAIMED, State.RATED])
async def test_only_what_was_answered_is_asked_about(state: State) -> None:
    ticket = replace(await answered(Office(MemoryStore())), state=state)
    assert survey.asked(Page(()), ticket).buttons == ()


async def test_each_answer_is_kept_with_the_other(office: Office) -> None:
    number = (await answered(office)).id
    await says(office, number, UNDERSTOOD)
    await says(office, number, SOLVED)
    now = await office.ticket(number)
    assert (now.state, now.understood, now.solved) == (State.RATED, True, True)
    assert (await office.history(number)).count("rated") == 2


async def test_the_same_again_changes_nothing(office: Office) -> None:
    number = (await answered(office)).id
    for _ in range(3):
        await says(office, number, SOLVED)
    assert (await office.history(number)).count("rated") == 1


@pytest.mark.parametrize("place", [NOT_UNDERSTOOD, NOT_SOLVED])
async def test_what_was_no_help_offers_the_way_on(place: int) -> None:
    office = Office(MemoryStore(), roster=TWO)
    number = (await answered(office)).id
    page = await says(office, number, place)
    assert labels(page) == [["Ask further", "Another person"]]
    assert [button.action for button in page.buttons[0]] == [f"more:{number}", f"rate:{number}:5"]


async def test_another_person_is_another_one(office: Office) -> None:
    number = (await answered(office)).id
    await office.told()
    page = await says(office, number, ANOTHER)
    assert page.body[0].text == (
        f"Another person looks at your question No. {number}. You get the reply here."
    )
    now = await office.ticket(number)
    assert (now.state, now.holder, now.assigned) == (State.TRIAGED, None, LI)
    assert await office.told(ROOM) == [
        f"No. {number}: the citizen adds\nThe reply did not help; they ask for another person."
    ]


async def test_a_reply_to_what_waits_again_is_not_rated(office: Office) -> None:
    number = (await answered(office)).id
    await says(office, number, ANOTHER)
    for place in (NOT_SOLVED, ANOTHER):
        page = await says(office, number, place)
        assert page.body[0].text == f"Your question No. {number} is with our staff again."
    assert (await office.ticket(number)).solved is None


async def test_a_forged_place_does_nothing(office: Office) -> None:
    number = (await answered(office)).id
    await says(office, number, 9)
    assert (await office.ticket(number)).state is State.ANSWERED


async def test_it_is_pressed_in_a_conversation_and_nobody_else_can() -> None:
    talk = Talk(MemoryStore(), Shelf())
    await talk.says("养狗要办什么证？")
    (ticket,) = await talk.tickets()
    await talk.desk.reply(ticket.id, WANG, "要办犬证。")
    async with talk.store.begin() as work:
        (queued,) = await work.outbox.due(at=talk.desk.clock())
        await work.outbox.sent(queued.id, platform_id="p", at=talk.desk.clock())
    await talk.forges(f"rate:{ticket.id}:{SOLVED}", sender="1002", chat="1002")
    assert (await talk.desk.look(ticket.id))[0].solved is None
    await talk.presses(queued.delivery, "问题未解决")
    now, _ = await talk.desk.look(ticket.id)
    assert (now.state, now.solved) == (State.RATED, False)
