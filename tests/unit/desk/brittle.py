"""A store that breaks now and then, as disks and networks do."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from random import Random
from typing import Any, Final, cast

from bot.errors import StoreError
from bot.store.base import Store, Work

STEPS: Final = 12  # of a transaction, at most, before it breaks


class BrittleStore:
    """
    Of all transactions a share of `rate` breaks in the middle, and a third as many behind the
    commit: then all is written, and whoever did it is told that it failed.
    """

    def __init__(self, store: Store, dice: Random, *, rate: float, broken: Counter[str]) -> None:
        """What breaks is counted in `broken`."""
        self.store = store
        self.rate = rate
        self.broken = broken
        self._dice = dice

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Work]:
        fate = self._dice.random()
        steps = self._dice.randrange(STEPS) if fate < self.rate else None
        async with self.store.begin() as work:
            yield work if steps is None else cast("Work", _Breaking(work, steps, self._broke))
        if self.rate <= fate < self.rate * 4 / 3:
            raise self._broke("the line was cut behind the commit")

    def read(self) -> AbstractAsyncContextManager[Work]:
        return self.store.read()

    def _broke(self, how: str) -> StoreError:
        self.broken[how] += 1
        return StoreError(how)


class _Breaking:
    """A transaction whose parts can be asked for so many times."""

    def __init__(self, work: Work, steps: int, broke: Callable[[str], StoreError]) -> None:
        self._broke = broke
        self._work = work
        self._left = steps

    def __getattr__(self, part: str) -> Any:
        self._left -= 1
        if self._left < 0:
            raise self._broke("the disk is full")
        return getattr(self._work, part)
