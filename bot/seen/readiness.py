"""
Whether the bot can serve, part by part: for whoever sends it citizens, or takes it out of service.

Without a release it serves all the same, for questions then go to staff; only while the first one
is being loaded it does not. What another process may do for it (to take in what Telegram has) does
not decide, as long as its own page takes messages in. Of several workers one that cannot agree
with the others does not serve: what it takes in, it may not handle.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeAlias

from bot.seen.standing import Standing


class Part(StrEnum):
    """How a part stands. Words of ours alone: whoever asks may be anybody."""

    OK = "ok"
    DEGRADED = "degraded"  # it does not work, and the bot does without it on purpose
    STARTING = "starting"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Ready:
    parts: Mapping[str, Part]

    def __bool__(self) -> bool:
        return {Part.OK, Part.DEGRADED} >= set(self.parts.values())


Readiness: TypeAlias = Callable[[], Awaitable[Ready]]


class Serving(Protocol):
    """What is looked at of an index."""

    @property
    def release(self) -> str:
        """Name of the release that is served, or ""."""

    @property
    def problem(self) -> str:
        """Why no release, or not the newest, is served."""


def index_part(index: Serving) -> Part:
    if index.release:
        return Part.DEGRADED if index.problem else Part.OK
    return Part.DEGRADED if index.problem else Part.STARTING


@dataclass(frozen=True, slots=True, kw_only=True)
class Readier:
    """Asks each part; the store's answer is kept for some seconds, so probes cost nothing."""

    standing: Standing
    index: Serving
    agreement: Callable[[], Part | None]  # with other workers; None: there are none
    listening: Callable[[], bool]
    full: Callable[[], bool]

    async def __call__(self) -> Ready:
        store = Part.OK if await self.standing.read() is not None else Part.DOWN
        channels = Part.OK if self.listening() else Part.STARTING
        level = Part.OK if self.full() else Part.DEGRADED
        index = index_part(self.index)
        parts = {"store": store, "index": index, "channels": channels, "level": level}
        agreement = self.agreement()
        return Ready(parts if agreement is None else {**parts, "coordination": agreement})
