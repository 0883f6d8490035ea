"""How long things took, in working days, and how much of it was in time. Pure."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Final

from bot.desk.reports.figures import Value, share
from bot.desk.workdays import DAY, Calendar

MEDIAN: Final = 0.5
MOST: Final = 0.9  # of ten citizens nine waited no longer


def working_days(calendar: Calendar, since: datetime, until: datetime) -> float:
    """
    The time between two moments as far as it lies on working days; a whole one counts 1.

    Both are aware, in the bureau's own zone. 0 where `until` is not later.
    """
    if until <= since:
        return 0.0
    first, last = since.date(), until.date()
    begun = _of_day(since) if calendar.works(first) else 0.0
    ended = _of_day(until) if calendar.works(last) else 0.0
    # From the midnight before the first day to that before the last, less what had passed.
    return calendar.between(first - DAY, last - DAY) - begun + ended


def _of_day(moment: datetime) -> float:
    """The part of its day that has passed by then."""
    passed = datetime.combine(moment.date(), moment.timetz()) - datetime.combine(
        moment.date(), time(0), moment.tzinfo
    )
    return passed / timedelta(days=1)


@dataclass(slots=True)
class Durations:
    """Eight bytes for each; exact quantiles need all of them."""

    _days: array[float] = field(default_factory=lambda: array("d"))
    _in_time: int = 0
    _late: int = 0

    def __len__(self) -> int:
        return len(self._days)

    def add(self, days: float, *, in_time: bool) -> None:
        self._days.append(days)
        self._in_time += in_time
        self._late += not in_time

    def missed(self) -> None:
        """It was due, and has not come yet."""
        self._late += 1

    def figures(self, name: str) -> Iterator[tuple[str, Value]]:
        yield f"{name}_median_days", self.quantile(MEDIAN)
        yield f"{name}_p90_days", self.quantile(MOST)
        yield f"{name}_in_time_share", share(self._in_time, self._in_time + self._late)

    def quantile(self, part: float) -> float | None:
        """The smallest that at least this part does not exceed, to a hundredth of a day."""
        if not self._days:
            return None
        ordered = sorted(self._days)
        return round(ordered[max(0, math.ceil(part * len(ordered)) - 1)], 2)
