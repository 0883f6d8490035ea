"""
What costs seconds to make is made once a minute at most, however many ask for it at once.

Who comes later is shown what there is, with the time at which it was made, and it is made anew
meanwhile: only the first one of a day waits.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from time import monotonic
from typing import Final, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

AGE_S: Final = 60.0
OLDEST_S: Final = 24 * 3600.0  # what is older is not shown any more
MOST: Final = 8  # kept at a time


@dataclass(frozen=True, slots=True)
class _Made(Generic[V]):
    at_s: float  # when it was begun
    task: asyncio.Task[V]

    @property
    def failed(self) -> bool:
        task = self.task
        return task.done() and (task.cancelled() or task.exception() is not None)


class Kept(Generic[K, V]):
    """In memory, so each process has its own."""

    def __init__(self, *, clock: Callable[[], float] = monotonic) -> None:
        """`clock` tells seconds."""
        self._clock = clock
        self._kept: OrderedDict[K, _Made[V]] = OrderedDict()
        self._renewed: dict[K, _Made[V]] = {}  # in the making, while what was made is shown

    async def get(self, key: K, make: Callable[[], Awaitable[V]]) -> V:
        """
        What was made for that key, or is being made; else make it. What fails is not kept.

        Whoever does not wait for it any more leaves it to the others.
        """
        self._take_over(key)
        made = self._kept.get(key)
        if made is None or made.failed or self._clock() - made.at_s > OLDEST_S:
            made = self._begun(make)
            self._keep(key, made)
        elif made.task.done() and self._clock() - made.at_s > AGE_S and key not in self._renewed:
            self._renewed[key] = self._begun(make)
        return await asyncio.shield(made.task)

    def _take_over(self, key: K) -> None:
        """What was made anew, once it is there; where that failed, the next one tries again."""
        new = self._renewed.get(key)
        if new is not None and new.task.done():
            del self._renewed[key]
            if not new.failed:
                self._keep(key, new)

    def _begun(self, make: Callable[[], Awaitable[V]]) -> _Made[V]:
        return _Made(self._clock(), asyncio.ensure_future(_awaited(make)))

    def _keep(self, key: K, made: _Made[V]) -> None:
        self._kept[key] = made
        self._kept.move_to_end(key)
        if len(self._kept) > MOST:
            gone, _ = self._kept.popitem(last=False)
            self._renewed.pop(gone, None)


async def _awaited(make: Callable[[], Awaitable[V]]) -> V:
    return await make()
