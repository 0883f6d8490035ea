"""Workers handle each message once, and those of a conversation in order, whoever took them in."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from datetime import UTC, datetime
from typing import Final

import pytest

from bot import dispatch
from bot.coordination.base import Coordination
from bot.dispatch import Dispatcher
from bot.ending import end
from bot.store.base import Accepted, Store
from bot.types import Address, Delivery, Message, Outcome, Result, Span
from knowledge.types import Lang
from tests.workers.conftest import Line

NOON: Final = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
ANSWERED: Final = Outcome(result=Result.ANSWERED, language=Lang.ZH_HANS)
ANN: Final = Address("web", "ann")
SOON_S: Final = 20.0  # by then, or the test has failed
Workers = tuple[Coordination, Coordination]


def asked(text: str, address: Address = ANN) -> Message:
    name = f"{address.chat}/{text}"
    return Message(id=name, address=address, sender=address.chat, text=text, at=NOON)


class Answering:
    """Answers with the text itself, and notes whom it is answering; with a gate it waits there."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.heard: defaultdict[Address, list[str]] = defaultdict(list)
        self.busy: set[Address] = set()
        self.two_at_a_time = False
        self.gates: dict[str, asyncio.Event] = {}
        self.begun = asyncio.Event()

    async def handle(self, accepted: Accepted, /) -> Outcome:
        message = accepted.message
        self.two_at_a_time |= message.address in self.busy
        self.busy.add(message.address)
        self.heard[message.address].append(message.text)
        self.begun.set()
        if gate := self.gates.get(message.text):
            await gate.wait()
        async with self._store.begin() as work:
            said = Delivery(to=message.address, body=(Span(message.text),))
            await work.outbox.enqueue(said, at=NOON)
            await end(work, accepted.id, ANSWERED, at=NOON)
        self.busy.discard(message.address)
        return ANSWERED

    async def fail(self, accepted: Accepted, /) -> Outcome:
        raise AssertionError(accepted)


def worker(store: Store, answering: Answering, coordination: Coordination) -> Dispatcher:
    return Dispatcher(
        store, lambda _message: answering, mask=lambda message: message, coordination=coordination
    )


async def finished(*dispatchers: Dispatcher) -> None:
    async with asyncio.timeout(SOON_S):
        await asyncio.gather(*(one.idle() for one in dispatchers))


async def told(store: Store, address: Address = ANN) -> list[str]:
    """What a conversation is told, in order."""
    found: list[str] = []
    async with store.begin() as work:
        while due := [one for one in await work.outbox.due(at=NOON) if one.delivery.to == address]:
            found.append(due[0].delivery.plain)
            await work.outbox.sent(due[0].id, platform_id=f"p{due[0].id}", at=NOON)
    return found


async def test_each_message_is_handled_once_and_in_the_order_of_the_ledger(
    store: Store, two: Workers
) -> None:
    chance = random.Random(8)  # noqa: S311 - which worker takes it
    answering = Answering(store)
    workers = [worker(store, answering, one) for one in two]
    people = [Address("web", f"person-{number}") for number in range(12)]
    texts = [f"{number}" for number in range(8)]
    for text in texts:
        for person in people:
            await chance.choice(workers).receive([asked(text, person)])
    await finished(*workers)
    assert answering.heard == dict.fromkeys(people, texts)
    assert not answering.two_at_a_time
    async with store.read() as work:
        assert await work.inbox.unfinished() == []


async def test_who_has_the_turn_handles_what_another_worker_took_in(
    store: Store, two: Workers
) -> None:
    one, other = Answering(store), Answering(store)
    one.gates["一"] = asyncio.Event()
    workers = worker(store, one, two[0]), worker(store, other, two[1])
    await workers[0].receive([asked("一")])
    async with asyncio.timeout(SOON_S):
        await one.begun.wait()
    await workers[1].receive([asked("二")])
    await workers[0].receive([asked("三")])
    await asyncio.sleep(0.1)
    assert other.heard == {}
    one.gates["一"].set()
    await finished(*workers)
    assert await told(store) == ["一", "二", "三"]
    assert one.heard[ANN][0] == "一"


async def test_a_message_that_came_twice_to_two_workers_is_handled_once(
    store: Store, two: Workers
) -> None:
    answering = Answering(store)
    workers = [worker(store, answering, one) for one in two]
    await asyncio.gather(*(one.receive([asked("一")]) for one in workers))
    await finished(*workers)
    assert answering.heard == {ANN: ["一"]}


async def test_what_a_dead_worker_left_is_taken_up(
    store: Store, two: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "SWEEP_S", 0.05)
    answering = Answering(store)
    async with store.begin() as work:  # by one that was killed behind its commit
        await work.inbox.accept(asked("一"))
        await work.inbox.accept(asked("二"))
    alive = worker(store, answering, two[0])
    sweeping = asyncio.create_task(alive.sweep())
    async with asyncio.timeout(SOON_S):
        while answering.heard[ANN] != ["一", "二"]:  # noqa: ASYNC110 - what was heard is no event
            await asyncio.sleep(0.01)
    await finished(alive)
    sweeping.cancel()
    await asyncio.gather(sweeping, return_exceptions=True)
    assert await told(store) == ["一", "二"]


async def test_of_two_that_handle_a_message_one_is_overtaken_and_says_nothing(
    store: Store, two: Workers, line: Line
) -> None:
    """The first one's locks are lost while it thinks; the other one takes the message up."""
    slow, quick = Answering(store), Answering(store)
    slow.gates["一"] = asyncio.Event()
    workers = worker(store, slow, two[0]), worker(store, quick, two[1])
    await workers[0].receive([asked("一")])
    async with asyncio.timeout(SOON_S):
        await slow.begun.wait()
        line.cut()
        await workers[1].recover()
        await quick.begun.wait()
        await workers[1].idle()
    slow.gates["一"].set()
    await finished(*workers)
    assert (slow.heard[ANN], quick.heard[ANN]) == (["一"], ["一"])
    assert await told(store) == ["一"]


async def test_a_worker_that_stops_leaves_the_rest_to_the_others(
    store: Store, two: Workers
) -> None:
    stopping, staying = Answering(store), Answering(store)
    stopping.gates["一"] = asyncio.Event()
    workers = worker(store, stopping, two[0]), worker(store, staying, two[1])
    await workers[0].receive([asked("一"), asked("二")])
    async with asyncio.timeout(SOON_S):
        await stopping.begun.wait()
        draining = asyncio.create_task(workers[0].drain())
        await workers[1].recover()
        stopping.gates["一"].set()
        await draining
    await finished(*workers)
    assert (stopping.heard[ANN], staying.heard[ANN]) == (["一"], ["二"])
    assert await told(store) == ["一", "二"]
