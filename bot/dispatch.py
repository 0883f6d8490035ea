"""
What came in is written down first, then handled: in each conversation in order, one at a time.

A message is acknowledged to the platform once it is in the ledger. What a crash leaves
unfinished there is handled at the next start, or by another worker. Where there are several, one
of them has a conversation at a time, and handles what all of them wrote down there.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Final, Protocol, TypeAlias

import structlog

from bot.coordination.alone import Alone
from bot.coordination.base import Coordination
from bot.errors import Overtaken, StoreBusy
from bot.store.base import Accepted, Store, Work
from bot.types import Address, Message, Outcome

# Conversations handled at a time. Those that write at the same time share a commit, and who asks
# nothing that must be searched passes those who wait for a search.
CONCURRENT: Final = 64
BUSY_TRIES: Final = 3  # of a message whose transaction another one was in the way of
TURNS: Final = 1000  # taken or waited for at a time: each is an entry of the server's lock table
SWEEP_S: Final = 5.0  # between looks for what a dead worker left
PATIENCE_S: Final = 5.0  # a shorter wait is not worth a message
RETRY_S: Final = 30.0  # until a message is tried again when even its failure could not be written

log = structlog.get_logger(__name__)


class Handler(Protocol):
    async def handle(self, accepted: Accepted, /) -> Outcome: ...

    async def fail(self, accepted: Accepted, /) -> Outcome:
        """After `handle` raised: tell the person, and lose nothing."""


Withhold: TypeAlias = Callable[[Work, Message], Awaitable[Message]]

Crowded: TypeAlias = Callable[[Accepted, int], Awaitable[None]]
"""Told of a message that waits, and of how many conversations came before it."""


class Dispatcher:
    """Takes messages from every channel to their handler."""

    def __init__(  # noqa: PLR0913 - each a part that a test has otherwise
        self,
        store: Store,
        route: Callable[[Message], Handler],
        *,
        mask: Callable[[Message], Message],
        withhold: Withhold | None = None,
        stored: Callable[[], None] = lambda: None,
        crowded: Crowded | None = None,
        coordination: Coordination | None = None,
        concurrent: int = CONCURRENT,
        patience_s: float = PATIENCE_S,
    ) -> None:
        """
        `withhold` may put words of a message elsewhere and give the message without them, in the
        transaction that writes it down; then `mask` removes personal data, before anything is
        stored. `stored` is told when a message was handled, so that deliveries leave at once.
        `crowded` is told of a message that is not answered after `patience_s` while others, which
        came before it, are not either: they wait for one of `concurrent` places, or for a search.
        `coordination` tells which worker has a conversation; without it this one has all.
        """
        self._store = store
        self._route = route
        self._mask = mask
        self._withhold = withhold
        self._stored = stored
        self._doubtful: frozenset[tuple[str, str]] = frozenset()
        self._waiting: dict[Address, deque[Accepted]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(concurrent)
        self._line: dict[Address, None] = {}  # who is not answered yet, in order
        self._crowded = crowded
        self._coordination = coordination or Alone()
        self._turns = asyncio.Semaphore(TURNS)
        self._patience_s = patience_s
        self._stopping = False

    async def receive(self, messages: Sequence[Message]) -> None:
        """
        Write messages down and begin to handle the new ones. As bot.channels.base.Receive.

        Where that fails they may be written down all the same: the line may be cut behind the
        commit. They come again, and are known by then. So the next time those are looked for.
        """
        doubtful, self._doubtful = self._doubtful, frozenset()
        try:
            async with self._store.begin() as work:
                accepted = [await self._accept(work, message) for message in messages]
                written = await work.inbox.unfinished() if doubtful else ()
        except BaseException:
            self._doubtful |= doubtful | {_name(message) for message in messages}
            raise
        new = {one.id: one for one in accepted if one is not None}
        left = {one.id: one for one in written if _name(one.message) in doubtful}
        for _, one in sorted((left | new).items()):
            self._queue(one)

    async def _accept(self, work: Work, message: Message) -> Accepted | None:
        if self._withhold is not None:
            message = await self._withhold(work, message)
        return await work.inbox.accept(self._mask(message))

    async def recover(self) -> int:
        """Queue what an earlier run accepted and did not finish; return how many."""
        async with self._store.begin() as work:
            left = await work.inbox.unfinished()
        for accepted in left:
            self._queue(accepted)
        return len(left)

    def resume(self, accepted: Sequence[Accepted]) -> None:
        """Handle what somebody else wrote down."""
        for one in accepted:
            self._queue(one)

    async def sweep(self) -> None:
        """Take up what other workers left, now and then, until cancelled."""
        before: frozenset[int] = frozenset()
        while self._coordination.shared:
            await asyncio.sleep(SWEEP_S)
            try:
                async with self._store.read() as work:
                    left = await work.inbox.unfinished()
            except Exception:  # the store is out of reach; it may come back
                log.exception("inbox.unreachable")
                continue
            # What came since the last look is being handled, as a rule: no second worker waits.
            self.resume([one for one in left if one.id in before and not self._has(one)])
            before = frozenset(one.id for one in left)

    def _has(self, accepted: Accepted) -> bool:
        return accepted.message.address in self._waiting

    async def drain(self) -> None:
        """Take nothing more up, and wait for what is being handled."""
        self._stopping = True
        await self.idle()

    async def idle(self) -> None:
        """Wait until nothing is being handled."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    def _queue(self, accepted: Accepted) -> None:
        address = accepted.message.address
        if address in self._waiting:
            self._waiting[address].append(accepted)
            return
        self._waiting[address] = deque([accepted])
        self._start(self._work_off(address))

    def _start(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work_off(self, address: Address) -> None:
        """Handle a conversation's messages one after the other until none is left."""
        queue = self._waiting[address]
        try:
            while queue and not self._stopping:
                if self._coordination.shared:
                    await self._work_off_ledger(address, queue)
                    continue
                await self._in_turn(queue[0])
                queue.popleft()
                await asyncio.sleep(0)  # whoever came meanwhile is before the next one
        finally:
            del self._waiting[address]

    async def _work_off_ledger(self, address: Address, queue: deque[Accepted]) -> None:
        """
        Handle what any worker wrote down there; the ledger tells what is left of it.

        What comes to this worker meanwhile is looked for once more.
        """
        first = queue[0]
        try:
            async with self._turns, self._coordination.turn(address):
                while queue and not self._stopping:
                    queue.clear()
                    async with self._store.read() as work:
                        left = await work.inbox.unfinished(address)
                    for accepted in left:
                        if not self._stopping:
                            await self._in_turn(accepted)
        except Exception:
            log.exception("message.left", message=first.id, retry_s=RETRY_S)
            queue.clear()
            asyncio.get_running_loop().call_later(RETRY_S, self._again, first)

    async def _in_turn(self, accepted: Accepted) -> None:
        """Handle a message when there is a place for it."""
        address = accepted.message.address
        self._line[address] = None
        loop = asyncio.get_running_loop()
        patience = loop.call_later(self._patience_s, self._lose_patience, accepted)
        try:
            async with self._places:
                await self._handle(accepted)
        finally:
            patience.cancel()
            del self._line[address]

    def _lose_patience(self, accepted: Accepted) -> None:
        """Tell whoever waits long how many are before them; whoever is first is being answered."""
        before = list(self._line).index(accepted.message.address)
        if before:
            self._start(self._tell(accepted, before=before))

    async def _tell(self, accepted: Accepted, *, before: int) -> None:
        if self._crowded is None:
            return
        try:
            await self._crowded(accepted, before)
        except Exception:  # a kindness: the message itself is still in line
            log.exception("message.wait_untold", message=accepted.id)
        self._stored()

    async def _handle(self, accepted: Accepted) -> None:
        handler = self._route(accepted.message)
        outcome: Outcome | None
        try:
            outcome = await _handled(handler, accepted)
        except Overtaken:
            log.warning("message.overtaken", message=accepted.id)
            outcome = None
        except Exception:  # whatever it was, the citizen is told and staff know
            log.exception("message.failed", message=accepted.id)
            outcome = await self._failed(handler, accepted)
        if outcome is not None:
            log.info("message.done", message=accepted.id, result=outcome.result)
        self._stored()

    async def _failed(self, handler: Handler, accepted: Accepted) -> Outcome | None:
        try:
            return await handler.fail(accepted)
        except Overtaken:
            log.warning("message.overtaken", message=accepted.id)
            return None
        except Exception:  # the store is out of reach: it stays in the ledger
            log.exception("message.left", message=accepted.id, retry_s=RETRY_S)
            asyncio.get_running_loop().call_later(RETRY_S, self._again, accepted)
            return None

    def _again(self, accepted: Accepted) -> None:
        if not self._stopping:
            self._queue(accepted)


async def _handled(handler: Handler, accepted: Accepted) -> Outcome:
    """Once more where a transaction was only in the way of another: nothing was written."""
    for _ in range(BUSY_TRIES - 1):
        with suppress(StoreBusy):
            return await handler.handle(accepted)
        log.info("message.busy", message=accepted.id)
    return await handler.handle(accepted)


def _name(message: Message) -> tuple[str, str]:
    """What the platform knows it by."""
    return message.address.channel, message.id
