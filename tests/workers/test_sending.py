"""Workers send each delivery once, in order, and take over what a dead one was sending."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from bot import sender as sending_module
from bot.channels.base import Receive
from bot.channels.web import WebChannel
from bot.coordination.base import Coordination
from bot.sender import LEASE_S, Sender
from bot.store.base import Store
from bot.types import Address, Delivery, Span
from bot.workers import Worker
from tests.workers.conftest import Line

NOON: Final = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
ANN: Final = Address("telegram", "1001")
SOON_S: Final = 20.0  # by then, or the test has failed
Workers = tuple[Coordination, Coordination]


class Clock:
    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


class Platform:
    """One platform that both workers reach; with a gate it takes long."""

    name = "telegram"

    def __init__(self) -> None:
        self.sent: defaultdict[Address, list[str]] = defaultdict(list)
        self.gates: dict[str, asyncio.Event] = {}
        self.begun = 0
        self.two_at_a_time = False
        self._busy: set[Address] = set()

    async def send(self, delivery: Delivery, /, *, edit: str | None) -> str:
        del edit
        self.begun += 1
        self.two_at_a_time |= delivery.to in self._busy
        self._busy.add(delivery.to)
        try:
            gate = self.gates.get(delivery.plain)
            await (gate.wait() if gate else asyncio.sleep(0.001))
        finally:
            self._busy.discard(delivery.to)
        self.sent[delivery.to].append(delivery.plain)
        return f"p{self.begun}"

    async def run(self, receive: Receive, /) -> None:
        raise AssertionError(receive)


async def enqueue(store: Store, to: Address, *texts: str) -> None:
    async with store.begin() as work:
        for text in texts:
            await work.outbox.enqueue(Delivery(to=to, body=(Span(text),)), at=NOON)


@asynccontextmanager
async def running(sender: Sender) -> AsyncIterator[None]:
    task = asyncio.create_task(sender.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def sender_of(store: Store, platform: Platform, clock: Clock | None = None) -> Sender:
    """That of a worker which may send to that platform."""
    return Sender(store, {"telegram": platform}, clock=clock or Clock(), ours={"telegram"})


async def until_sent(platform: Platform, number: int) -> None:
    async with asyncio.timeout(SOON_S):
        while sum(map(len, platform.sent.values())) < number:  # noqa: ASYNC110 - a count, no event
            await asyncio.sleep(0.005)


async def test_each_delivery_leaves_once_and_in_order_whoever_sends_it(store: Store) -> None:
    platform = Platform()
    senders = [sender_of(store, platform) for _ in range(3)]
    people = [Address("telegram", str(number)) for number in range(15)]
    texts = [str(number) for number in range(6)]
    async with running(senders[0]), running(senders[1]), running(senders[2]):
        for person in people:
            await enqueue(store, person, *texts)
            for sender in senders:
                sender.wake()
        async with asyncio.timeout(SOON_S):
            while sum(map(len, platform.sent.values())) < len(people) * len(texts):
                for sender in senders:
                    sender.wake()
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
    assert platform.sent == dict.fromkeys(people, texts)
    assert not platform.two_at_a_time


async def test_what_a_dead_worker_was_sending_leaves_when_its_lease_is_over(
    store: Store,
) -> None:
    platform, clock = Platform(), Clock()
    platform.gates["一"] = asyncio.Event()
    await enqueue(store, ANN, "一", "二")
    async with running(sender_of(store, platform, clock)):
        async with asyncio.timeout(SOON_S):
            while not platform.begun:  # noqa: ASYNC110 - a count, no event
                await asyncio.sleep(0.005)
    del platform.gates["一"]  # it was killed in between: nobody knows whether "一" arrived
    alive = sender_of(store, platform, clock)
    async with running(alive):
        await asyncio.sleep(0.1)
        assert platform.sent == {}
        clock.at += timedelta(seconds=LEASE_S)
        alive.wake()
        await until_sent(platform, 2)
    assert platform.sent == {ANN: ["一", "二"]}


async def test_what_takes_long_stays_with_the_worker_that_sends_it(store: Store) -> None:
    platform, clock = Platform(), Clock()
    platform.gates["一"] = asyncio.Event()
    await enqueue(store, ANN, "一", "二")
    slow, other = (sender_of(store, platform, clock) for _ in range(2))
    async with running(slow):
        async with asyncio.timeout(SOON_S):
            while not platform.begun:  # noqa: ASYNC110 - a count, no event
                await asyncio.sleep(0.005)
        async with running(other):
            for _ in range(6):  # three leases
                clock.at += timedelta(seconds=LEASE_S / 2)
                slow.wake()
                await asyncio.sleep(0.05)
                other.wake()
                await asyncio.sleep(0.05)
            assert platform.begun == 1
            platform.gates["一"].set()
            await until_sent(platform, 2)
    assert platform.sent == {ANN: ["一", "二"]}
    assert not platform.two_at_a_time


class Post:
    """A worker's part in sending: see bot/app.py."""

    def __init__(self, store: Store, platform: Platform, coordination: Coordination) -> None:
        self.web = WebChannel()
        self.worker = Worker(coordination, self.web)
        self.sender = Sender(
            store,
            {"telegram": platform, "web": self.web},
            clock=Clock(),
            sent=self.worker.sent,
            ours=self.worker.ours,
        )
        self.worker.sends_by(self.sender.wake)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        leading = self.worker.coordination.while_leading("sending", self.worker.send_to_telegram)
        task = asyncio.create_task(leading)
        try:
            async with running(self.sender):
                yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    @property
    def leads(self) -> bool:
        return self.worker.ours is not None and "telegram" in self.worker.ours


