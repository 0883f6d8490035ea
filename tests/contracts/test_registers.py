"""Registers, the audit log and the queue: every store must behave alike."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.desk.audit import ERASED, verify
from bot.desk.consultations import Consultation, Consulted
from bot.desk.moves import claim
from bot.desk.tickets import Agent, Deadlines, Draft, Event, State, Ticket, TicketKind
from bot.errors import EntryChanged, EntryNotFound, TicketNotFound
from bot.store.base import DataClass, Sought, Store
from bot.types import Address, Reason
from knowledge.types import Lang

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
WANG = Agent("telegram:4711", "王芳")


async def opened(store: Store, message_id: str = "m1", **fields: object) -> Ticket:
    draft = Draft(
        message_id=message_id,
        asked_from=Address("telegram", "1001"),
        question="养狗要办什么证？",
        language=Lang.ZH_HANS,
        reason=Reason.UNSURE,
        opened=NOON,
    )
    async with store.begin() as work:
        ticket = await work.tickets.open(draft)
        return await work.tickets.save(replace(ticket, **fields))  # type: ignore[arg-type]  # any field


def asked(ticket: Ticket, department: str = "tax") -> Consultation:
    return Consultation(
        ticket_id=ticket.id, department=department, question="可以吗？", asked_by=WANG, asked=NOON
    )


async def found(store: Store, sought: Sought) -> list[int]:
    async with store.begin() as work:
        return [ticket.id for ticket in await work.tickets.find(sought)]


# Registers


async def test_an_entry_comes_back_as_it_was(store: Store) -> None:
    ticket = await opened(store)
    async with store.begin() as work:
        added = await work.entries(Consultation).add(asked(ticket))
    assert (added.id, added.version) == (1, 1)
    async with store.begin() as work:
        assert await work.entries(Consultation).get(1) == added


async def test_an_entry_that_is_not_there(store: Store) -> None:
    with pytest.raises(EntryNotFound, match="no consultation 7"):
        async with store.begin() as work:
            await work.entries(Consultation).get(7)
    with pytest.raises(EntryNotFound):
        async with store.begin() as work:
            await work.entries(Consultation).save(replace(asked(await opened_in(store)), id=7))


async def opened_in(_store: Store) -> Ticket:
    """A ticket that is in no store."""
    return Ticket(
        id=1,
        message_id="m",
        asked_from=Address("web", "x"),
        question="",
        language=Lang.EN,
        reason=Reason.UNSURE,
        opened=NOON,
        changed=NOON,
    )


async def test_only_one_of_two_changes_wins(store: Store) -> None:
    ticket = await opened(store)
    async with store.begin() as work:
        entry = await work.entries(Consultation).add(asked(ticket))

    async def answer(reply: str) -> str:
        async with store.begin() as work:
            await work.entries(Consultation).save(replace(entry, reply=reply))
        return reply

    done = await asyncio.gather(answer("可以"), answer("不可以"), return_exceptions=True)
    [won] = [one for one in done if isinstance(one, str)]
    assert sum(isinstance(one, EntryChanged) for one in done) == 1
    async with store.begin() as work:
        saved = await work.entries(Consultation).get(entry.id)
    assert (saved.version, saved.reply) == (2, won)


async def test_entries_are_found_by_their_keys(store: Store) -> None:
    ticket = await opened(store)
    other = await opened(store, "m2")
    async with store.begin() as work:
        register = work.entries(Consultation)
        one = await register.add(asked(ticket))
        two = await register.add(asked(ticket, "civil"))
        three = await register.add(asked(other))
        two = await register.save(replace(two, state=Consulted.ANSWERED))
    async with store.begin() as work:
        register = work.entries(Consultation)
        assert await register.find() == [one, two, three]
        assert await register.find(ticket_id=ticket.id) == [one, two]
        assert await register.find(state=Consulted.WAITING, department="tax") == [one, three]
        assert await register.find(department=("tax", "civil"), limit=2) == [one, two]
        assert await register.find(newest=True, limit=1) == [three]
        await register.remove(two.id)
        await register.remove(two.id)
        assert await register.find() == [one, three]


async def test_a_number_is_never_given_twice(store: Store) -> None:
    ticket = await opened(store)
    async with store.begin() as work:
        entry = await work.entries(Consultation).add(asked(ticket))
        await work.entries(Consultation).remove(entry.id)
    async with store.begin() as work:
        assert (await work.entries(Consultation).add(asked(ticket))).id == 2


# The queue


async def test_what_is_looked_for_in_the_queue(store: Store) -> None:
    await opened(store, "m1", deadlines=Deadlines(first=NOON + DAY))
    await opened(store, "m2", department="tax", state=State.TRIAGED)
    held = await opened(store, "m3", deadlines=Deadlines(resolution=NOON + 3 * DAY))
    async with store.begin() as work:
        held = await work.tickets.save(replace(claim(held, by=WANG, at=NOON), lease=NOON + DAY))
        await work.tickets.save(
            replace(await work.tickets.get(1), kind=TicketKind.COMPLAINT, merged_into=3)
        )
    await opened(store, "m4", state=State.ARCHIVED)
    assert await found(store, Sought()) == [1, 2, 3]
    assert await found(store, Sought(limit=2)) == [1, 2]
    assert await found(store, Sought(after=2)) == [3]
    assert await found(store, Sought(states=frozenset({State.ARCHIVED}))) == [4]
    assert await found(store, Sought(kinds=frozenset({TicketKind.COMPLAINT}))) == [1]
    assert await found(store, Sought(department="tax")) == [2]
    assert await found(store, Sought(department="")) == [1, 3]
    assert await found(store, Sought(holder=WANG.id)) == [3]
    assert await found(store, Sought(merged_into=3)) == [1]
    assert await found(store, Sought(due=NOON + 2 * DAY)) == [1]
    assert await found(store, Sought(lapsed=NOON + 2 * DAY)) == [3]
    assert await found(store, Sought(lapsed=NOON)) == []
    everything = frozenset(State)
    assert await found(store, Sought(states=everything, opened=(NOON, NOON + DAY))) == [1, 2, 3, 4]
    assert await found(store, Sought(states=everything, opened=(NOON - DAY, NOON))) == []


async def test_the_newest_come_first_where_they_are_looked_for(store: Store) -> None:
    for number in range(1, 4):
        await opened(store, f"m{number}")
    assert await found(store, Sought(newest=True)) == [3, 2, 1]
    assert await found(store, Sought(newest=True, limit=1)) == [3]
    assert await found(store, Sought(newest=True, after=1, limit=2)) == [3, 2]


async def test_how_many_tickets_each_holds(store: Store) -> None:
    li = Agent("terminal:li:李雷", "李雷")
    for number, holder in enumerate([WANG, WANG, li, None]):
        state = State.OPEN if holder is None else State.CLAIMED
        await opened(store, f"m{number}", holder=holder, state=state)
    await opened(store, "asked", holder=WANG, state=State.ASKED)
    await opened(store, "done", holder=WANG, state=State.ANSWERED)
    async with store.begin() as work:
        assert await work.tickets.held() == {WANG.id: 3, li.id: 1}


async def test_a_clock_that_stands_is_not_due(store: Store) -> None:
    await opened(store, deadlines=Deadlines(first=NOON, paused=NOON))
    assert await found(store, Sought(due=NOON + DAY)) == []


# The audit log


async def noted(store: Store, *events: Event) -> None:
    for event in events:
        async with store.begin() as work:
            await work.audit.note(event)


async def test_the_log_is_a_chain(store: Store) -> None:
    ticket = await opened(store)
    async with store.begin() as work:
        assert await work.audit.newest() == 0
    events = [
        Event(ticket_id=ticket.id, at=NOON, who="citizen", what="opened", text="养狗？"),
        Event(at=NOON, who="terminal:wang", what="signed in", why="值班"),
        Event(ticket_id=ticket.id, at=NOON, who=WANG.id, what="claimed"),
    ]
    await noted(store, *events)
    async with store.begin() as work:
        lines = await work.audit.lines()
        assert await work.audit.newest() == lines[-1].id
        assert await work.audit.of(ticket.id) == [events[0], events[2]]
        assert [line.event for line in await work.audit.lines(after=lines[0].id, limit=1)] == [
            events[1]
        ]
    assert [line.event for line in lines] == events
    assert verify(lines).problems == ()


async def noted_and_failed(store: Store, event: Event) -> None:
    async with store.begin() as work:
        await work.audit.note(event)
        raise ZeroDivisionError


async def test_what_was_noted_in_a_transaction_that_failed_is_not_in_the_chain(
    store: Store,
) -> None:
    one, two, three = (Event(at=NOON, who="x", what=str(number)) for number in range(3))
    await noted(store, one)
    with pytest.raises(ZeroDivisionError):
        await noted_and_failed(store, two)
    await noted(store, three)
    async with store.begin() as work:
        lines = await work.audit.lines()
    assert [line.event for line in lines] == [one, three]
    assert verify(lines).problems == ()


async def test_many_notes_at_once_are_one_chain(store: Store) -> None:
    events = [Event(at=NOON, who="x", what=str(number)) for number in range(20)]
    await asyncio.gather(*(noted(store, event) for event in events))
    async with store.begin() as work:
        lines = await work.audit.lines()
    assert {line.event for line in lines} == set(events)
    assert verify(lines).problems == ()


async def test_a_note_about_no_ticket_of_ours_is_refused(store: Store) -> None:
    with pytest.raises(TicketNotFound):
        await noted(store, Event(ticket_id=7, at=NOON, who="x", what="claimed"))


async def test_words_that_are_erased_leave_the_chain_whole(store: Store) -> None:
    ticket = await opened(store, state=State.ARCHIVED)
    await noted(
        store,
        Event(ticket_id=ticket.id, at=NOON, who="citizen", what="opened", text="养狗？"),
        Event(ticket_id=ticket.id, at=NOON, who=WANG.id, what="returned", why="张三的事"),
        Event(at=NOON, who="x", what="looked", text="stays"),
    )
    async with store.begin() as work:
        await work.entries(Consultation).add(asked(ticket))
    async with store.begin() as work:
        await work.records.erase(DataClass.TICKETS, before=NOON + DAY, at=NOON, limit=10)
    async with store.begin() as work:
        lines = await work.audit.lines()
        [entry] = await work.entries(Consultation).find()
    assert [(line.event.why, line.event.text) for line in lines] == [
        ("", ""),
        ("", ""),
        ("", "stays"),
        ("", ""),
    ]
    assert lines[-1].event.what == ERASED
    assert verify(lines).problems == ()
    assert (entry.question, entry.department, entry.version) == ("", "tax", 2)
