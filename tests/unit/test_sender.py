"""Deliveries leave in order within a conversation, side by side across them, and each once."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import bot.sender
from bot.channels.base import Receive
from bot.errors import Gone, Lost, Refused, StoreError, Throttled
from bot.sender import LEASE_S, MOST_ATTEMPTS, MOST_UNDER_WAY, Sender
from bot.store.base import Store, Work
from bot.store.memory import MemoryStore, MemoryWork
from bot.store.sql import SqlStore
from bot.types import Address, Delivery, Span

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
ANN, BEN = Address("letter", "ann"), Address("letter", "ben")


class Clock:
    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - nothing tells of these conditions
            await asyncio.sleep(0)


class Letters:
    """A platform that keeps what it is handed; to a conversation with a gate it is slow."""

    name = "letter"

    def __init__(self) -> None:
        self.sent: defaultdict[Address, list[str]] = defaultdict(list)
        self.gates: dict[Address, asyncio.Event] = {}
        self.throttled: set[Address] = set()
        self.retry_after_s = 60.0
        self.begun = 0
        self._changed = asyncio.Event()
        self._under_way: set[Address] = set()

    async def send(self, delivery: Delivery, /, *, edit: str | None) -> str:
        del edit
        to = delivery.to
        assert to not in self._under_way, "two at a time"
        self.begun += 1
        if to in self.throttled:
            raise Throttled(self.retry_after_s)
        self._under_way.add(to)
        gate = self.gates.get(to)
        await (gate.wait() if gate else asyncio.sleep(0))
        self._under_way.remove(to)
        self.sent[to].append(delivery.body[0].text)
        self._changed.set()
        return f"{to.chat}-{len(self.sent[to])}"

    async def run(self, receive: Receive, /) -> None:
        raise AssertionError(receive)

    async def has(self, to: Address, *texts: str) -> None:
        """Wait until that conversation was sent these and no others."""
        async with asyncio.timeout(5):
            while self.sent[to] != list(texts):
                self._changed.clear()
                _ = await self._changed.wait()


async def enqueue(store: Store, to: Address, *texts: str) -> None:
    async with store.begin() as work:
        for text in texts:
            await work.outbox.enqueue(Delivery(to=to, body=(Span(text),)), at=NOON)


@asynccontextmanager
async def sending(store: Store, letters: Letters, **more: Any) -> AsyncIterator[Sender]:
    """Send while the block runs; then finish what is due."""
    sender = Sender(store, {"letter": letters}, **{"clock": lambda: NOON, **more})
    task = asyncio.create_task(sender.run())
    try:
        yield sender
        sender.finish()
        await asyncio.wait_for(task, 5)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_each_of_many_leaves_once_and_in_order(tmp_path: Path) -> None:
    """In SQL, where a look at what is due and the note that it was sent may share a commit."""
    people = [Address("letter", str(number)) for number in range(20)]
    texts = [str(number) for number in range(10)]
    letters = Letters()
    async with SqlStore.open(f"sqlite+aiosqlite:///{tmp_path / 'store.sqlite'}") as store:
        async with sending(store, letters) as sender:
            for person in people:
                await enqueue(store, person, *texts)
                sender.wake()
        async with store.begin() as work:
            assert await work.outbox.due(at=NOON) == []
    assert letters.sent == dict.fromkeys(people, texts)


async def test_a_slow_conversation_does_not_hold_up_another() -> None:
    store, letters = MemoryStore(), Letters()
    letters.gates[ANN] = asyncio.Event()
    await enqueue(store, ANN, "一", "二")
    async with sending(store, letters) as sender:
        await enqueue(store, BEN, "一")
        sender.wake()
        await letters.has(BEN, "一")
        await enqueue(store, BEN, "二")
        sender.wake()
        await letters.has(BEN, "一", "二")
        assert letters.sent[ANN] == []
        letters.gates[ANN].set()
    assert letters.sent[ANN] == ["一", "二"]


async def test_what_is_throttled_waits_alone_and_has_not_failed() -> None:
    store, letters = MemoryStore(), Letters()
    letters.throttled = {ANN}
    await enqueue(store, ANN, "一")
    await enqueue(store, BEN, "一")
    async with sending(store, letters):
        await letters.has(BEN, "一")
    async with store.begin() as work:
        [waiting] = await work.outbox.due(at=NOON.replace(hour=5))
    assert (waiting.delivery.to, waiting.attempts) == (ANN, 0)


async def test_to_finish_waits_for_what_is_under_way() -> None:
    store, letters = MemoryStore(), Letters()
    letters.gates[ANN] = asyncio.Event()
    await enqueue(store, ANN, "一")
    async with sending(store, letters):
        await asyncio.sleep(0.01)
        asyncio.get_running_loop().call_later(0.05, letters.gates[ANN].set)
    assert letters.sent[ANN] == ["一"]


class Away(MemoryStore):
    """Its next commits fail."""

    def __init__(self) -> None:
        super().__init__()
        self.failures = 0

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[MemoryWork]:
        async with super().begin() as work:
            yield work
            if self.failures:
                self.failures -= 1
                raise StoreError("the disk is full")


async def test_what_could_not_be_noted_as_sent_is_not_sent_again() -> None:
    store, letters = Away(), Letters()
    letters.gates[ANN] = asyncio.Event()
    await enqueue(store, ANN, "一", "二")
    async with sending(store, letters):
        await asyncio.sleep(0.01)
        store.failures = 1
        letters.gates[ANN].set()
    assert letters.sent[ANN] == ["一", "二"]
    async with store.begin() as work:
        assert await work.outbox.due(at=NOON) == []


@pytest.mark.parametrize("channel", ["letter", "switched off"])
async def test_many_that_must_wait_do_not_hold_up_the_rest(channel: str) -> None:
    store, letters = MemoryStore(), Letters()
    for number in range(3 * MOST_UNDER_WAY):
        await enqueue(store, Address(channel, f"{number}"), "一")
    await enqueue(store, ANN, "一")
    sender = Sender(
        store, {"letter": letters}, clock=lambda: NOON, is_ready=lambda address: address == ANN
    )
    task = asyncio.create_task(sender.run())
    await letters.has(ANN, "一")
    sender.finish()
    await asyncio.wait_for(task, 5)
    assert list(letters.sent) == [ANN]


async def test_only_so_many_conversations_are_under_way_and_all_get_their_turn() -> None:
    store, letters = MemoryStore(), Letters()
    people = [Address("letter", str(number)) for number in range(MOST_UNDER_WAY + 10)]
    gate = asyncio.Event()
    letters.gates = {person: gate for person in people}  # noqa: C420 - one gate for all
    for person in people:
        await enqueue(store, person, "一", "二")
    async with sending(store, letters) as sender:
        for _ in range(100):
            sender.wake()
            await asyncio.sleep(0)
        assert letters.begun == MOST_UNDER_WAY
        gate.set()
    assert letters.sent == {person: ["一", "二"] for person in people}


async def test_what_is_being_sent_while_its_conversation_moves_leaves_once() -> None:
    store, letters = MemoryStore(), Letters()
    letters.gates[ANN] = asyncio.Event()
    await enqueue(store, ANN, "一", "二")
    async with sending(store, letters) as sender:
        await asyncio.sleep(0.01)
        async with store.begin() as work:
            await work.outbox.move(ANN, BEN)
        sender.wake()
        await asyncio.sleep(0.01)
        assert letters.sent[BEN] == []
        letters.gates[ANN].set()
    assert letters.sent == {ANN: ["一"], BEN: ["二"]}


async def test_a_delivery_that_is_throttled_forever_is_never_given_up() -> None:
    store, letters = MemoryStore(), Letters()
    letters.throttled = {ANN}
    letters.retry_after_s = 0
    await enqueue(store, ANN, "一")
    async with sending(store, letters):
        async with asyncio.timeout(30):
            while letters.begun <= 2 * MOST_ATTEMPTS:  # noqa: ASYNC110 - a count, no event
                await asyncio.sleep(0)
        letters.throttled = set()
        await letters.has(ANN, "一")


async def test_a_conversation_that_takes_nothing_now_waits_alone() -> None:
    store, letters = MemoryStore(), Letters()
    await enqueue(store, ANN, "一")
    await enqueue(store, BEN, "一")
    ready = {BEN}
    sender = Sender(
        store, {"letter": letters}, clock=lambda: NOON, is_ready=lambda address: address in ready
    )
    task = asyncio.create_task(sender.run())
    await letters.has(BEN, "一")
    assert letters.sent[ANN] == []
    ready.add(ANN)
    sender.wake()
    await letters.has(ANN, "一")
    sender.finish()
    await asyncio.wait_for(task, 5)


async def test_of_what_waits_with_one_key_only_the_last_one_leaves() -> None:
    store, letters = MemoryStore(), Letters()
    async with store.begin() as work:
        for text in ("一", "二", "三"):
            delivery = Delivery(to=ANN, body=(Span(text),), key="card")
            await work.outbox.enqueue(delivery, at=NOON)
    async with sending(store, letters):
        await letters.has(ANN, "三")
    assert letters.sent[ANN] == ["三"]


class Dropping(Letters):
    """A platform that fails as it is told to."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    async def send(self, delivery: Delivery, /, *, edit: str | None) -> str:
        if delivery.to == ANN:
            raise self.error
        return await super().send(delivery, edit=edit)


