"""What becomes of a message whose handling fails, or that somebody else has handled too."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import pytest

from bot.coordination.alone import Alone
from bot.dispatch import BUSY_TRIES, Dispatcher
from bot.ending import end
from bot.errors import StoreBusy, StoreError
from bot.store.base import Accepted
from bot.store.memory import MemoryStore
from bot.types import Address, Delivery, Message, Outcome, Result, Span
from knowledge.types import Lang

NOON: Final = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
ANN: Final = Address("web", "ann")
ANSWERED: Final = Outcome(result=Result.ANSWERED, language=Lang.ZH_HANS)
FAILED: Final = Outcome(result=Result.ERROR, language=Lang.ZH_HANS)


def asked(text: str) -> Message:
    return Message(id=text, address=ANN, sender="ann", text=text, at=NOON)


class Shared(Alone):
    """As if there were other workers: what is to be done is in the ledger."""

    shared = True


class Answering:
    """Raises what it is told to, once for each; then answers."""

    def __init__(self, store: MemoryStore, *errors: Exception) -> None:
        self.store = store
        self.errors = list(errors)
        self.tries = 0
        self.failed = 0

    async def handle(self, accepted: Accepted, /) -> Outcome:
        self.tries += 1
        if self.errors:
            raise self.errors.pop(0)
        return await self._say(accepted, accepted.message.text, ANSWERED)

    async def fail(self, accepted: Accepted, /) -> Outcome:
        self.failed += 1
        return await self._say(accepted, "转人工", FAILED)

    async def _say(self, accepted: Accepted, text: str, outcome: Outcome) -> Outcome:
        async with self.store.begin() as work:
            await work.outbox.enqueue(Delivery(to=ANN, body=(Span(text),)), at=NOON)
            await end(work, accepted.id, outcome, at=NOON)
        return outcome


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def dispatcher(store: MemoryStore, answering: Answering, *, shared: bool = False) -> Dispatcher:
    return Dispatcher(
        store,
        lambda _message: answering,
        mask=lambda message: message,
        coordination=Shared() if shared else Alone(),
    )


async def told(store: MemoryStore) -> Sequence[str]:
    texts = []
    async with store.begin() as work:
        while due := await work.outbox.due(at=NOON):
            texts.append(due[0].delivery.plain)
            await work.outbox.sent(due[0].id, platform_id=f"p{due[0].id}", at=NOON)
    return texts


async def test_a_transaction_that_was_in_the_way_of_another_is_tried_again(
    store: MemoryStore,
) -> None:
    answering = Answering(store, *(StoreBusy("deadlock") for _ in range(BUSY_TRIES - 1)))
    dispatch = dispatcher(store, answering)
    await dispatch.receive([asked("一")])
    await dispatch.idle()
    assert (answering.tries, answering.failed) == (BUSY_TRIES, 0)
    assert await told(store) == ["一"]


async def test_a_database_that_stays_busy_fails_the_message_and_staff_have_it(
    store: MemoryStore,
) -> None:
    answering = Answering(store, *(StoreBusy("deadlock") for _ in range(BUSY_TRIES)))
    dispatch = dispatcher(store, answering)
    await dispatch.receive([asked("一")])
    await dispatch.idle()
    assert (answering.tries, answering.failed) == (BUSY_TRIES, 1)
    assert await told(store) == ["转人工"]


@pytest.mark.parametrize("errors", [(), (StoreError("the disk is full"),)])
async def test_who_is_overtaken_says_nothing_even_where_it_failed(
    store: MemoryStore, errors: Sequence[Exception]
) -> None:
    answering = Answering(store, *errors)
    dispatch = dispatcher(store, answering)
    async with store.begin() as work:
        accepted = await work.inbox.accept(asked("一"))
        assert accepted is not None
        await work.inbox.finish(accepted.id, ANSWERED, at=NOON)  # by another worker
    dispatch.resume([accepted])
    await dispatch.idle()
    assert await told(store) == []
    assert (answering.tries, answering.failed) == (1, len(errors))


async def test_with_other_workers_only_what_the_ledger_has_left_is_handled(
    store: MemoryStore,
) -> None:
    answering = Answering(store)
    dispatch = dispatcher(store, answering, shared=True)
    async with store.begin() as work:
        accepted = [await work.inbox.accept(asked(text)) for text in ("一", "二", "三")]
        first, second, third = (one for one in accepted if one is not None)
        await work.inbox.finish(first.id, ANSWERED, at=NOON)  # by another worker, before its turn
    dispatch.resume([first, third])
    await dispatch.idle()
    assert await told(store) == ["二", "三"], f"{second.id} came between, at another worker"


async def test_what_comes_during_a_turn_is_handled_in_it(store: MemoryStore) -> None:
    answering = Answering(store)
    dispatch = dispatcher(store, answering, shared=True)
    await asyncio.gather(*(dispatch.receive([asked(text)]) for text in ("一", "二", "三")))
    await dispatch.idle()
    assert await told(store) == ["一", "二", "三"]
