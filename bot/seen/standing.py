"""
What waits in the store, read when somebody asks for the figures.

Once for all who ask within a few seconds, and never longer than a moment: neither a failing store
nor a busy watcher may cost those who are served anything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.errors import StoreError
from bot.store.base import Store
from bot.store.waiting import Backlog

FRESH_S: Final = 5.0
PATIENCE_S: Final = 2.0


@dataclass(slots=True, kw_only=True)
class Standing:
    """`soon` tells, for a time, before when a ticket is due that is due soon."""

    store: Store
    clock: Callable[[], datetime]
    soon: Callable[[datetime], datetime]
    fresh_s: float = FRESH_S
    patience_s: float = PATIENCE_S
    _found: Backlog | None = None
    _read_s: float = float("-inf")  # on the loop's clock
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def read(self) -> Backlog | None:
        """None if the store does not answer."""
        async with self._turn:  # who comes meanwhile takes what the first one finds
            now_s = asyncio.get_running_loop().time()
            if now_s - self._read_s >= self.fresh_s:
                self._found = await self._ask()
                self._read_s = asyncio.get_running_loop().time()
            return self._found

    async def _ask(self) -> Backlog | None:
        at = self.clock()
        try:
            async with asyncio.timeout(self.patience_s), self.store.read() as work:
                return await work.backlog.read(at=at, soon=self.soon(at))
        except (StoreError, TimeoutError, OSError):
            return None