async def led(*posts: Post) -> Post:
    """The one that sends to Telegram."""
    async with asyncio.timeout(SOON_S):
        while not any(one.leads for one in posts):  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.005)
    [leader] = [one for one in posts if one.leads]
    return leader


async def test_one_worker_sends_to_telegram_and_another_one_when_it_loses_its_lock(
    store: Store, two: Workers, line: Line
) -> None:
    platforms = Platform(), Platform()
    posts = [Post(store, platform, one) for platform, one in zip(platforms, two, strict=True)]
    async with posts[0].open(), posts[1].open():
        for number in range(1, 4):
            leader = await led(*posts)
            await enqueue(store, ANN, str(number))
            for post in posts:  # whoever stored it
                post.worker.stored()
            await until_sent(platforms[posts.index(leader)], 1)
            platforms[posts.index(leader)].sent.clear()
            assert all(one.sent == {} for one in platforms)
            line.cut()
            async with asyncio.timeout(SOON_S):
                while leader.leads:  # noqa: ASYNC110 - nothing tells of it
                    await asyncio.sleep(0.001)


async def test_the_worker_that_sends_hears_of_what_another_one_stored(
    store: Store, two: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending_module, "LOOK_S", 2 * SOON_S)  # so only a notice is in time
    platform = Platform()
    posts = [Post(store, platform, one) for one in two]
    async with posts[0].open(), posts[1].open():
        leader = await led(*posts)
        [other] = [one for one in posts if one is not leader]
        await asyncio.sleep(0.05)
        await enqueue(store, ANN, "一")
        other.worker.stored()
        await until_sent(platform, 1)


async def test_a_page_that_is_open_at_another_worker_is_woken(store: Store, two: Workers) -> None:
    posts = [Post(store, Platform(), one) for one in two]
    eve = Address("web", "eve")
    async with asyncio.timeout(SOON_S), two[1].turn(eve):  # it is connected
        with posts[1].web.reading("eve") as woken, posts[1].web.reading("ann") as quiet:
            async with running(posts[0].sender):
                await enqueue(store, eve, "一")
                posts[0].worker.stored()
                await woken.wait()
            assert not quiet.is_set()
    async with store.read() as work:
        assert [one.delivery.plain for one in await work.outbox.delivered(eve)] == ["一"]
