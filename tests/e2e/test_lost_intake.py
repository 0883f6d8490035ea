"""A store that fails while a message is written down: it is handled all the same, and once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

import pytest

from bot.dispatch import Dispatcher
from bot.errors import StoreError
from bot.store.base import Accepted, Store, Work
from bot.store.memory import MemoryStore
from bot.types import Outcome, Result
from knowledge.types import Lang
from tests.telegram.client import Person
from tests.telegram.fake_api import FakeTelegram
from tests.telegram.harness import channel_to, running
from tests.web.harness import ANN, BEN, NOON, Site, site_of, until

WHEN = ("before", "between", "behind")  # the transaction, its writing and its commit


@dataclass
class FailingStore:
    """The next transaction fails, if one is to."""

    store: Store = field(default_factory=MemoryStore)
    when: str = ""

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Work]:
        when, self.when = self.when, ""
        if when == "before":
            raise StoreError("out of reach")
        async with self.store.begin() as work:
            yield work
            if when == "between":
                raise StoreError("the disk is full")
        if when == "behind":
            raise StoreError("the line was cut behind the commit")

    def read(self) -> AbstractAsyncContextManager[Work]:
        return self.store.read()


class Answering:
    """Notes what it is asked, and that it is done."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.heard: list[str] = []

    async def handle(self, accepted: Accepted, /) -> Outcome:
        self.heard.append(accepted.message.text)
        outcome = Outcome(result=Result.ANSWERED, language=Lang.ZH_HANS)
        async with self._store.begin() as work:
            await work.inbox.finish(accepted.id, outcome, at=NOON)
        return outcome

    async def fail(self, accepted: Accepted, /) -> Outcome:
        raise AssertionError(accepted)


@pytest.fixture
def store() -> FailingStore:
    return FailingStore()


@pytest.fixture
def answering(store: FailingStore) -> Answering:
    return Answering(store.store)


@pytest.fixture
def dispatcher(store: FailingStore, answering: Answering) -> Dispatcher:
    return Dispatcher(store, lambda _message: answering, mask=lambda message: message)


async def settled(dispatcher: Dispatcher, store: FailingStore) -> None:
    """Nothing is handled, and nothing is left."""
    await dispatcher.idle()
    async with store.begin() as work:
        assert await work.inbox.unfinished() == []


@pytest.mark.parametrize("when", WHEN)
async def test_telegram_sends_it_again_for_it_was_not_acknowledged(
    when: str, store: FailingStore, answering: Answering, dispatcher: Dispatcher
) -> None:
    async with FakeTelegram() as server, channel_to(server) as channel:
        store.when = when
        Person(server).send("养狗要办什么证？")
        async with running(channel, dispatcher.receive):
            await server.changes.until(lambda: not server.updates.pending)
            await settled(dispatcher, store)
            first, *again = [call.get("offset") for call in server.calls_of("getUpdates")]
            assert again[0] == first, "nothing was acknowledged"
    assert answering.heard == ["养狗要办什么证？"]


@asynccontextmanager
async def page(dispatcher: Dispatcher) -> AsyncIterator[Site]:
    async with site_of(MemoryStore(), listening=False) as site:
        task = asyncio.create_task(site.channel.run(dispatcher.receive))
        await until(lambda: site.channel.listening)
        yield site
        task.cancel()


@pytest.mark.parametrize("when", WHEN)
async def test_the_page_is_told_and_sends_it_again_under_the_same_id(
    when: str, store: FailingStore, answering: Answering, dispatcher: Dispatcher
) -> None:
    async with page(dispatcher) as site:
        store.when = when
        statuses = [(await site.say(text="怎么办证？")).status for _ in range(3)]
        await settled(dispatcher, store)
    assert statuses == [503, 202, 202]
    assert answering.heard == ["怎么办证？"]


async def test_whoever_closes_the_page_is_answered_with_the_next_who_asks(
    store: FailingStore, answering: Answering, dispatcher: Dispatcher
) -> None:
    async with page(dispatcher) as site:
        store.when = "behind"
        assert (await site.say(chat=ANN, text="一")).status == 503
        store.when = "before"
        assert (await site.say(chat=BEN, text="二")).status == 503
        assert (await site.say(chat=BEN, text="二")).status == 202
        await settled(dispatcher, store)
    assert sorted(answering.heard) == ["一", "二"]
