"""Reads much out of the store in pages, each a transaction of its own: citizens wait behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol, TypeVar

from bot.desk.audit import Sealed
from bot.desk.tickets import Ticket
from bot.store.base import Handled, Sought, Store, Work


class Numbered(Protocol):
    @property
    def id(self) -> int: ...


N = TypeVar("N", bound=Numbered)
T = TypeVar("T")


async def each(found: AsyncIterator[Sequence[T]]) -> AsyncIterator[T]:
    """What is on the pages, one after the other."""
    async for page in found:
        for one in page:
            yield one


def tickets(store: Store, sought: Sought, *, size: int) -> AsyncIterator[Sequence[Ticket]]:
    """Tickets by number, from behind `sought.after`."""

    async def read(work: Work, after: int) -> Sequence[Ticket]:
        behind = max(after, sought.after)
        return await work.tickets.find(replace(sought, after=behind, limit=size))

    return _pages(store, read, size=size)


def handled(
    store: Store, since: datetime, until: datetime, *, size: int
) -> AsyncIterator[Sequence[Handled]]:
    """Messages that were handled in a period, by number."""

    async def read(work: Work, after: int) -> Sequence[Handled]:
        return await work.inbox.handled(since, until, after=after, limit=size)

    return _pages(store, read, size=size)


def lines(store: Store, *, size: int) -> AsyncIterator[Sequence[Sealed]]:
    """The audit log from its beginning."""

    async def read(work: Work, after: int) -> Sequence[Sealed]:
        return await work.audit.lines(after=after, limit=size)

    return _pages(store, read, size=size)


async def _pages(
    store: Store, read: Callable[[Work, int], Awaitable[Sequence[N]]], *, size: int
) -> AsyncIterator[Sequence[N]]:
    """`read` gives the first `size` of what has a number above the one it is told, in order."""
    after = 0
    while True:
        async with store.read() as work:
            page = await read(work, after)
        if page:
            yield page
        if len(page) < size:
            return
        after = page[-1].id
        await asyncio.sleep(0)  # whoever waits comes first
