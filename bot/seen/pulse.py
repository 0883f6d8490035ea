"""
Whether this worker may take turns and lead: it takes a turn of its own every few seconds.

That is asked, and not whether there is a connection: one that comes and goes, or that gives no
locks, is of no use to those who wait for an answer.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from bot.coordination.base import Coordination
from bot.seen.readiness import Part
from bot.types import Address

BEAT_S: Final = 5.0
OFF_S: Final = 30.0  # without a turn; a server that is started again takes less


@dataclass(slots=True, kw_only=True)
class Pulse:
    """`tick` counts seconds."""

    coordination: Coordination
    beat_s: float = BEAT_S
    off_s: float = OFF_S
    tick: Callable[[], float] = time.monotonic
    _beat_at_s: float | None = None  # the last one

    async def run(self) -> None:
        """Go on until cancelled; a worker alone has nobody to agree with, and returns."""
        mine = Address("worker", uuid4().hex)  # no conversation, and no other worker's
        while self.coordination.shared:
            async with self.coordination.turn(mine):
                self._beat_at_s = self.tick()
            await asyncio.sleep(self.beat_s)

    def part(self) -> Part | None:
        """How the agreement with other workers stands; None: there are no others."""
        if not self.coordination.shared:
            return None
        if self._beat_at_s is None:
            return Part.STARTING
        return Part.DOWN if self.tick() - self._beat_at_s > self.off_s else Part.OK
