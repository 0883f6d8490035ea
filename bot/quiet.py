"""The hours of the night in which nobody is written to unasked. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final, Self
from zoneinfo import ZoneInfo

_HOURS: Final = re.compile(r"\s*(\d{1,2}):(\d{2})\s*[-–~]\s*(\d{1,2}):(\d{2})\s*")


@dataclass(frozen=True, slots=True)
class Quiet:
    """From one time of the day to another, on the clocks of a place; none if they are equal."""

    begins: time
    ends: time
    zone: ZoneInfo

    @classmethod
    def parse(cls, hours: str, zone: ZoneInfo) -> Self:
        """Read "21:30-08:30"; "" for none. Raise ValueError for anything else."""
        if not hours.strip():
            return cls(time(0), time(0), zone)
        found = _HOURS.fullmatch(hours)
        if found is None:
            raise ValueError('must be two times of the day, such as "21:30-08:30", or empty')
        first, second, third, fourth = (int(part) for part in found.groups())
        return cls(time(first, second), time(third, fourth), zone)

    def until(self, at: datetime) -> datetime:
        """
        Return when one may write: `at` itself, or the end of the quiet hours that it lies in.

        `at` is aware; the result is in UTC. An end that the clocks skip in spring is as long
        after the skip began; one that they show twice in autumn is the first of the two.
        """
        here = at.astimezone(self.zone)
        if not self._covers(here.time()):
            return at.astimezone(UTC)
        tomorrow = self.begins > self.ends and here.time() >= self.begins
        day = here.date() + timedelta(days=int(tomorrow))
        end = datetime.combine(day, self.ends, self.zone).astimezone(UTC)
        # In the hour that the clocks show twice, the first end may have passed.
        return max(end, at.astimezone(UTC))

    def _covers(self, now: time) -> bool:
        if self.begins <= self.ends:
            return self.begins <= now < self.ends
        return now >= self.begins or now < self.ends
