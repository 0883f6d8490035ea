"""Reads the audit log from its end: what somebody did, what was done on a day or to a ticket."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.desk.audit import Sealed
from bot.desk.tickets import Event
from bot.store.base import Store


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is left out does not matter."""

    ticket: int | None = None
    is_who: Callable[[str], bool] = lambda _: True  # of whom the log has by that id
    day: date | None = None  # at the bureau

    def fits(self, event: Event, at: datetime) -> bool:
        """`at` is now, at the bureau."""
        return (
            (self.ticket is None or event.ticket_id == self.ticket)
            and (self.day is None or event.at.astimezone(at.tzinfo).date() == self.day)
            and self.is_who(event.who)
        )


@dataclass(frozen=True, slots=True)
class Found:
    lines: Sequence[Sealed]  # the newest first
    older: int | None  # where to go on; None where there is nothing more


async def found(
    store: Store, wanted: Wanted, *, at: datetime, before: int | None = None, limit: int
) -> Found:
    """
    The newest lines that fit, of those with a number below `before`.

    The log is read until there are as many, or to the day before the one that is wanted.
    """
    lines: list[Sealed] = []
    async for line in _backwards(store, before, size=1000):
        if wanted.day is not None and line.event.at.astimezone(at.tzinfo).date() < wanted.day:
            return Found(lines, None)
        if not wanted.fits(line.event, at):
            continue
        if len(lines) == limit:  # there is one more, so there is another page
            return Found(lines, lines[-1].id)
        lines.append(line)
    return Found(lines, None)


async def _backwards(store: Store, before: int | None, *, size: int) -> AsyncIterator[Sealed]:
    """Each line below that number, the newest first; a transaction for each so many numbers."""
    if before is None:
        async with store.read() as work:
            before = await work.audit.newest() + 1
    while before > 1:
        first = max(1, before - size)
        async with store.read() as work:
            lines = await work.audit.lines(after=first - 1, limit=before - first)
        for line in reversed(lines):
            if line.id < before:  # numbers may be missing, so there may be newer ones
                yield line
        before = first
