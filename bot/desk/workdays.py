"""
Working days: which days count for a deadline. Pure.

In China a public holiday moves weekends: those around it are worked. Which ones the State Council
says each year in November, and the package chinesecalendar knows it. Behind the last year that it
knows all weekdays count, so there a due date may be named too early or too late: `problem` says
so, and `run_bot.py check` shows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

import chinese_calendar

SATURDAY: Final = 5
DAY: Final = timedelta(days=1)
# Days ahead that a calendar must know: forty working days, the longest term there is, with the
# holidays of the Spring Festival among them.
AHEAD: Final = timedelta(days=75)
KNOWN_UNTIL: Final = date(max(chinese_calendar.holidays).year, 12, 31)


class Week(StrEnum):
    """Which days are worked where nothing else is said."""

    CHINA = "china"  # as the State Council arranges it
    WEEKDAYS = "weekdays"  # Monday to Friday, always


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The days that `holidays` and `workdays` name are so whatever the week says."""

    week: Week = Week.CHINA
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()

    def works(self, day: date) -> bool:
        if day in self.workdays:
            return True
        if day in self.holidays:
            return False
        # Not chinese_calendar.is_workday: it refuses days of years that it does not know.
        if self.week is Week.CHINA and day in chinese_calendar.workdays:
            return True
        off = self.week is Week.CHINA and day in chinese_calendar.holidays
        return day.weekday() < SATURDAY and not off

    def after(self, day: date, working_days: int) -> date:
        """The last of so many working days that follow the day; with none, the day itself."""
        while working_days > 0:
            day += DAY
            working_days -= self.works(day)
        return day

    def reached(self, day: date) -> date:
        """The day itself if it is a working day, else the next one."""
        while not self.works(day):
            day += DAY
        return day

    def between(self, first: date, last: date) -> int:
        """How many working days follow `first` up to `last`; below 0 where that is earlier."""
        if last < first:
            return -self.between(last, first)
        count = 0
        while first < last:
            first += DAY
            count += self.works(first)
        return count

    @property
    def known_until(self) -> date:
        """The last day that the holidays are known of."""
        return KNOWN_UNTIL if self.week is Week.CHINA else date.max

    def problem(self, today: date) -> str:
        """What is wrong with it for the deadlines of these days; empty if nothing is."""
        until = self.known_until
        if until == date.max or today + AHEAD <= until:
            return ""
        ends = "ended" if until < today else "ends"
        return (
            f"the calendar of holidays {ends} on {until}, and after it only weekends are off: run "
            "pip install --upgrade chinesecalendar, or name days in EXTRA_HOLIDAYS and "
            "EXTRA_WORKDAYS"
        )


CHINA: Final = Calendar()


def read_days(text: str) -> frozenset[date]:
    """Days as a setting names them: "2026-04-20,2026-04-21". Raise ValueError."""
    return frozenset(_day(part.strip()) for part in text.split(",") if part.strip())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no day; write 2026-04-20,2026-04-21") from None
