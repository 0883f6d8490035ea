"""What several workers need of a store, so that none sends or handles what another one does."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import select

from bot.store.base import Queued, Store
from bot.store.sql import SqlStore
from bot.store.tables import delivery
from bot.types import Address, Delivery, Message, Outcome, Result, Span
from knowledge.types import Lang

NOON: Final = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LEASE: Final = timedelta(seconds=60)
UNTIL: Final = NOON + LEASE
ANN: Final = Address("telegram", "1001")
BEN: Final = Address("telegram", "1002")
EVE: Final = Address("web", "1001")
GREETED: Final = Outcome(result=Result.SMALL_TALK, language=Lang.EN)


def saying(text: str, *, to: Address = ANN, key: str | None = None) -> Delivery:
    return Delivery(to=to, body=(Span(text),), key=key)


async def enqueue(store: Store, *deliveries: Delivery) -> list[int]:
    async with store.begin() as work:
        return [await work.outbox.enqueue(delivery, at=NOON) for delivery in deliveries]


async def take(
    store: Store, *, at: datetime = NOON, until: datetime | None = UNTIL
) -> Sequence[Queued]:
    async with store.begin() as work:
        return await work.outbox.take(await work.outbox.due(at=at), at=at, until=until)


def texts(taken: Sequence[Queued]) -> list[str]:
    return [one.delivery.plain for one in taken]


async def test_what_one_has_taken_is_not_due_to_another_until_the_lease_is_over(
    store: Store,
) -> None:
    await enqueue(store, saying("1"), saying("2"), saying("ben", to=BEN))
    assert texts(await take(store)) == ["1", "ben"]
    assert await take(store) == []
    assert await take(store, at=UNTIL - timedelta(microseconds=1)) == []
    assert texts(await take(store, at=UNTIL)) == ["1", "ben"]


async def test_what_was_due_a_moment_ago_is_taken_once(store: Store) -> None:
    await enqueue(store, saying("1"), saying("ben", to=BEN))
    async with store.begin() as work:
        due = await work.outbox.due(at=NOON)
    async with store.begin() as work:
        [first] = await work.outbox.take(due[:1], at=NOON, until=UNTIL)
    async with store.begin() as work:
        await work.outbox.drop(due[1].id, at=NOON, error="refused")
        assert await work.outbox.take(due, at=NOON, until=UNTIL) == []
    assert first.delivery.plain == "1"


async def test_who_is_alone_leaves_no_lease_behind(store: Store) -> None:
    await enqueue(store, saying("1"))
    assert texts(await take(store, until=None)) == ["1"]
    assert texts(await take(store)) == ["1"]


async def test_the_next_is_due_when_what_was_taken_has_ended(store: Store) -> None:
    first, second, _ = await enqueue(store, saying("1"), saying("2"), saying("3"))
    await take(store)
    async with store.begin() as work:
        await work.outbox.sent(first, platform_id="p1", at=NOON)
    assert texts(await take(store)) == ["2"]
    async with store.begin() as work:
        await work.outbox.drop(second, at=NOON, error="refused")
    assert texts(await take(store)) == ["3"]


async def test_what_is_put_off_is_not_leased_any_more(store: Store) -> None:
    [first] = await enqueue(store, saying("1"))
    await take(store)
    soon = NOON + timedelta(seconds=1)
    async with store.begin() as work:
        await work.outbox.put_off(first, until=soon, error="timed out")
    assert texts(await take(store, at=soon)) == ["1"]


async def test_a_lease_is_kept_while_it_is_needed_and_not_given_anew(store: Store) -> None:
    first, second = await enqueue(store, saying("1"), saying("ben", to=BEN))
    await take(store)
    async with store.begin() as work:
        await work.outbox.put_off(second, until=NOON, error="timed out")
        await work.outbox.keep([first, second, 99], until=UNTIL + LEASE)
    assert texts(await take(store, at=UNTIL, until=None)) == ["ben"]
    async with store.begin() as work:
        await work.outbox.sent(first, platform_id="p1", at=UNTIL)
        await work.outbox.keep([first], until=UNTIL + LEASE)
        [told] = await work.outbox.delivered(ANN)
    assert told.platform_id == "p1"


async def test_what_is_given_back_is_due_at_once(store: Store) -> None:
    [first] = await enqueue(store, saying("1"))
    await take(store)
    async with store.begin() as work:
        await work.outbox.give_back(first, until=UNTIL)
    assert texts(await take(store)) == ["1"]


async def test_what_another_worker_has_by_now_is_not_given_back(store: Store) -> None:
    [first] = await enqueue(store, saying("1"))
    await take(store)
    await take(store, at=UNTIL, until=UNTIL + LEASE)
    async with store.begin() as work:
        await work.outbox.give_back(first, until=UNTIL)
    assert await take(store, at=UNTIL) == []


async def test_what_has_ended_keeps_the_lease_that_it_had(postgres_url: str) -> None:
    leases = select(delivery.c.leased_until).order_by(delivery.c.id)
    async with SqlStore.open(postgres_url) as store:
        first, second = await enqueue(store, saying("1"), saying("ben", to=BEN))
        await take(store)
        async with store.begin() as work:
            await work.outbox.sent(first, platform_id="p1", at=NOON)
            await work.outbox.keep([first, second], until=UNTIL + LEASE)
            assert list(await work.outbox.connection.scalars(leases)) == [UNTIL, UNTIL + LEASE]


async def test_a_pause_that_the_platform_asked_for_is_no_failed_attempt(store: Store) -> None:
    [first] = await enqueue(store, saying("1"))
    async with store.begin() as work:
        await work.outbox.put_off(first, until=NOON, error="retry after 3 s", failed=False)
        [waiting] = await work.outbox.due(at=NOON)
        assert waiting.attempts == 0
        await work.outbox.put_off(first, until=NOON, error="timed out")
        [waiting] = await work.outbox.due(at=NOON)
        assert waiting.attempts == 1


async def test_nothing_overtakes_what_was_taken_in_the_place_of_an_earlier_one(
    store: Store,
) -> None:
    """`between` is the oldest that waits by then, but its conversation is being sent something."""
    await enqueue(store, saying("1", key="card"), saying("between"), saying("2", key="card"))
    [taken] = await take(store)
    assert taken.delivery.plain == "2"
    assert await take(store) == []
    async with store.begin() as work:
        await work.outbox.sent(taken.id, platform_id="p2", at=NOON)
    assert texts(await take(store)) == ["between"]


async def test_a_conversation_that_moves_while_it_is_sent_something_stays_busy(
    store: Store,
) -> None:
    await enqueue(store, saying("1"), saying("2"))
    await take(store)
    async with store.begin() as work:
        await work.outbox.move(ANN, BEN)
    assert await take(store) == []
    assert texts(await take(store, at=UNTIL)) == ["1"]


async def test_only_the_channels_that_are_named_are_due(store: Store) -> None:
    await enqueue(store, saying("1"), saying("web", to=EVE))

    async def due(*channels: str) -> list[str]:
        async with store.begin() as work:
            return texts(await work.outbox.due(at=NOON, channels=channels))

    assert await due("web") == ["web"]
    assert await due("telegram", "web") == ["1", "web"]
    assert await due("letter") == []
    assert await due() == []


async def test_of_many_workers_each_takes_others(postgres_url: str) -> None:
    """At the same moment, and none waits for another."""
    people = [Address("web", str(number)) for number in range(100)]
    async with SqlStore.open(postgres_url) as store:
        await enqueue(store, *(saying(text, to=to) for text in ("1", "2") for to in people))
        taken = await asyncio.gather(*(take(store) for _ in range(8)))
        found = [one.delivery.to for each in taken for one in each]
        while more := await take(store):
            found += [one.delivery.to for one in more]
        assert sorted(found, key=str) == sorted(people, key=str)


async def test_one_that_looks_does_not_wait_for_one_that_takes(postgres_url: str) -> None:
    async with SqlStore.open(postgres_url) as store:
        await enqueue(store, saying("1"), saying("ben", to=BEN))
        async with asyncio.timeout(4), store.begin() as work:
            [due, *_] = await work.outbox.due(at=NOON)
            await work.outbox.take([due], at=NOON, until=UNTIL)
            assert texts(await take(store)) == ["ben"]


# Messages


def asked(message_id: str, address: Address) -> Message:
    return Message(id=message_id, address=address, sender="ann", text="你好", at=NOON)


async def test_what_is_unfinished_in_one_conversation(store: Store) -> None:
    broken = Address("web", "\0 half \ud83d")
    async with store.begin() as work:
        accepted = [
            await work.inbox.accept(asked(f"m{number}", address))
            for number, address in enumerate([ANN, EVE, ANN, BEN, ANN, broken])
        ]
        first, second, third, _, fifth, odd = [one for one in accepted if one is not None]
        await work.inbox.finish(third.id, GREETED, at=NOON)
    async with store.read() as work:
        assert await work.inbox.unfinished(ANN) == [first, fifth]
        assert await work.inbox.unfinished(EVE) == [second]
        assert await work.inbox.unfinished(broken) == [odd]
        assert await work.inbox.unfinished(Address("web", "nobody")) == []


async def test_a_second_outcome_is_told_to_be_one(store: Store) -> None:
    async with store.begin() as work:
        accepted = await work.inbox.accept(asked("m1", ANN))
        assert accepted is not None
        assert await work.inbox.finish(accepted.id, GREETED, at=NOON)
        assert not await work.inbox.finish(accepted.id, GREETED, at=NOON)
        assert not await work.inbox.finish(99, GREETED, at=NOON)


async def test_of_two_that_end_a_message_at_once_one_is_first(postgres_url: str) -> None:
    async with SqlStore.open(postgres_url) as store:
        async with store.begin() as work:
            accepted = await work.inbox.accept(asked("m1", ANN))
            assert accepted is not None

        async def end() -> bool:
            async with store.begin() as work:
                first = await work.inbox.finish(accepted.id, GREETED, at=NOON)
                await asyncio.sleep(0.05)
                return first

        assert sorted(await asyncio.gather(end(), end(), end())) == [False, False, True]