@pytest.mark.parametrize(
    "error",
    [Gone("blocked", lost=Lost.BLOCKED), Refused("too long"), ZeroDivisionError()],
    ids=["gone", "refused", "broken"],
)
async def test_who_must_know_of_a_dropped_delivery_hears_of_it_in_the_same_transaction(
    error: Exception,
) -> None:
    store, letters = MemoryStore(), Dropping(error)
    heard: list[tuple[str, Exception]] = []

    async def dropped(work: Work, delivery: Delivery, why: Exception) -> None:
        heard.append((delivery.plain, why))
        await work.outbox.enqueue(Delivery(to=BEN, body=(Span("收不到"),)), at=NOON)

    await enqueue(store, ANN, "一")
    async with sending(store, letters, dropped=dropped):
        await letters.has(BEN, "收不到")
    assert heard == [("一", error)]


async def test_where_nobody_can_be_told_of_it_nothing_is_dropped() -> None:
    store, letters = MemoryStore(), Dropping(Refused("too long"))

    async def dropped(_work: Work, _delivery: Delivery, _why: Exception) -> None:
        letters.begun += 1
        raise StoreError("the disk is full")

    await enqueue(store, ANN, "一")
    async with sending(store, letters, dropped=dropped):
        await until(lambda: letters.begun > 0)
        async with store.begin() as work:
            assert len(await work.outbox.due(at=NOON)) == 1
            await work.outbox.drop(1, at=NOON, error="the test is over")


