"""
Tells those who follow something what a release changed, a few at a time.

Each conversation is told in one transaction: the record that it was, the delivery, and what it
knows from now on. A crash before leaves it untold, a crash after told once.

Citizens who ask come first: so few pushes are in the outbox at a time that each look of the
sender has room for answers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.errors import StoreError
from bot.push.archive import Archive
from bot.push.composing import Composer, Told
from bot.push.runs import Run, following
from bot.quiet import Quiet
from bot.store.base import Store
from bot.store.pushed import PushDraft
from bot.subscriptions import Subscription
from bot.types import Address, Delivery
from knowledge.types import Lang

SLICE: Final = 10  # new pushes in the outbox; Telegram takes 30 messages a second from a bot
MOST: Final = 30  # with those that failed and wait to be tried again; the sender takes 50 at once
PAUSE_S: Final = 1.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """When people are written to unasked."""

    delay: timedelta  # that long a release must be the current one
    quiet: Quiet


class Pusher:
    def __init__(
        self,
        store: Store,
        archive: Archive,
        composer: Composer,
        *,
        when: When,
        clock: Callable[[], datetime],
        queued: Callable[[], None] = lambda: None,
        rests: Callable[[], bool] = lambda: False,
    ) -> None:
        """
        `queued` is told after something was put into the outbox. While it `rests` nobody is told
        anything; what waits is told later.
        """
        self._store = store
        self._archive = archive
        self._composer = composer
        self._when = when
        self._clock = clock
        self._queued = queued
        self._rests = rests
        self._broken: set[tuple[int, Address]] = set()  # left out until the next start

    async def run(self) -> None:
        """Push until cancelled."""
        while True:
            try:
                busy = await self.step()
            except Exception:  # the store is out of reach; it may come back
                log.exception("push.failed")
                busy = False
            if not busy:
                await asyncio.sleep(PAUSE_S)

    async def step(self) -> bool:
        """Tell a few of those who wait; tell whether there may be more to do at once."""
        run = None if self._rests() else await self._current()
        if run is None or not run.goes_on:
            return False
        if self._when.quiet.until(self._clock()) > self._clock():
            return False
        async with self._store.begin() as work:
            fresh = await work.pushes.pending(tried=False)
            room = min(SLICE, MOST - await work.pushes.pending(tried=True)) - fresh
            known = await work.subscriptions.waiting(run.release, limit=SLICE + len(self._broken))
        waiting = [address for address in known if (run.id, address) not in self._broken]
        if not known:
            await self._end(run)
        if not waiting:  # those that broke are tried again after a restart
            return False
        for address in waiting[: max(0, room)]:
            await self._try(run, address)
        return room > 0

    async def _current(self) -> Run | None:
        served = self._archive.release
        if not served:
            return None
        async with self._store.begin() as work:
            last = await work.pushes.last_run()
            run = following(last, served, at=self._clock(), delay=self._when.delay)
            if run != last:
                await work.pushes.save_run(run)
                log.info("push.run", run=run.id, release=run.release, goes_on=run.goes_on)
        return run

    async def _end(self, run: Run) -> None:
        async with self._store.begin() as work:
            await work.pushes.save_run(replace(run, ended=self._clock()))
        log.info("push.ended", run=run.id, release=run.release)

    async def _try(self, run: Run, address: Address) -> None:
        """
        One conversation that breaks must not keep the others from being told.

        Raise StoreError: that is nobody's own, and may pass.
        """
        try:
            await self._tell(run, address)
        except StoreError:
            raise
        except Exception:
            log.exception("push.broken", run=run.id, channel=address.channel)
            self._broken.add((run.id, address))

    async def _tell(self, run: Run, address: Address) -> None:
        async with self._store.begin() as work:
            follows = await work.subscriptions.of(address)
            talk = await work.conversations.get(address)
        if not follows:  # all ended since we looked
            return
        day = self._clock().astimezone(self._when.quiet.zone).date()
        told = await self._composer.told(follows, run.release, on=day)
        if told is None:  # another release is served: the next step sees it
            return
        language = talk.chosen or talk.language or follows[-1].language
        await self._write(run, address, follows, told, language)

    async def _write(
        self,
        run: Run,
        address: Address,
        follows: Sequence[Subscription],
        told: Told,
        language: Lang,
    ) -> None:
        now = self._clock()
        async with self._store.begin() as work:
            if list(await work.subscriptions.of(address)) != list(follows):
                return  # changed meanwhile: it waits still, and is looked at again
            draft = PushDraft(run=run.id, address=address, items=told.items)
            push_id = await work.pushes.add(draft, at=now) if told else None
            if push_id is not None:
                page = told.page(push_id=push_id, language=language)
                delivery = Delivery(to=address, body=page.body, buttons=page.buttons)
                queued = await work.outbox.enqueue(delivery, at=now)
                await work.pushes.enqueued(push_id, queued)
            for one in told.answered:  # that is what they wanted to know
                await work.subscriptions.remove(address, one.subscription.id)
            await work.subscriptions.told(address, run.release)
        if push_id is not None:
            self._queued()
