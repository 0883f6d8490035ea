"""
How a worker steps down by itself, and up again. Pure.

Down at once, to where the trouble is; up one step after each quiet time, so that something that
comes and goes does not take the bot up and down with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.degrade.level import Cause, Level, lower

QUIET: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong now: no better level than this one is possible."""

    level: Level
    why: Cause


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a worker stands by itself."""

    level: Level = Level.FULL
    why: Cause | None = None
    since: datetime | None = None  # when it got there
    troubled: datetime | None = None  # when it got there, or had trouble last


def stepped(before: Standing, trouble: Trouble | None, *, at: datetime) -> Standing:
    """Where it stands after a look at what is wrong."""
    if trouble is not None and lower(trouble.level, before.level) is not before.level:
        return Standing(trouble.level, trouble.why, at, at)
    if trouble is not None and trouble.level is before.level:
        # It came up to here by itself, and this is why it comes no further.
        why = trouble.why if before.why is Cause.QUIET else before.why
        return replace(before, why=why, troubled=at)
    quiet = before.troubled is not None and at - before.troubled >= QUIET
    if before.level is Level.FULL or not quiet:
        return before
    above = before.level.above
    why = trouble.why if trouble is not None and trouble.level is above else Cause.QUIET
    return Standing(above, why, at, at)
