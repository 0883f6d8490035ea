"""
Deliveries leave the outbox: in order within a conversation, side by side across them.

A conversation that is throttled or out of reach waits alone; the others go on. Of deliveries that
wait with one key only the last one leaves, in the place of the first.

Each is sent at least once. Twice only where nobody can know whether it arrived: the platform was
silent or hung up after it was asked, or this process was killed before it noted an answer.

Where there are several workers each leases what it sends, renews the lease while it does, and
gives it back where the store failed it. A platform with a budget is a leader's, so that the budget
is one. What a dead worker was sending is due again once its lease is over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.channels.base import Channel
from bot.errors import ChannelError, Gone, Refused, Throttled
from bot.store.base import Queued, Store, Work
from bot.types import Address, Delivery

LOOK_S: Final = 1.0  # between looks for what another process put into the outbox
FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 300.0
MOST_ATTEMPTS: Final = 900  # three days of an outage; then the delivery is given up and logged
# So long a conversation waits for whoever was killed while sending to it. A worker that lives
# renews its leases when half of the time is over, until SENDING_S: what takes longer failed.
LEASE_S: Final = 20.0
SENDING_S: Final = 120.0
MOST_UNDER_WAY: Final = 64  # conversations that are sent something at a time

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Leaving:
    queued_id: int
    task: asyncio.Task[None]
    leased_until: datetime | None


class Sender:
    def __init__(  # noqa: PLR0913 - each a part that a test has otherwise
        self,
        store: Store,
        channels: Mapping[str, Channel],
        *,
        clock: Callable[[], datetime],
        sent: Callable[[Address], None] = lambda _address: None,
        is_ready: Callable[[Address], bool] = lambda _address: True,
        stopped: Callable[[Work, Queued], Awaitable[bool]] | None = None,
        dropped: Callable[[Work, Delivery, Exception], Awaitable[None]] | None = None,
        ours: Collection[str] | None = None,
    ) -> None:
        """
        `sent` is told the conversation after a delivery was marked as sent; `is_ready` tells
        whether a conversation may be sent something now. `stopped` is asked about a delivery with
        a matter just before it leaves, and drops what must not. `dropped` hears of one that will
        never arrive, in the transaction that gives up on it.

        With other workers, `ours` names the channels that this one sends to now: it may change.
        None is for who is alone.
        """
        self._store = store
        self._channels = channels
        self._clock = clock
        self._sent = sent
        self._is_ready = is_ready
        self._stopped = stopped
        self._dropped = dropped
        self._ours = ours
        self._under_way: dict[Address, _Leaving] = {}
        self._left: set[tuple[int, datetime]] = set()  # leases that nothing is sent under
        self._wake = asyncio.Event()
        self._finishing = False
        self._halted = False

    def wake(self) -> None:
        """Something was put into the outbox: look at once."""
        self._wake.set()

    def finish(self) -> None:
        """Let `run` end once nothing is due and nothing is under way."""
        self._finishing = True
        self._wake.set()

    def halt(self) -> None:
        """Begin nothing more: `run` ends once what is under way has ended."""
        self._halted = True
        self.finish()

    async def run(self) -> None:
        """Send until told to finish, or cancelled."""
        try:
            while True:
                self._wake.clear()
                begun = await self._begin()
                if not (begun or self._under_way) and self._finishing:
                    return
                if not begun:
                    await self._look_again()
        finally:
            tasks = [one.task for one in self._under_way.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _begin(self) -> bool:
        """Begin to send what is due where nothing is under way; tell whether there was any."""
        # As it is before the look: what was under way then may have been seen as still due.
        busy = dict(self._under_way)
        room = 0 if self._halted else MOST_UNDER_WAY - len(busy)
        at = self._clock()
        until = None if self._ours is None else at + timedelta(seconds=LEASE_S)
        mine: Sequence[Queued] = ()
        try:
            await self._renew(busy, at)
            if not room:
                return False
            async with self._store.begin() as work:
                free = await self._free(work, busy)
                mine = await work.outbox.take(free[:room], at=at, until=until)
        except Exception:  # the store is out of reach; it may come back
            log.exception("outbox.unreachable")
            for queued in mine:  # perhaps: the line may have been cut behind the commit
                self._leave(queued.id, until)
            return False
        for queued in mine:
            task = asyncio.create_task(self._work_off(queued))
            self._under_way[queued.delivery.to] = _Leaving(queued.id, task, until)
        return bool(mine)

    async def _renew(self, busy: Mapping[Address, _Leaving], at: datetime) -> None:
        """Keep the leases of what takes long; give those back that nothing is sent under."""
        until = at + timedelta(seconds=LEASE_S)
        soon = at + timedelta(seconds=LEASE_S / 2)
        ending = {
            to: one
            for to, one in busy.items()
            if one.leased_until is not None and one.leased_until <= soon
        }
        left = set(self._left)
        if not (ending or left):
            return
        async with self._store.begin() as work:
            await work.outbox.keep([one.queued_id for one in ending.values()], until=until)
            for queued_id, leased_until in left:
                await work.outbox.give_back(queued_id, until=leased_until)
        self._left -= left
        for to, one in ending.items():
            if self._under_way.get(to) is one:
                self._under_way[to] = replace(one, leased_until=until)
            else:  # its sending has ended meanwhile, well or not
                self._leave(one.queued_id, until)

    def _leave(self, queued_id: int, until: datetime | None) -> None:
        """Nothing is sent under that lease: to be given back with the next look."""
        if until is not None:
            self._left.add((queued_id, until))

    async def _free(self, work: Work, busy: Mapping[Address, _Leaving]) -> list[Queued]:
        """What is due and may leave now, even behind many conversations that must wait."""
        leaving = {one.queued_id for one in busy.values()}
        most = MOST_UNDER_WAY
        while True:
            due = await work.outbox.due(at=self._clock(), limit=most, channels=self._ours)
            free = [
                queued
                for queued in due
                # A conversation that moves takes along what is being sent to its old address.
                if queued.id not in leaving and self._is_free(queued.delivery.to, busy)
            ]
            if free or len(due) < most:
                return free
            most *= 2

    def _is_free(self, address: Address, busy: Container[Address]) -> bool:
        known = address.channel in self._channels
        return known and address not in busy and self._is_ready(address)

    async def _work_off(self, queued: Queued) -> None:
        try:
            if not await self._is_stopped(queued):
                await self._send(queued)
        except Exception:
            # It is still due, and is sent when the store is back: not at once.
            log.exception("outbox.unreachable")
            await asyncio.sleep(LOOK_S)
            self._leave(queued.id, self._under_way[queued.delivery.to].leased_until)
        finally:
            del self._under_way[queued.delivery.to]
            self._wake.set()  # the next of this conversation may leave

    async def _is_stopped(self, queued: Queued) -> bool:
        if queued.delivery.matter is None or self._stopped is None:
            return False
        async with self._store.begin() as work:
            stopped = await self._stopped(work, queued)
        if stopped:
            log.info("delivery.stopped", delivery=queued.id)
        return stopped

    async def _look_again(self) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), LOOK_S)
        except TimeoutError:
            return

    async def _send(self, queued: Queued) -> None:
        delivery = queued.delivery
        channel = self._channels[delivery.to.channel]
        try:
            async with asyncio.timeout(None if self._ours is None else SENDING_S):
                platform_id = await channel.send(delivery, edit=queued.edit)
        except Throttled as error:  # nothing is wrong with it, however often this happens
            await self._put_off(queued, error.retry_after_s, error, failed=False)
        except Gone as error:
            await self._drop(queued, error, gone=True)
        except Refused as error:
            await self._drop(queued, error)
        except (ChannelError, TimeoutError) as error:
            if queued.attempts >= MOST_ATTEMPTS:
                await self._drop(queued, error)
                return
            # Not stamina: the next try must outlive this process, so the outbox keeps it.
            pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(queued.attempts, 20))
            await self._put_off(queued, pause, error)
        except Exception as error:  # a delivery that breaks its adapter is parked
            log.exception("delivery.broken", delivery=queued.id)
            await self._drop(queued, error)
        else:
            await self._note(queued, platform_id)
            self._sent(delivery.to)

    async def _note(self, queued: Queued, platform_id: str) -> None:
        """Note that it left, however long the store is away: it must not leave once more."""
        while True:
            try:
                async with self._store.begin() as work:
                    await work.outbox.sent(queued.id, platform_id=platform_id, at=self._clock())
            except Exception:
                log.exception("delivery.unnoted", delivery=queued.id)
                await asyncio.sleep(LOOK_S)
            else:
                return

    async def _put_off(
        self, queued: Queued, pause_s: float, error: Exception, *, failed: bool = True
    ) -> None:
        until = self._clock() + timedelta(seconds=pause_s)
        log.warning("delivery.put_off", delivery=queued.id, pause_s=pause_s, error=str(error))
        async with self._store.begin() as work:
            await work.outbox.put_off(queued.id, until=until, error=str(error), failed=failed)

    async def _drop(self, queued: Queued, error: Exception, *, gone: bool = False) -> None:
        """Give up on a delivery; where the conversation is gone, what it follows ends as well."""
        log.error("delivery.dropped", delivery=queued.id, error=str(error))
        async with self._store.begin() as work:
            await work.outbox.drop(queued.id, at=self._clock(), error=str(error))
            if self._dropped is not None:
                await self._dropped(work, queued.delivery, error)
            if gone and await work.subscriptions.remove_all(queued.delivery.to):
                log.info("subscriptions.ended", delivery=queued.id)
