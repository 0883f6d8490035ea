"""
The index as the present level lets citizens' questions see it, and a watch over how it does.

What a level does not serve is simply not found here, so whoever searches needs to know nothing of
levels: without a release questions go to staff, and that way is as old as the bot.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from time import monotonic
from typing import Any, Final, TypeVar

from bot.degrade.level import Level
from bot.errors import NotShownNow, SearchStuck
from bot.seen.index import Loaded
from index.about import About
from index.types import Found, Hit
from knowledge.types import Kind, Passage

T = TypeVar("T")

ERRORS: Final = 3  # failed searches in the window, after which the index itself is tried
WINDOW_S: Final = 60.0
STUCK_S: Final = 30.0  # somebody waits, and no search has ended for so long
PROBE_S: Final = 10.0  # for a search of ours
PROBE: Final = "办事指南"  # any words: what counts is that something comes back
SURE: Final = 1.0  # no probability is above it
_PUBLISHED: Final = re.compile(r"answer-[1-9][0-9]{0,17}#[0-9]+")  # a passage's id


@dataclass(slots=True)
class Health:
    """How the searches of this worker go. `clock` tells seconds."""

    clock: Callable[[], float] = monotonic
    _failed: deque[float] = field(default_factory=deque)
    _running: dict[asyncio.Future[Any], float] = field(default_factory=dict)
    _ended: float = 0.0
    _given_up: set[asyncio.Future[Any]] = field(default_factory=set)

    @property
    def suspicious(self) -> bool:
        """Whether so many searches failed lately that the index should be tried."""
        while self._failed and self._failed[0] < self.clock() - WINDOW_S:
            self._failed.popleft()
        return len(self._failed) >= ERRORS

    @property
    def stuck(self) -> bool:
        """
        Whether nothing has ended for long. A long line alone is no trouble: in it one search after
        the other ends.
        """
        if not self._running:
            return False
        oldest = min(self._running.values())
        return self.clock() - max(oldest, self._ended) > STUCK_S

    def clear(self) -> None:
        """The failures were the questions' own."""
        self._failed.clear()

    def give_up(self) -> None:
        """Who waits for a search that does not end gets SearchStuck."""
        for one in self._running:
            self._given_up.add(one)
            one.cancel()

    async def watched(self, search: Awaitable[T]) -> T:
        running = asyncio.ensure_future(search)
        self._running[running] = self.clock()
        try:
            found = await running
        except asyncio.CancelledError:
            if running not in self._given_up:
                running.cancel()
                raise
            raise SearchStuck from None
        except Exception:
            self._failed.append(self.clock())
            raise
        else:
            self._ended = self.clock()
            return found
        finally:
            self._running.pop(running, None)
            self._given_up.discard(running)


@dataclass(frozen=True, slots=True)
class Guarded:
    """As index.live.Live, at the level that there is now."""

    index: Loaded
    level: Callable[[], Level]
    health: Health

    @property
    def release(self) -> str:
        return self.index.release

    @property
    def problem(self) -> str:
        return self.index.problem

    async def search(self, question: str, /, *, on: date) -> Found | None:
        if not self._up_to(Level.PUBLISHED):
            return None
        found = await self.health.watched(self.index.search(question, on=on))
        return found and served(found, self.level())

    async def follow(self, question: str, about: About, /, *, on: date) -> Found | None:
        """Below full nothing is sure that leans on what was said before."""
        if not self._up_to(Level.PUBLISHED):
            return None
        found = await self.health.watched(self.index.follow(question, about, on=on))
        return found if found is None or self._up_to(Level.FULL) else unsure(found)

    async def passage(self, passage_id: str, /, *, on: date) -> Hit | None:
        """Raise NotShownNow: that it is not there would be untrue."""
        if not self._shows(passage_id):
            raise NotShownNow(passage_id)
        return await self.health.watched(self.index.passage(passage_id, on=on))

    async def clause(self, passage_id: str, /) -> tuple[str, Sequence[Passage]]:
        if not self._shows(passage_id):
            return self.release, ()
        return await self.health.watched(self.index.clause(passage_id))

    async def listed(
        self, words: str, /, *, on: date, ended: bool, limit: int
    ) -> Sequence[Hit] | None:
        if not self._up_to(Level.QUOTATION):
            return None
        listed = self.index.listed(words, on=on, ended=ended, limit=limit)
        return await self.health.watched(listed)

    async def questions(self, document_id: str, /, *, on: date) -> Sequence[str]:
        """What an answer leads on to is no part of it."""
        if not self._up_to(Level.FULL):
            return ()
        return await self.health.watched(self.index.questions(document_id, on=on))

    async def probe(self, *, on: date) -> str:
        """Search whatever the level is; return what is wrong, or ""."""
        try:
            async with asyncio.timeout(PROBE_S):
                await self.index.search(PROBE, on=on)
        except Exception as error:  # noqa: BLE001 - whatever it is, the level follows from it
            return type(error).__name__
        return ""

    def _up_to(self, level: Level) -> bool:
        return self.level().rung <= level.rung

    def _shows(self, passage_id: str) -> bool:
        if self.level() is Level.PUBLISHED:
            return _PUBLISHED.fullmatch(passage_id) is not None
        return self._up_to(Level.QUOTATION)


def served(found: Found, level: Level) -> Found:
    """What of a find may lead to an answer at that level."""
    if level is Level.FULL:
        return found
    if level is Level.QUOTATION:
        return replace(found, clarify=SURE)
    # A published answer that something else comes before was not written for this question.
    if level is not Level.PUBLISHED or not _is_published(found.answer):
        return unsure(found)
    return replace(found, hits=tuple(filter(_is_published, found.hits)), clarify=SURE)


def unsure(found: Found) -> Found:
    """The same with nothing sure in it and nothing to offer: it goes to staff, as leads."""
    return replace(
        found, line=SURE, clarify=SURE, outdated=(), no_such_clause=False, conflict=None
    )


def _is_published(hit: Hit | None) -> bool:
    return hit is not None and hit.document.kind is Kind.ANSWER