# With other workers


class Leasing(MemoryStore):
    """Tells the time until which a conversation is not due to another worker."""

    async def leased(self, *, at: datetime) -> bool:
        async with self.begin() as work:
            return not await work.outbox.due(at=at)


async def test_what_is_being_sent_is_leased_and_who_is_alone_needs_none() -> None:
    for ours, leased in (({"letter"}, True), (None, False)):
        store, letters = Leasing(), Letters()
        letters.gates[ANN] = asyncio.Event()
        await enqueue(store, ANN, "一")
        async with sending(store, letters, ours=ours):
            await until(lambda: letters.begun == 1)  # noqa: B023 - called within this round
            assert await store.leased(at=NOON) is leased
            letters.gates[ANN].set()


async def test_a_lease_is_renewed_while_it_is_being_sent() -> None:
    store, letters, clock = Leasing(), Letters(), Clock()
    letters.gates[ANN] = asyncio.Event()
    await enqueue(store, ANN, "一")
    async with sending(store, letters, ours={"letter"}, clock=clock) as sender:
        await until(lambda: letters.begun == 1)
        for _ in range(5):
            clock.at += timedelta(seconds=0.6 * LEASE_S)
            sender.wake()
            await asyncio.sleep(0.01)
            assert await store.leased(at=clock.at + timedelta(seconds=0.9 * LEASE_S))
        letters.gates[ANN].set()
    assert letters.sent[ANN] == ["一"]


