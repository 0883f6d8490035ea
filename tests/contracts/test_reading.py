"""A block that only reads, and texts that no database likes: every store must behave alike."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.desk.audit import verify
from bot.desk.canned import Canned
from bot.desk.tickets import Agent, Draft, Event, Ticket
from bot.errors import StoreError
from bot.store.base import Conversation, Sought, Store, Work
from bot.subscriptions import Follows, Wish
from bot.types import Address, Delivery, Message, Reason, Span
from knowledge.types import Lang
from tests.contracts.test_store import Failed

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ANN = Address("web", "ann")
ODD = "half a pair \ud83d, nothing \0, an escape \x10 and \x100000, 一"
LONG = "长" * 2_000_000


def draft(message_id: str, **fields: object) -> Draft:
    plain = Draft(
        message_id=message_id,
        asked_from=ANN,
        question="养狗要办什么证？",
        language=Lang.ZH_HANS,
        reason=Reason.UNSURE,
        opened=NOON,
    )
    return replace(plain, **fields)  # type: ignore[arg-type]  # any field


async def opened(store: Store, message_id: str) -> Ticket:
    async with store.begin() as work:
        return await work.tickets.open(draft(message_id))


async def seen(store: Store) -> list[str]:
    async with asyncio.timeout(2), store.read() as work:
        return [ticket.message_id for ticket in await work.tickets.find(Sought())]


async def test_what_was_committed_is_read_at_once(store: Store) -> None:
    for number in range(5):
        await opened(store, f"m{number}")
        assert await seen(store) == [f"m{n}" for n in range(number + 1)]


async def test_reading_does_not_wait_for_a_writer_and_sees_the_state_before(store: Store) -> None:
    await opened(store, "m1")
    written, go_on = asyncio.Event(), asyncio.Event()

    async def write() -> None:
        async with store.begin() as work:
            await work.tickets.open(draft("m2"))
            written.set()
            await go_on.wait()

    writing = asyncio.create_task(write())
    await written.wait()
    assert await asyncio.gather(*(seen(store) for _ in range(10))) == [["m1"]] * 10
    go_on.set()
    await writing
    assert await seen(store) == ["m1", "m2"]


async def test_a_writer_does_not_wait_for_a_reader_who_sees_one_state(store: Store) -> None:
    await opened(store, "m1")
    async with store.read() as work:
        [ticket] = await work.tickets.find(Sought())
        async with asyncio.timeout(2):
            await asyncio.create_task(opened(store, "m2"))
        assert await work.tickets.find(Sought()) == [ticket]
        assert await work.audit.newest() == 0


async def open_and_fail(store: Store) -> None:
    async with store.begin() as work:
        await work.tickets.open(draft("m1"))
        raise Failed


async def test_what_was_rolled_back_is_never_read(store: Store) -> None:
    with pytest.raises(Failed):
        await open_and_fail(store)
    assert await seen(store) == []


WRITING: Mapping[str, Callable[[Work], Awaitable[object]]] = {
    "message": lambda work: work.inbox.accept(
        Message(id="m2", address=ANN, sender="ann", text="?", at=NOON)
    ),
    "ticket": lambda work: work.tickets.open(draft("m2")),
    "audit": lambda work: work.audit.note(Event(at=NOON, who="ann", what="looked")),
    "delivery": lambda work: work.outbox.enqueue(Delivery(to=ANN, body=(Span("?"),)), at=NOON),
    "erasure": lambda work: work.people.erase(ANN, "ann"),
}


async def write_while_reading(store: Store, what: str) -> None:
    async with store.read() as work:
        await WRITING[what](work)


@pytest.mark.parametrize("what", WRITING)
async def test_writing_where_one_only_reads_is_an_error_and_writes_nothing(
    store: Store, what: str
) -> None:
    async with store.begin() as work:
        await work.conversations.save(Conversation(address=ANN, language=Lang.KO))
    with pytest.raises(StoreError):
        await write_while_reading(store, what)
    async with store.read() as work:
        assert await work.inbox.unfinished() == []
        assert await work.tickets.find(Sought()) == []
        assert await work.audit.newest() == 0
        assert await work.outbox.due(at=NOON) == []
        assert (await work.conversations.get(ANN)).language is Lang.KO
    assert (await opened(store, "m3")).message_id == "m3"


async def test_an_error_of_the_reader_is_its_own(store: Store) -> None:
    with pytest.raises(Failed):
        async with store.read():
            raise Failed
    assert await seen(store) == []


async def test_any_text_comes_back_as_it_was_wherever_it_is_written(store: Store) -> None:
    odd = Address("web", ODD)
    async with store.begin() as work:
        ticket = await work.tickets.open(draft(ODD, asked_from=odd, question=ODD))
        ticket = await work.tickets.save(
            replace(ticket, holder=Agent(ODD, ODD), reply=ODD, thread=ODD, department=ODD)
        )
        await work.audit.note(
            Event(ticket_id=ticket.id, at=NOON, who=ODD, what=ODD, why=ODD, text=ODD)
        )
        await work.conversations.save(Conversation(address=odd, expects=ODD))
        queued = await work.outbox.enqueue(Delivery(to=odd, body=(Span(ODD),), key=ODD), at=NOON)
        await work.outbox.put_off(queued, until=NOON, error=ODD)
        reply = await work.entries(Canned).add(
            Canned(name=ODD, language=Lang.JA, department=ODD, text=ODD)
        )
        wish = Wish(
            address=odd,
            follows=Follows.DOCUMENT,
            target=ODD,
            title=ODD,
            release="A",
            language=Lang.JA,
            since=NOON,
        )
        followed = await work.subscriptions.add(wish)
    async with store.read() as work:
        assert await work.tickets.of(odd) == [ticket]
        assert await work.tickets.find(Sought(department=ODD)) == [ticket]
        [event] = await work.audit.of(ticket.id)
        assert {event.who, event.what, event.why, event.text} == {ODD}
        assert verify(await work.audit.lines()).problems == ()
        assert (await work.conversations.get(odd)).expects == ODD
        assert await work.outbox.known(odd, ODD)
        assert await work.entries(Canned).find(name=ODD, department=ODD) == [reply]
        assert await work.subscriptions.of(odd) == [followed]


async def test_a_very_long_text_is_kept_whole(store: Store) -> None:
    message = Message(id="m1", address=ANN, sender="ann", text=LONG, at=NOON)
    async with store.begin() as work:
        await work.inbox.accept(message)
        ticket = await work.tickets.open(draft("m1", question=LONG))
    async with store.read() as work:
        assert [one.message for one in await work.inbox.unfinished()] == [message]
        assert await work.tickets.get(ticket.id) == ticket


async def test_a_time_of_another_zone_is_the_same_time(store: Store) -> None:
    beijing = datetime(2026, 3, 2, 20, 0, 0, 1, tzinfo=timezone(timedelta(hours=8)))
    async with store.begin() as work:
        ticket = await work.tickets.open(draft("m1", opened=beijing))
        await work.tickets.save(replace(ticket, lease=beijing))
    async with store.read() as work:
        found = await work.tickets.get(ticket.id)
        assert found.lease == found.opened == beijing
        day = timedelta(microseconds=1)
        assert await work.tickets.find(Sought(opened=(beijing, beijing + day))) == [found]
        assert await work.tickets.find(Sought(opened=(beijing + day, beijing + 2 * day))) == []
