"""
Deliveries leave the outbox: in order within a conversation, side by side across them.

A conversation that is throttled or out of reach waits alone; the others go on. Of deliveries that
wait with one key only the last one leaves, in the place of the first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.channels.base import Channel
from bot.errors import ChannelError, Gone, Refused, Throttled
from bot.store.base import Queued, Store, Work
from bot.types import Address

LOOK_S: Final = 1.0  # between looks for what another process put into the outbox
FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 300.0
MOST_ATTEMPTS: Final = 40  # about three hours; then the delivery is given up and logged

log = structlog.get_logger(__name__)


class Sender:
    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        *,
        clock: Callable[[], datetime],
        sent: Callable[[Address], None] = lambda _address: None,
        is_ready: Callable[[Address], bool] = lambda _address: True,
        stopped: Callable[[Work, Queued], Awaitable[bool]] | None = None,
    ) -> None:
        """
        `sent` is told the conversation after a delivery was marked as sent; `is_ready` tells
        whether a conversation may be sent something now. `stopped` is asked about a delivery with
        a matter just before it leaves, and drops what must not.
        """
        self._store = store
        self._channels = channels
        self._clock = clock
        self._sent = sent
        self._is_ready = is_ready
        self._stopped = stopped
        self._under_way: dict[Address, asyncio.Task[None]] = {}
        self._wake = asyncio.Event()
        self._finishing = False

    def wake(self) -> None:
        """Something was put into the outbox: look at once."""
        self._wake.set()

    def finish(self) -> None:
        """Let `run` end once nothing is due and nothing is under way."""
        self._finishing = True
        self._wake.set()

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
            for task in self._under_way.values():
                task.cancel()
            await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    async def _begin(self) -> bool:
        """Begin to send what is due where nothing is under way; tell whether there was any."""
        # As it is before the look: what was under way then may have been seen as still due.
        busy = set(self._under_way)
        try:
            async with self._store.begin() as work:
                due = await work.outbox.due(at=self._clock())
                free = [queued for queued in due if self._is_free(queued.delivery.to, busy)]
                mine = [await work.outbox.newest(queued, at=self._clock()) for queued in free]
        except Exception:  # the store is out of reach; it may come back
            log.exception("outbox.unreachable")
            return False
        for queued in mine:
            self._under_way[queued.delivery.to] = asyncio.create_task(self._work_off(queued))
        return bool(mine)

    def _is_free(self, address: Address, busy: AbstractSet[Address]) -> bool:
        known = address.channel in self._channels
        return known and address not in busy and self._is_ready(address)

    async def _work_off(self, queued: Queued) -> None:
        try:
            if not await self._is_stopped(queued):
                await self._send(queued)
        except Exception:
            # It may have left, and is sent once more when the store is back: not at once.
            log.exception("outbox.unreachable")
            await asyncio.sleep(LOOK_S)
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
            platform_id = await channel.send(delivery, edit=queued.edit)
        except Throttled as error:
            await self._put_off(queued, error.retry_after_s, error)
        except Gone as error:
            await self._drop(queued, error, gone=True)
        except Refused as error:
            await self._drop(queued, error)
        except ChannelError as error:
            pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(queued.attempts, 20))
            await self._put_off(queued, pause, error)
        except Exception as error:  # a delivery that breaks its adapter is parked
            log.exception("delivery.broken", delivery=queued.id)
            await self._drop(queued, error)
        else:
            async with self._store.begin() as work:
                await work.outbox.sent(queued.id, platform_id=platform_id, at=self._clock())
            self._sent(delivery.to)

    async def _put_off(self, queued: Queued, pause_s: float, error: Exception) -> None:
        if queued.attempts >= MOST_ATTEMPTS:
            await self._drop(queued, error)
            return
        until = self._clock() + timedelta(seconds=pause_s)
        log.warning("delivery.put_off", delivery=queued.id, pause_s=pause_s, error=str(error))
        async with self._store.begin() as work:
            await work.outbox.put_off(queued.id, until=until, error=str(error))

    async def _drop(self, queued: Queued, error: Exception, *, gone: bool = False) -> None:
        """Give up on a delivery; where the conversation is gone, what it follows ends as well."""
        log.error("delivery.dropped", delivery=queued.id, error=str(error))
        async with self._store.begin() as work:
            await work.outbox.drop(queued.id, at=self._clock(), error=str(error))
            if gone and await work.subscriptions.remove_all(queued.delivery.to):
                log.info("subscriptions.ended", delivery=queued.id)
