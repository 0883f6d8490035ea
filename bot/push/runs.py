"""
When the followers of a release are told. Pure: one table of what follows what.

A release that was switched back before its time is never told. What a run did not get to when
another release came is told with that one: each subscription knows what it was told last.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Telling the followers of one release. Waiting, then going on, then over."""

    id: int
    release: str
    seen: datetime  # first seen as the one that is served
    begun: datetime | None = None
    ended: datetime | None = None

    @property
    def goes_on(self) -> bool:
        return self.begun is not None and self.ended is None


def following(last: Run | None, served: str, *, at: datetime, delay: timedelta) -> Run:
    """Return the run as it is now: the last one as it was or changed, or the next one."""
    if last is None:  # there is nothing that anybody could have been told before
        return Run(id=1, release=served, seen=at, begun=at, ended=at)
    if last.ended is not None:
        same = served == last.release
        return last if same else Run(id=last.id + 1, release=served, seen=at)
    if served != last.release:
        if last.begun is not None:
            return replace(last, ended=at)
        return replace(last, release=served, seen=at)
    if last.begun is None and at - last.seen >= delay:
        return replace(last, begun=at)
    return last
