"""One block at a time has a key, within this process; who comes first is first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Line:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    here: int = 0  # who has the key, and who waits for it


class Turns:
    def __init__(self) -> None:
        self._lines: dict[Hashable, _Line] = {}

    @asynccontextmanager
    async def of(self, key: Hashable) -> AsyncIterator[None]:
        line = self._lines.setdefault(key, _Line())
        line.here += 1
        try:
            async with line.lock:
                yield
        finally:
            line.here -= 1
            if not line.here:
                del self._lines[key]
