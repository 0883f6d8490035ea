"""What only PostgreSQL shows: transactions that run at the same time, and a server that answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from bot.desk.audit import verify
from bot.desk.moves import claim
from bot.desk.publishing.records import Use
from bot.desk.tickets import Agent, Draft, Event, Ticket
from bot.errors import HeldByAnother, StoreBusy, StoreError
from bot.store import dialect
from bot.store.base import Sought, Store, Work
from bot.store.sql import SqlStore
from bot.types import Address, Delivery, Message, Reason, Span
from knowledge.types import Lang
from tests.postgres import PostgresServer

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ANN, BEN = Address("web", "ann"), Address("web", "ben")
WANG, LI = Agent("telegram:1", "王芳"), Agent("telegram:2", "李雷")
SECRET = "身份证号码"


@pytest_asyncio.fixture
async def stores(postgres_url: str) -> AsyncIterator[tuple[Store, Store]]:
    """Those of two workers, on one database."""
    async with SqlStore.open(postgres_url) as one, SqlStore.open(postgres_url) as two:
        yield one, two


async def opened(store: Store, message_id: str = "m1") -> Ticket:
    async with store.begin() as work:
        return await work.tickets.open(draft(message_id))


def draft(message_id: str) -> Draft:
    return Draft(
        message_id=message_id,
        asked_from=ANN,
        question=SECRET,
        language=Lang.ZH_HANS,
        reason=Reason.UNSURE,
        opened=NOON,
    )


def saying(text: str, to: Address = ANN) -> Delivery:
    return Delivery(to=to, body=(Span(text),))


async def both(
    stores: tuple[Store, Store], first: Callable[[Work, Awaitable[None]], Awaitable[object]]
) -> list[object]:
    """Run a transaction in each; what it awaits comes when both have got that far."""
    meeting = asyncio.Barrier(2)

    async def meet() -> None:
        await meeting.wait()

    async def run(store: Store) -> object:
        async with store.begin() as work:
            return await first(work, meet())

    async with asyncio.timeout(20):
        return await asyncio.gather(*(run(store) for store in stores), return_exceptions=True)


async def test_of_two_who_claim_a_ticket_at_once_one_gets_it_and_the_other_is_told_who(
    stores: tuple[Store, Store],
) -> None:
    """Who asks for a ticket while another changes it waits, and finds it changed."""
    ticket = await opened(stores[0])

    async def take(store: Store, agent: Agent) -> Agent:
        async with store.begin() as work:
            known = await work.tickets.get(ticket.id)
            await asyncio.sleep(0.05)  # both have begun by now
            await work.tickets.save(claim(known, by=agent, at=NOON))
        return agent

    ended = await asyncio.gather(
        *(take(store, agent) for store, agent in zip(stores, (WANG, LI), strict=True)),
        return_exceptions=True,
    )
    [winner] = [one for one in ended if isinstance(one, Agent)]
    [told] = [one for one in ended if isinstance(one, HeldByAnother)]
    assert winner.name in str(told)
    async with stores[0].read() as work:
        assert (await work.tickets.get(ticket.id)).holder == winner


async def test_a_ticket_that_is_kept_keeps_nobody_from_reading_or_writing_about_it(
    stores: tuple[Store, Store],
) -> None:
    ticket = await opened(stores[0])
    async with stores[0].begin() as work:
        await work.tickets.get(ticket.id)
        async with asyncio.timeout(2), stores[1].begin() as other:
            assert await other.tickets.find(Sought()) == [ticket]
            await other.outbox.enqueue(replace(saying("您好"), ticket_id=ticket.id), at=NOON)


async def test_what_is_said_in_one_conversation_by_two_workers_has_the_order_of_its_numbers(
    stores: tuple[Store, Store],
) -> None:
    """Who has read up to a number has seen all before it."""
    seen: list[int] = []

    async def say(store: Store) -> None:
        for _ in range(25):
            async with store.begin() as work:
                number = await work.outbox.enqueue(saying("您好"), at=NOON)
                await work.outbox.sent(number, platform_id=str(number), at=NOON)

    async def look() -> None:
        while len(seen) < 50:
            async with stores[0].read() as work:
                found = await work.outbox.delivered(ANN, after=seen[-1] if seen else 0)
            seen.extend(queued.id for queued in found)

    async with asyncio.timeout(20):
        await asyncio.gather(look(), *(say(store) for store in stores))
    assert sorted(seen) == seen


async def test_the_audit_log_is_one_chain_when_two_workers_write_it(
    stores: tuple[Store, Store],
) -> None:
    ticket = await opened(stores[0])

    async def note(store: Store, who: str) -> None:
        for number in range(20):
            async with store.begin() as work:
                for what in ("looked", "left"):
                    event = Event(
                        ticket_id=ticket.id, at=NOON, who=who, what=what, text=str(number)
                    )
                    await work.audit.note(event)

    await asyncio.gather(*(note(store, who) for store in stores for who in ("wang", "li")))
    async with stores[1].read() as work:
        lines = await work.audit.lines()
    assert [line.id for line in lines] == list(range(1, 161))
    assert verify(lines).problems == ()
    pairs = [line.event for line in lines]  # what one transaction notes stays together
    assert all(
        (one.who, one.text) == (two.who, two.text)
        for one, two in zip(pairs[::2], pairs[1::2], strict=True)
    )


async def test_a_line_of_the_log_keeps_no_other_writer_waiting_until_its_commit(
    stores: tuple[Store, Store],
) -> None:
    """It is sealed at the end: so it takes no part in a deadlock, either."""
    async with stores[0].begin() as work:
        await work.audit.note(Event(at=NOON, who="wang", what="signed in"))
        async with asyncio.timeout(2), stores[1].begin() as other:
            await other.audit.note(Event(at=NOON, who="li", what="signed in"))
    async with stores[0].read() as work:
        assert [line.event.who for line in await work.audit.lines()] == ["li", "wang"]


async def test_of_the_same_message_at_two_workers_one_is_accepted(
    stores: tuple[Store, Store],
) -> None:
    async def accept(work: Work, met: Awaitable[None]) -> object:
        await met
        return await work.inbox.accept(
            Message(id="m1", address=ANN, sender="ann", text=SECRET, at=NOON)
        )

    ended = await both(stores, accept)
    assert sum(one is None for one in ended) == 1
    assert not any(isinstance(one, Exception) for one in ended)


async def test_of_the_same_entry_at_two_workers_there_is_one(stores: tuple[Store, Store]) -> None:
    async def add(work: Work, met: Awaitable[None]) -> int:
        await met
        used = await work.entries(Use).add(Use(publication=1, message=7, at=NOON))
        return used.id

    ended = await both(stores, add)
    assert len(set(ended)) == 1, ended


async def test_of_two_in_a_deadlock_one_goes_on_and_the_other_may_try_again(
    stores: tuple[Store, Store],
) -> None:
    tickets = [await opened(stores[0], name) for name in ("m1", "m2")]
    orders = iter((tickets, tickets[::-1]))

    async def change(work: Work, met: Awaitable[None]) -> str:
        first, then = next(orders)
        await work.tickets.save(replace(first, department="tax"))
        await met
        await work.tickets.save(replace(then, department="tax"))
        return "done"

    ended = await both(stores, change)
    assert sorted(type(one).__name__ for one in ended) == ["StoreBusy", "str"]
    async with stores[0].read() as work:
        assert len(await work.tickets.find(Sought(department="tax"))) == 2


async def test_who_waits_for_a_lock_gives_up(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialect, "LOCK_S", 0.2)
    async with SqlStore.open(postgres_url) as store:
        ticket = await opened(store)

        async def wait() -> None:
            async with store.begin() as other:
                await other.tickets.save(replace(ticket, department="housing"))

        async with store.begin() as work:
            await work.tickets.save(replace(ticket, department="tax"))
            with pytest.raises(StoreBusy, match="lock timeout"):
                await asyncio.create_task(wait())
        async with store.read() as work:
            assert (await work.tickets.get(ticket.id)).department == "tax"


async def test_an_error_tells_neither_password_nor_what_was_written(
    postgres: PostgresServer, postgres_database: str
) -> None:
    url = postgres.url(postgres_database).replace("postgres@", "postgres:geheim@")
    async with SqlStore.open(url) as store:
        await opened(store)
        postgres.sql(
            postgres_database, f"ALTER TABLE ticket ADD CHECK (question <> '{SECRET}') NOT VALID"
        )
        with pytest.raises(StoreError) as refused:
            await opened(store, "m2")
        postgres.sql(postgres_database, "DROP TABLE ticket CASCADE")
        with pytest.raises(StoreError) as missing:
            await opened(store, "m3")
    assert str(missing.value).endswith('relation "ticket" does not exist')
    for failed in (refused.value, missing.value):
        told = [str(failed), str(failed.__cause__)]
        assert not [one for one in told if "geheim" in one or SECRET in one]


async def test_who_gets_no_connection_in_time_may_try_again(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many wait for each other's: no reason to hand a question to staff at once."""
    monkeypatch.setattr(dialect, "CONNECTIONS", 1)
    monkeypatch.setattr(dialect, "WAIT_S", 0.05)
    async with SqlStore.open(postgres_url) as store, store.begin():
        with pytest.raises(StoreBusy):
            async with store.begin():
                pass
