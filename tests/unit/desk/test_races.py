"""Two people at one ticket at the same moment: one wins, the other is told who, nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio

from bot.desk.moves import Move
from bot.desk.services import Services
from bot.desk.terminal import Clerk
from bot.desk.tickets import State, Ticket, TicketKind
from bot.errors import HeldByAnother, IllegalTransition, TicketChanged
from bot.store.base import Store
from bot.types import Address
from tests.unit.desk.office import CHAT, LI, SUN, WANG, ZHAO, Office, store_of

OTHER = Address("telegram", "1002")
THIRD = Address("telegram", "1003")
CLOSED = "was closed by our staff"


@pytest_asyncio.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    async with store_of(request.param, tmp_path) as opened:
        yield opened


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store, room=None)


async def at_once(*doings: Awaitable[Ticket]) -> tuple[list[Ticket], list[BaseException]]:
    """What came of each: those that went, and the errors of those that did not."""
    done = await asyncio.gather(*doings, return_exceptions=True)
    failed = [one for one in done if isinstance(one, BaseException)]
    return [one for one in done if not isinstance(one, BaseException)], failed


async def adds(office: Office, number: int, text: str) -> Ticket:
    async with office.store.begin() as work:
        return await office.desk.follow_up(work, number, text)


async def test_of_two_who_claim_at_once_one_wins_and_the_other_is_told_who(
    office: Office,
) -> None:
    ticket = await office.opens()
    [won], [lost] = await at_once(
        office.desk.claim(ticket.id, WANG), office.desk.claim(ticket.id, LI)
    )
    assert won.holder == WANG
    assert isinstance(lost, HeldByAnother)
    assert str(lost) == "No. 1 is held by 王芳."
    assert await office.history(ticket.id) == [Move.OPEN, Move.CLAIM]


async def test_of_two_who_reply_at_once_one_is_heard(office: Office) -> None:
    ticket = await office.opens()
    await office.told(CHAT)
    _, [lost] = await at_once(
        office.desk.reply(ticket.id, LI, "到二楼。"),
        office.desk.reply(ticket.id, WANG, "到三楼。"),
    )
    assert isinstance(lost, HeldByAnother)
    [told] = await office.told(CHAT)
    assert "到二楼。" in told


async def test_a_reply_that_is_sent_twice_goes_out_once(office: Office) -> None:
    """Whoever was told of an error behind the commit sends it again."""
    ticket = await office.opens()
    await office.told(CHAT)
    await at_once(*[office.desk.reply(ticket.id, WANG, "到二楼。") for _ in range(2)])
    assert len(await office.told(CHAT)) == 1
    await adds(office, ticket.id, "几点开门？")
    await office.desk.reply(ticket.id, WANG, "到二楼。")
    assert len(await office.told(CHAT)) == 1


async def test_of_a_reply_and_a_close_at_once_the_citizen_hears_one(office: Office) -> None:
    ticket = await office.opens()
    await office.desk.claim(ticket.id, WANG)
    await office.told(CHAT)
    await at_once(
        office.desk.close(ticket.id, WANG), office.desk.reply(ticket.id, WANG, "到二楼。")
    )
    [told] = await office.told(CHAT)
    assert CLOSED in told
    assert (await office.ticket(ticket.id)).state is State.ARCHIVED


async def test_of_a_transfer_and_a_claim_at_once_the_first_goes(office: Office) -> None:
    ticket = await office.opens()
    await office.desk.claim(ticket.id, WANG)
    [given], [lost] = await at_once(
        office.desk.claim(ticket.id, LI),
        office.desk.triage(ticket.id, WANG, "pension", "归养老科"),
    )
    assert (given.state, given.department, given.holder) == (State.TRIAGED, "pension", None)
    assert isinstance(lost, HeldByAnother)


async def test_two_who_merge_one_into_the_other_leave_one_that_waits(office: Office) -> None:
    one, two = await office.opens(), await office.opens(chat=OTHER)
    _, [lost] = await at_once(
        office.desk.merge(one.id, two.id, WANG), office.desk.merge(two.id, one.id, LI)
    )
    assert isinstance(lost, IllegalTransition)
    assert [ticket.id for ticket in await office.desk.waiting()] == [two.id]


async def test_what_the_citizen_adds_while_staff_reply_is_not_lost(office: Office) -> None:
    ticket = await office.opens()
    await office.desk.claim(ticket.id, WANG)
    await at_once(
        office.desk.reply(ticket.id, WANG, "到二楼。"), adds(office, ticket.id, "周末开门吗？")
    )
    waits = await office.ticket(ticket.id)
    assert (waits.state, waits.assigned) == (State.OPEN, WANG)
    assert waits.deadlines.due is not None


async def test_what_was_read_before_somebody_else_wrote_is_refused(office: Office) -> None:
    """As on a server where two transactions run side by side."""
    ticket = await office.opens()
    await office.desk.claim(ticket.id, WANG)
    late = replace(ticket, state=State.CLAIMED, holder=LI)
    async with office.store.begin() as work:
        with pytest.raises(TicketChanged):
            await office.desk.moved(work, ticket, Move.CLAIM, late, LI)
    assert (await office.ticket(ticket.id)).holder == WANG
    assert await office.history(ticket.id) == [Move.OPEN, Move.CLAIM]


SEEN: Final[Mapping[str, Callable[[Services, int], Awaitable[object]]]] = {
    "reply": lambda of, seen: of.desk.reply(1, WANG, "到二楼。", seen=seen),
    "ask": lambda of, seen: of.desk.ask(1, WANG, "哪一年？", seen=seen),
    "close": lambda of, seen: of.desk.close(1, WANG, "已解决", seen=seen),
    "release": lambda of, seen: of.desk.release(1, WANG, seen=seen),
    "merge": lambda of, seen: of.desk.merge(1, 2, WANG, seen=seen),
    "transfer": lambda of, seen: of.desk.triage(1, WANG, "pension", "归养老科", seen=seen),
    "take over": lambda of, seen: of.desk.take_over(1, ZHAO, "休假", seen=seen),
    "consult": lambda of, seen: of.consulting.ask(1, WANG, ["pension"], "对吗？", seen=seen),
    "pause": lambda of, seen: of.timekeeper.pause(1, WANG, "等意见", seen=seen),
    "extend": lambda of, seen: of.timekeeper.extend(1, WANG, "查档案", seen=seen),
}


@pytest.mark.parametrize("deed", SEEN)
async def test_what_somebody_saw_must_still_hold_where_it_is_written(
    office: Office, deed: str
) -> None:
    """The version is compared in the transaction that writes, and not by a page before it."""
    await office.opens(
        TicketKind.DISCLOSURE if deed in {"pause", "extend"} else TicketKind.CONSULTATION
    )
    await office.opens(chat=OTHER)
    seen = (await office.desk.claim(1, WANG)).version
    await adds(office, 1, "周末开门吗？")
    before = await office.history(1)
    services = Services(store=office.store, desk=office.desk)
    with pytest.raises(TicketChanged):
        await SEEN[deed](services, seen)
    assert await office.history(1) == before
    await SEEN[deed](services, (await office.ticket(1)).version)
    assert await office.history(1) != before


# Tickets that ask the same


async def test_merging_writes_both_tickets(office: Office) -> None:
    """Else one that is answered side by side would be answered without whoever is merged."""
    one, two = await office.opens(), await office.opens(chat=OTHER)
    await office.desk.merge(one.id, two.id, WANG)
    async with office.store.begin() as work:
        with pytest.raises(TicketChanged):
            await work.tickets.save(two)


async def test_a_reply_reaches_whoever_was_merged_into_what_was_merged(office: Office) -> None:
    chats = (CHAT, OTHER, THIRD)
    one, two, three = [await office.opens(chat=chat) for chat in chats]
    await office.desk.merge(one.id, two.id, WANG)
    await office.desk.merge(two.id, three.id, WANG)
    await office.desk.reply(three.id, WANG, "到二楼。")
    for chat in chats:
        assert ["到二楼。" in text for text in await office.told(chat)] == [True]


async def test_what_is_merged_into_an_answered_ticket_gets_its_reply_at_once(
    office: Office,
) -> None:
    one, two = await office.opens(), await office.opens(chat=OTHER)
    await office.desk.reply(one.id, WANG, "到二楼。")
    await office.desk.merge(two.id, one.id, LI)
    [told] = await office.told(OTHER)
    assert "到二楼。" in told
    assert len(await office.told(CHAT)) == 1


async def test_nothing_is_merged_into_what_was_closed_without_a_reply(office: Office) -> None:
    one, two = await office.opens(), await office.opens(chat=OTHER)
    await office.desk.close(one.id, WANG)
    with pytest.raises(IllegalTransition):
        await office.desk.merge(two.id, one.id, WANG)
    assert [ticket.id for ticket in await office.desk.waiting()] == [two.id]


async def test_closing_tells_everybody_who_asked_the_same(office: Office) -> None:
    one, two = await office.opens(), await office.opens(chat=OTHER)
    await office.desk.merge(two.id, one.id, WANG)
    await office.desk.close(one.id, WANG)
    for number, chat in enumerate((CHAT, OTHER), start=1):
        [told] = await office.told(chat)
        assert CLOSED in told
        assert f"No. {number}" in told


async def test_who_asked_again_is_told_that_it_is_closed(office: Office) -> None:
    ticket = await office.opens()
    await office.desk.reply(ticket.id, WANG, "到二楼。")
    await office.told(CHAT)
    await adds(office, ticket.id, "周末开门吗？")
    await office.desk.close(ticket.id, WANG)
    assert [CLOSED in text for text in await office.told(CHAT)] == [True]


async def test_an_answered_ticket_is_closed_without_a_word(office: Office) -> None:
    ticket = await office.opens()
    await office.desk.reply(ticket.id, WANG, "到二楼。")
    await office.told(CHAT)
    await office.desk.close(ticket.id, WANG)
    assert await office.told(CHAT) == []


# In the terminal


async def test_of_two_clerks_one_claims_and_the_other_reads_who(office: Office) -> None:
    await office.opens()
    said: dict[str, list[str]] = {ZHAO.name: [], SUN.name: []}
    services = Services(store=office.store, desk=office.desk)
    clerks = [Clerk(services, agent, said[agent.name].append) for agent in (ZHAO, SUN)]
    done = await asyncio.gather(*(clerk.do(["claim", "1"]) for clerk in clerks))
    assert sorted(done) == [False, True]
    winner, loser = (ZHAO, SUN) if done[0] else (SUN, ZHAO)
    assert said[loser.name] == [f"No. 1 is held by {winner.name}."]
    assert (await office.ticket(1)).holder == winner