async def test_what_the_store_failed_at_waits_for_no_lease_of_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The clock stands still: only what is given back is due again."""
    monkeypatch.setattr(bot.sender, "LOOK_S", 0.01)
    store, letters = MemoryStore(), Dropping(Refused("too long"))
    heard: list[str] = []

    async def dropped(_work: Work, delivery: Delivery, _why: Exception) -> None:
        heard.append(delivery.plain)
        if len(heard) == 1:
            raise StoreError("the disk is full")

    await enqueue(store, ANN, "一")
    async with sending(store, letters, dropped=dropped, ours={"letter"}):
        await until(lambda: len(heard) == 2)
    async with store.begin() as work:
        assert await work.outbox.waiting(ANN) == 0


class Cut(MemoryStore):
    """The line is cut behind one commit: it counts, and nobody is told."""

    cut = False

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[MemoryWork]:
        async with super().begin() as work:
            yield work
        if self.cut:
            self.cut = False
            raise StoreError("the line was cut")


async def test_what_was_taken_without_our_knowing_waits_for_no_lease_of_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bot.sender, "LOOK_S", 0.01)
    store, letters = Cut(), Letters()
    await enqueue(store, ANN, "一")
    store.cut = True
    async with sending(store, letters, ours={"letter"}):
        await letters.has(ANN, "一")


async def test_a_lease_that_was_renewed_while_its_sending_failed_is_given_back_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The renewal is under way when the sending ends, and is known a moment later."""
    monkeypatch.setattr(bot.sender, "LOOK_S", 0.05)
    clock = Clock()
    heard: list[str] = []
    renewing, go_on = asyncio.Event(), asyncio.Event()

    class Slow(MemoryStore):
        @asynccontextmanager
        async def begin(self) -> AsyncIterator[MemoryWork]:
            async with super().begin() as work:
                yield work
            if clock.at > NOON and not renewing.is_set():
                renewing.set()
                await go_on.wait()

    async def dropped(_work: Work, delivery: Delivery, _why: Exception) -> None:
        heard.append(delivery.plain)
        if len(heard) == 1:
            raise StoreError("the disk is full")

    store, letters = Slow(), Dropping(Refused("too long"))
    await enqueue(store, ANN, "一")
    async with sending(store, letters, dropped=dropped, ours={"letter"}, clock=clock) as sender:
        await until(lambda: len(heard) == 1)
        clock.at += timedelta(seconds=0.6 * LEASE_S)
        sender.wake()
        await renewing.wait()
        await asyncio.sleep(0.1)  # what failed has ended
        go_on.set()
        await until(lambda: len(heard) == 2)


async def test_only_what_is_ours_now_leaves() -> None:
    store, letters = MemoryStore(), Letters()
    ours: set[str] = set()
    await enqueue(store, ANN, "一")
    async with sending(store, letters, ours=ours) as sender:
        await asyncio.sleep(0.01)
        assert letters.begun == 0
        ours.add("letter")
        sender.wake()
        await letters.has(ANN, "一")


async def test_what_the_platform_does_not_answer_is_put_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bot.sender, "SENDING_S", 0.01)
    store, letters = MemoryStore(), Letters()
    letters.gates[ANN] = asyncio.Event()
    await enqueue(store, ANN, "一")
    async with sending(store, letters, ours={"letter"}):
        await until(lambda: letters.begun == 1)
    async with store.begin() as work:
        [waiting] = await work.outbox.due(at=NOON.replace(hour=5))
    assert waiting.attempts == 1
