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
    """Where a worker stands by itself. `since` is when it got there, or had trouble last."""

    level: Level = Level.FULL
    why: Cause | None = None
    since: datetime | None = None


def stepped(before: Standing, trouble: Trouble | None, *, at: datetime) -> Standing:
    """Where it stands after a look at what is wrong."""
    if trouble is not None and lower(trouble.level, before.level) is not before.level:
        return Standing(trouble.level, trouble.why, at)
    if trouble is not None and trouble.level is before.level:
        return replace(before, since=at)
    quiet = before.since is not None and at - before.since >= QUIET
    if before.level is Level.FULL or not quiet:
        return before
    return Standing(before.level.above, Cause.QUIET, at)
