"""
Nothing personal is kept longer than its time: once a day what is over it is erased.

What stays is for counting: results, reasons, languages and times of messages and deliveries, and
of a ticket who did what and when. See bot/store/blank.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.accounts.session import Limits
from bot.accounts.sessions import drop_old
from bot.desk.concerns.erasing import erase_words
from bot.desk.disclosure.intake import drop_old_forms
from bot.desk.out_of_office import drop_over
from bot.desk.publishing.uses import tally_old
from bot.store.base import DataClass, Store

DAY_S: Final = 24 * 3600.0
RETRY_S: Final = 600.0  # after the store was out of reach
BATCH: Final = 200  # rows a transaction, for citizens wait behind each

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """Days that each class is kept; 0 keeps it for ever."""

    messages: int
    conversations: int
    tickets: int

    def days(self, what: DataClass) -> int:
        match what:
            case DataClass.MESSAGES | DataClass.DELIVERIES:  # both sides of one talk
                return self.messages
            case DataClass.CONVERSATIONS:
                return self.conversations
            case DataClass.TICKETS:
                return self.tickets


class Retention:
    def __init__(
        self,
        store: Store,
        periods: Periods,
        *,
        clock: Callable[[], datetime],
        sessions: Limits | None = None,
    ) -> None:
        """`sessions` is how long those of the console last."""
        self._store = store
        self._sessions = sessions or Limits()
        self._periods = periods
        self._clock = clock

    async def expired(self) -> Mapping[DataClass, int]:
        """How much would be erased now."""
        now = self._clock()
        counts = {}
        for what, before in self._limits(now).items():
            async with self._store.read() as work:
                counts[what] = await work.records.expired(what, before=before)
        return counts

    async def sweep(self) -> Mapping[DataClass, int]:
        """Erase what is over its time; return how much it was."""
        now = self._clock()
        counts = dict.fromkeys(self._limits(now), 0)
        for what, before in self._limits(now).items():
            while erased := await self._some(what, before, now):
                counts[what] += erased
        await self._sweep_registers(now)
        await self._sweep_uses(now)
        return counts

    async def _sweep_uses(self, now: datetime) -> None:
        """What leads to a question goes with it."""
        days = self._periods.messages
        before, left = now - timedelta(days=days), BATCH
        while days and left == BATCH:
            async with self._store.begin() as work:
                left = await tally_old(work, before=before, limit=BATCH)

    async def _sweep_registers(self, now: datetime) -> None:
        """What has a time of its own, or that of the messages, and is about no one ticket."""
        async with self._store.begin() as work:
            forms = await drop_old_forms(work, at=now)
            await drop_old(work, at=now, limits=self._sessions)
            gone = await drop_over(work, today=now.date())
            days = self._periods.messages
            before = now.date() - timedelta(days=days)
            concerns = await erase_words(work, before=before) if days else 0
        if forms or gone or concerns:
            log.info("retention.registers", forms=forms, absences=gone, concerns=concerns)

    async def run(self) -> None:
        """Sweep at once and then every day, until cancelled."""
        while True:
            try:
                counts = await self.sweep()
            except Exception:  # the store is out of reach; it may come back
                log.exception("retention.failed", retry_s=RETRY_S)
                await asyncio.sleep(RETRY_S)
                continue
            if any(counts.values()):
                log.info("retention.swept", **{what.value: n for what, n in counts.items()})
            await asyncio.sleep(DAY_S)

    def _limits(self, now: datetime) -> Mapping[DataClass, datetime]:
        """The classes that have a time, with the moment before which they expire."""
        days = {what: self._periods.days(what) for what in DataClass}
        return {what: now - timedelta(days=count) for what, count in days.items() if count}

    async def _some(self, what: DataClass, before: datetime, now: datetime) -> int:
        async with self._store.begin() as work:
            return await work.records.erase(what, before=before, at=now, limit=BATCH)
