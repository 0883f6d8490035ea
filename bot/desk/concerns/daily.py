"""Looks for hot concerns once a working day, while the bot serves."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from typing import Final

import structlog

from bot.desk.concerns.service import Concerns
from bot.desk.desk import Desk
from bot.desk.rounds import Round
from bot.desk.watch import MORNING
from bot.errors import EntryChanged
from bot.store.base import Store

STEP_S: Final = 60.0
JOB: Final = "concerns"
# Looking takes seconds. Who takes a concern meanwhile is not overwritten: it looks again.
TRIES: Final = 3

log = structlog.get_logger(__name__)


class DailyLook:
    """One process of several looks, on working days when staff are told of other things too."""

    def __init__(self, store: Store, desk: Desk, concerns: Concerns) -> None:
        self._store = store
        self._desk = desk
        self._concerns = concerns
        self._done: date | None = None  # on that day, here or elsewhere

    async def run(self) -> None:
        """One step a minute, until cancelled."""
        while True:
            try:
                await self.step()
            except Exception:  # a memory that is full, a store out of reach: tomorrow again
                log.exception("concerns.failed")
            await asyncio.sleep(STEP_S)

    async def step(self) -> None:
        """Look if it is time to, and nobody has today. Whatever comes of it, that was today's."""
        now = self._desk.clock()
        today = now.date()
        works = self._desk.clocks.calendar.works(today)
        if self._done == today or now.time() < MORNING or not works:
            return
        first = await self._begins(today)
        self._done = today
        if first:
            await self._look()

    async def _begins(self, today: date) -> bool:
        """Write down that it is done here; False if it was written down already."""
        try:
            async with self._store.begin() as work:
                rounds = work.entries(Round)
                last = await rounds.add(Round(job=JOB))  # the one that there is, if there is one
                if last.day >= today:
                    return False
                await rounds.save(replace(last, day=today))
        except EntryChanged:  # another process was first
            return False
        return True

    async def _look(self) -> None:
        for left in reversed(range(TRIES)):
            try:
                hot = await self._concerns.look()
            except EntryChanged:
                if not left:
                    raise
            else:
                log.info("concerns.looked", hot=len(hot))
                return
