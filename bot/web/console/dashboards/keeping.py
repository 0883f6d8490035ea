"""What costs seconds to make is made once a minute, however many ask for it at once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from time import monotonic
from typing import Final, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

AGE_S: Final = 60.0
MOST: Final = 8  # kept at a time


class Kept(Generic[K, V]):
    """In memory, so each process has its own."""

    def __init__(self, *, clock: Callable[[], float] = monotonic) -> None:
        """`clock` tells seconds."""
        self._clock = clock
        self._kept: OrderedDict[K, tuple[float, asyncio.Task[V]]] = OrderedDict()

    async def get(self, key: K, make: Callable[[], Awaitable[V]]) -> V:
        """
        What was made for that key, or is being made; else make it. What fails is not kept.

        Whoever does not wait for it any more leaves it to the others.
        """
        at, task = self._kept.get(key, (0.0, None))
        if task is None or self._clock() - at > AGE_S or _failed(task):
            task = asyncio.ensure_future(_awaited(make))
            self._kept[key] = (self._clock(), task)
            self._kept.move_to_end(key)
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return await asyncio.shield(task)


async def _awaited(make: Callable[[], Awaitable[V]]) -> V:
    return await make()


def _failed(task: asyncio.Task[V]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
