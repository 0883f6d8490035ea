"""Nobody's messages delay others: pace, order, places in line, and who is never limited."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from bot.dispatch import Dispatcher
from bot.fairness import Limiter, Pace
from bot.store.base import Accepted
from bot.store.memory import MemoryStore
from bot.turnstile import Turnstile
from bot.types import Address, Message, Outcome, Reason, Result
from knowledge.types import Lang

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
PACE = Pace(per_minute=20, burst=3)
_numbers = count(1)


def wrote(text: str, *, who: str = "1001", chat: str = "", after_s: float = 0) -> Message:
    return Message(
        id=f"u{next(_numbers)}",
        address=Address("telegram", chat or who),
        sender=who,
        text=text,
        at=NOON + timedelta(seconds=after_s),
    )


class Answering:
    """A handler that notes what reaches it; with a gate it waits there."""

    def __init__(self, store: MemoryStore) -> None:
        self.store = store
        self.heard: list[str] = []
        self.gates: dict[str, asyncio.Event] = {}

    async def handle(self, accepted: Accepted, /) -> Outcome:
        self.heard.append(accepted.message.text)
        if gate := self.gates.get(accepted.message.text):
            await gate.wait()
        outcome = Outcome(result=Result.ANSWERED, language=Lang.ZH_HANS)
        async with self.store.begin() as work:
            await work.inbox.finish(accepted.id, outcome, at=NOON)
        return outcome

    async def fail(self, accepted: Accepted, /) -> Outcome:
        raise AssertionError(accepted)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def inner(store: MemoryStore) -> Answering:
    return Answering(store)


@pytest.fixture
def turnstile(store: MemoryStore, inner: Answering) -> Turnstile:
    return Turnstile(inner, store, pace=PACE, clock=lambda: NOON)


def dispatcher(
    store: MemoryStore, turnstile: Turnstile, *, concurrent: int = 16, patience_s: float = 5.0
) -> Dispatcher:
    return Dispatcher(
        store,
        lambda _message: turnstile,
        mask=lambda message: message,
        crowded=turnstile.crowded,
        concurrent=concurrent,
        patience_s=patience_s,
    )


async def idle(dispatch: Dispatcher) -> None:
    """Wait until everything that was received is handled."""
    await dispatch.idle()


async def told(store: MemoryStore, who: str = "1001") -> Sequence[str]:
    texts = []
    async with store.begin() as work:
        while found := [
            one for one in await work.outbox.due(at=NOON) if one.delivery.to.chat == who
        ]:
            texts.append(found[0].delivery.plain)
            await work.outbox.sent(found[0].id, platform_id=f"p{found[0].id}", at=NOON)
    return texts


TOO_FAST = "您发得太快，我来不及答，刚才那条没有处理。请在 3 秒后再发一次。"


async def test_a_flooder_is_told_once_to_wait(
    store: MemoryStore, inner: Answering, turnstile: Turnstile
) -> None:
    dispatch = dispatcher(store, turnstile)
    await dispatch.receive([wrote(f"问题{n}") for n in range(50)])
    await idle(dispatch)
    assert inner.heard == ["问题0", "问题1", "问题2"]
    assert await told(store) == [TOO_FAST]
    async with store.begin() as work:
        past = await work.inbox.get(50)
        assert past is not None
        assert past.outcome.reason is Reason.TOO_FAST
        assert await work.inbox.unfinished() == []


async def test_who_waited_is_answered_again(
    store: MemoryStore, inner: Answering, turnstile: Turnstile
) -> None:
    dispatch = dispatcher(store, turnstile)
    await dispatch.receive([wrote(f"问题{n}") for n in range(5)])
    await dispatch.receive([wrote("再问", after_s=3)])
    await idle(dispatch)
    assert inner.heard[-1] == "再问"


async def test_a_notice_comes_once_a_minute_at_most(
    store: MemoryStore, turnstile: Turnstile
) -> None:
    dispatch = dispatcher(store, turnstile)
    await dispatch.receive([wrote("快", after_s=n / 10) for n in range(550)])  # 55 s
    await idle(dispatch)
    assert len(await told(store)) == 1
    await dispatch.receive([wrote("快", after_s=61 + n / 10) for n in range(20)])
    await idle(dispatch)
    assert len(await told(store)) == 1


async def test_one_flooder_does_not_delay_others(
    store: MemoryStore, inner: Answering, turnstile: Turnstile
) -> None:
    dispatch = dispatcher(store, turnstile, concurrent=1)
    gate = inner.gates["洪水0"] = asyncio.Event()
    await dispatch.receive([wrote(f"洪水{n}") for n in range(100)])
    await dispatch.receive([wrote("正常提问", who="1002")])
    gate.set()
    await idle(dispatch)
    # One message of the flood was being handled; the other person is next, not 101st.
    assert inner.heard == ["洪水0", "正常提问", "洪水1", "洪水2"]


async def test_a_person_is_limited_wherever_they_write_and_others_are_not(
    store: MemoryStore, inner: Answering, turnstile: Turnstile
) -> None:
    dispatch = dispatcher(store, turnstile)
    group = "-77"
    await dispatch.receive([wrote(f"甲{n}", who="1001", chat=group) for n in range(9)])
    await dispatch.receive([wrote("乙", who="1002", chat=group)])
    await dispatch.receive([wrote("甲私聊", who="1001")])
    await idle(dispatch)
    assert sum(text.startswith("甲") for text in inner.heard) == 3
    assert "乙" in inner.heard


async def test_an_emergency_is_never_limited(
    store: MemoryStore, inner: Answering, turnstile: Turnstile
) -> None:
    dispatch = dispatcher(store, turnstile)
    await dispatch.receive([wrote(f"问题{n}") for n in range(9)])
    await dispatch.receive([wrote("救命！"), wrote("我家着火了")])
    await idle(dispatch)
    assert inner.heard[-2:] == ["救命！", "我家着火了"]


async def test_a_chat_is_handled_in_order_one_at_a_time(
    store: MemoryStore, inner: Answering, turnstile: Turnstile
) -> None:
    dispatch = dispatcher(store, turnstile)
    gate = inner.gates["一"] = asyncio.Event()
    await dispatch.receive([wrote("一"), wrote("二"), wrote("三")])
    await asyncio.sleep(0.01)
    assert inner.heard == ["一"]
    gate.set()
    await idle(dispatch)
    assert inner.heard == ["一", "二", "三"]


async def test_who_waits_long_is_told_how_many_are_before_them(
    store: MemoryStore, inner: Answering, turnstile: Turnstile
) -> None:
    dispatch = dispatcher(store, turnstile, concurrent=1, patience_s=0.02)
    gate = inner.gates["慢"] = asyncio.Event()
    await dispatch.receive([wrote("慢", who="1"), wrote("a", who="2"), wrote("b", who="3")])
    await asyncio.sleep(0.1)
    gate.set()
    await idle(dispatch)
    assert inner.heard == ["慢", "a", "b"]
    assert await told(store, "1") == []
    said = "现在提问的人很多，您前面还有 {} 位。我会按顺序回答，请稍候。"
    assert await told(store, "2") == [said.format(1)]
    assert await told(store, "3") == [said.format(2)]


async def test_who_has_a_place_and_waits_for_a_slow_search_is_told_as_well(
    store: MemoryStore, inner: Answering, turnstile: Turnstile
) -> None:
    dispatch = dispatcher(store, turnstile, patience_s=0.02)
    gate = inner.gates["慢"] = asyncio.Event()
    await dispatch.receive([wrote("慢", who=str(number)) for number in (1, 2, 3)])
    await asyncio.sleep(0.1)
    gate.set()
    await idle(dispatch)
    said = "现在提问的人很多，您前面还有 {} 位。我会按顺序回答，请稍候。"
    assert [await told(store, str(number)) for number in (1, 2, 3)] == [
        [],
        [said.format(1)],
        [said.format(2)],
    ]


async def test_who_waits_shortly_is_told_nothing(
    store: MemoryStore, inner: Answering, turnstile: Turnstile
) -> None:
    dispatch = dispatcher(store, turnstile, concurrent=1, patience_s=60)
    await dispatch.receive([wrote(f"问{n}", who=str(n)) for n in range(20)])
    await idle(dispatch)
    assert len(inner.heard) == 20
    async with store.begin() as work:
        assert await work.outbox.due(at=NOON) == []


async def test_a_wait_that_cannot_be_told_loses_nothing(
    store: MemoryStore, inner: Answering, turnstile: Turnstile
) -> None:
    async def broken(_accepted: Accepted, _before: int) -> None:
        raise RuntimeError

    dispatch = Dispatcher(
        store,
        lambda _message: turnstile,
        mask=lambda message: message,
        crowded=broken,
        concurrent=1,
        patience_s=0.01,
    )
    gate = inner.gates["慢"] = asyncio.Event()
    await dispatch.receive([wrote("慢", who="1"), wrote("a", who="2")])
    await asyncio.sleep(0.05)
    gate.set()
    await idle(dispatch)
    assert inner.heard == ["慢", "a"]


async def test_who_waits_is_told_once_however_often_the_bot_starts_again(
    store: MemoryStore, inner: Answering
) -> None:
    inner.gates["慢"] = asyncio.Event()
    messages = [wrote("慢", who="1"), wrote("问题")]
    for _ in range(3):
        turnstile = Turnstile(inner, store, pace=PACE, clock=lambda: NOON)
        dispatch = dispatcher(store, turnstile, concurrent=1, patience_s=0.01)
        await dispatch.receive(messages)
        await dispatch.recover()
        await asyncio.sleep(0.05)
    inner.gates["慢"].set()
    assert len(await told(store)) == 1


def test_a_message_that_comes_late_takes_nothing_away() -> None:
    limiter = Limiter(Pace(per_minute=60, burst=1))
    assert limiter.wait_s("ann", at_s=100.0) == 0
    assert limiter.wait_s("ann", at_s=90.0) == 1
    assert limiter.wait_s("ann", at_s=101.0) == 0
