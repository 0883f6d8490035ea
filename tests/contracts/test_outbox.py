"""What the staff room needs of the outbox: every store must behave alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.store.base import Queued, Store
from bot.types import Address, Delivery, Span

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=5)
ROOM = Address("telegram", "-7")
MOVED = Address("telegram", "-1007")


def saying(text: str, key: str | None = None, **more: Any) -> Delivery:
    return Delivery(**{"to": ROOM, "body": (Span(text),), "key": key, **more})


async def enqueue(store: Store, *deliveries: Delivery) -> list[int]:
    async with store.begin() as work:
        return [await work.outbox.enqueue(delivery, at=NOON) for delivery in deliveries]


async def next_one(store: Store, at: datetime = NOON) -> Queued:
    async with store.begin() as work:
        [head] = await work.outbox.due(at=at)
        [queued] = await work.outbox.take([head], at=at, until=None)
        return queued


async def send(store: Store, queued: Queued, platform_id: str) -> None:
    async with store.begin() as work:
        await work.outbox.sent(queued.id, platform_id=platform_id, at=NOON)


async def waiting(store: Store) -> int:
    async with store.read() as work:
        return await work.outbox.waiting(ROOM)


async def test_the_last_of_what_waits_with_one_key_leaves_in_the_place_of_the_first(
    store: Store,
) -> None:
    await enqueue(
        store, saying("1", "card"), saying("between"), saying("2", "card"), saying("3", "card")
    )
    said: list[tuple[str, str | None]] = []
    for number in range(2):
        queued = await next_one(store)
        said.append((queued.delivery.plain, queued.edit))
        await send(store, queued, f"p{number}")
    assert said == [("3", None), ("between", None)]
    await enqueue(store, saying("4", "card"))
    assert (await next_one(store)).edit == "p0"


async def test_another_key_or_none_takes_no_place(store: Store) -> None:
    await enqueue(store, saying("1"), saying("2"), saying("3", "other"))
    assert (await next_one(store)).delivery.plain == "1"


async def test_a_message_of_its_own_stays_one_when_a_later_one_takes_its_place(
    store: Store,
) -> None:
    await enqueue(store, saying("1", "card", anew=True), saying("2", "card"))
    queued = await next_one(store)
    assert (queued.delivery.plain, queued.delivery.anew) == ("2", True)


async def test_what_failed_keeps_its_place_and_all_that_it_took_on(store: Store) -> None:
    first, *_ = await enqueue(
        store, saying("1", "card", anew=True), saying("between"), saying("2", "card")
    )
    queued = await next_one(store)
    async with store.begin() as work:
        await work.outbox.put_off(queued.id, until=LATER, error="retry after 300 s")
    queued = await next_one(store, LATER)
    assert (queued.id, queued.attempts) == (first, 1)
    assert (queued.delivery.plain, queued.delivery.anew) == ("2", True)
    async with store.read() as work:
        held = await work.people.held(ROOM, "1")
    assert sorted(one.delivery.plain for one in held.deliveries) == ["1", "2", "between"]


async def test_words_with_a_key_leave_under_the_first_id_that_waits(store: Store) -> None:
    """So nothing that is looked up by its id later, such as a push, may have a key."""
    keyed, _, plain = await enqueue(store, saying("1", "card"), saying("2", "card"), saying("3"))
    left: dict[int, str] = {}
    while await waiting(store):
        queued = await next_one(store)
        left[queued.id] = queued.delivery.plain
        await send(store, queued, f"p{queued.id}")
    assert left == {keyed: "2", plain: "3"}


async def test_what_failed_goes_on_as_the_newest(store: Store) -> None:
    await enqueue(store, saying("1", "card"), saying("2", "card"))
    queued = await next_one(store)
    async with store.begin() as work:
        await work.outbox.put_off(queued.id, until=LATER, error="retry after 300 s")
    await enqueue(store, saying("3", "card"))
    async with store.begin() as work:
        assert await work.outbox.due(at=NOON) == []
    assert (await next_one(store, LATER)).delivery.plain == "3"


async def test_what_a_message_shows_is_its_last_edit(store: Store) -> None:
    await enqueue(store, saying("1", "card", expects="reply:7", expects_from="4711"))
    await send(store, await next_one(store), "p1")
    async with store.begin() as work:
        shown = await work.outbox.shows(ROOM, "p1")
    assert shown == saying("1", "card", expects="reply:7", expects_from="4711")
    await enqueue(store, saying("2", "card"))
    await send(store, await next_one(store), "p1")
    async with store.begin() as work:
        assert await work.outbox.shows(ROOM, "p1") == saying("2", "card")
        assert await work.outbox.shows(ROOM, "p9") is None
        assert await work.outbox.shows(MOVED, "p1") is None


async def test_what_waits_and_what_is_known(store: Store) -> None:
    first, dropped = await enqueue(store, saying("1", "card"), saying("2", "gone"))
    async with store.begin() as work:
        assert await work.outbox.waiting(ROOM) == 2
        assert await work.outbox.known(ROOM, "card")
        await work.outbox.sent(first, platform_id="p1", at=NOON)
        await work.outbox.drop(dropped, at=NOON, error="refused")
        assert await work.outbox.waiting(ROOM) == 0
        assert await work.outbox.known(ROOM, "card")
        assert not await work.outbox.known(ROOM, "gone")
        assert not await work.outbox.known(MOVED, "card")


async def test_what_waits_moves_with_the_conversation(store: Store) -> None:
    first, second = await enqueue(store, saying("1", "card"), saying("2", reply_to="p0"))
    async with store.begin() as work:
        await work.outbox.sent(first, platform_id="p1", at=NOON)
        await work.outbox.move(ROOM, MOVED)
        assert await work.outbox.due(at=NOON) == [
            Queued(id=second, delivery=saying("2", to=MOVED))
        ]
        assert await work.outbox.shows(ROOM, "p1") == saying("1", "card")
