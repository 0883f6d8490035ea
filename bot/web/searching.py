"""Searches for pages and programs, in the release that conversations are answered from."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from typing import Final, Protocol

from bot.inline import Served
from bot.searching import Lists
from bot.web import problems
from bot.web.documents.reader import is_open
from index.types import Found, Hit
from knowledge.types import Passage

MOST_WAITING: Final = 20  # a search takes some hundredths of a second
RETRY_S: Final = 3


class Index(Served, Lists, Protocol):
    """As index.live.Live."""


class Searching:
    """
    One search at a time: the index has two threads, and one is left to conversations.

    Whoever comes when many are waiting already is asked to come again.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._turns = asyncio.Semaphore(1)
        self._waiting = 0

    @property
    def release(self) -> str:
        """Name of the release that is served, or ""."""
        return self._index.release

    async def listed(self, words: str, *, on: date, ended: bool, limit: int) -> Sequence[Hit]:
        """As index.live.Live; raise Problem where there is no release, or no turn."""
        async with self._turn():
            hits = await self._index.listed(words, on=on, ended=ended, limit=limit)
        if hits is None:
            raise problems.busy(RETRY_S)
        return [hit for hit in hits if is_open(hit.document)]

    async def search(self, question: str, *, on: date) -> Found:
        """As index.live.Live; raise Problem where there is no release, or no turn."""
        async with self._turn():
            found = await self._index.search(question, on=on)
        if found is None:
            raise problems.busy(RETRY_S)
        return _opened(found)

    async def clause(self, passage_id: str) -> tuple[str, Sequence[Passage]]:
        return await self._index.clause(passage_id)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._waiting >= MOST_WAITING:
            raise problems.busy(RETRY_S)
        self._waiting += 1
        try:
            async with self._turns:
                yield
        finally:
            self._waiting -= 1


def _opened(found: Found) -> Found:
    """What of it may be shown, also where a build did not leave out what is not open."""
    conflict = found.conflict
    return replace(
        found,
        hits=tuple(hit for hit in found.hits if is_open(hit.document)),
        outdated=tuple(hit for hit in found.outdated if is_open(hit.document)),
        conflict=conflict if conflict and all(is_open(one.document) for one in conflict) else None,
    )
