"""When a department is there: days of the week and times of the day. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Self

from bot.desk.workdays import SATURDAY, Calendar

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONDAY: Final = 0
_SUNDAY: Final = 6
_LONGEST: Final = 60  # days that are looked ahead for the next opening
_ENTRY: Final = re.compile(r"(?P<days>[a-z ,-]+?)\s+(?P<times>\d[\d:,\s-]*)", re.IGNORECASE)
_TIMES: Final = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
_FORM: Final = 'write hours such as "Mon-Fri 09:00-12:00,14:00-17:30; Sat 09:00-12:00"'


@dataclass(frozen=True, slots=True, order=True)
class Opening:
    """Minutes of the day, from the first until before the last."""

    day: int  # of the week, Monday is 0
    begins: int
    ends: int


@dataclass(frozen=True, slots=True)
class Hours:
    """
    Openings within a week; none at all means always.

    A weekday that is a public holiday has the hours of a Sunday, a weekend that is worked for one
    those of a Monday.
    """

    openings: tuple[Opening, ...] = ()  # in order

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "Mon-Fri 09:00-12:00,14:00-17:30; Sat 09:00-12:00". Raise ValueError."""
        entries = (_entry(part) for part in text.split(";") if part.strip())
        return cls(tuple(sorted(opening for entry in entries for opening in entry)))

    def __str__(self) -> str:
        days: dict[str, list[str]] = {}
        for day, name in enumerate(DAYS):
            times = ",".join(_span(o) for o in self.openings if o.day == day)
            if times:
                days.setdefault(times, []).append(name.capitalize())
        return "; ".join(f"{','.join(names)} {times}" for times, names in days.items()) or "always"

    def next(self, at: datetime, calendar: Calendar) -> datetime | None:
        """
        Return `at` if it lies within them, else when the next opening begins; None if none does.

        `at` is aware, in the bureau's own zone.
        """
        if not self.openings:
            return at
        midnight = datetime.combine(at.date(), datetime.min.time(), at.tzinfo)
        for ahead in range(_LONGEST):
            day = midnight + timedelta(days=ahead)
            for opening in self._on(_weekday(day.date(), calendar)):
                if at < day + timedelta(minutes=opening.ends):
                    return max(at, day + timedelta(minutes=opening.begins))
        return None

    def _on(self, weekday: int) -> Sequence[Opening]:
        return [opening for opening in self.openings if opening.day == weekday]


ALWAYS: Final = Hours()


def _weekday(day: date, calendar: Calendar) -> int:
    """The day of the week whose hours it has."""
    weekend, works = day.weekday() >= SATURDAY, calendar.works(day)
    if weekend and works:
        return _MONDAY
    return day.weekday() if weekend or works else _SUNDAY


def _entry(text: str) -> Sequence[Opening]:
    found = _ENTRY.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text.strip()!r} cannot be read; {_FORM}")
    days = [day for part in found["days"].split(",") for day in _days(part.strip())]
    times = [_times(part.strip()) for part in found["times"].split(",")]
    return [Opening(day, begins, ends) for day in days for begins, ends in times]


def _days(text: str) -> Sequence[int]:
    names = [name.strip().lower()[:3] for name in text.split("-")]
    if not 1 <= len(names) <= 2 or any(name not in DAYS for name in names):  # noqa: PLR2004 - from, to
        raise ValueError(f"{text!r} is no day of the week; {_FORM}")
    first, last = DAYS.index(names[0]), DAYS.index(names[-1])
    return range(first, last + 1) if first <= last else (*range(first, 7), *range(last + 1))


def _times(text: str) -> tuple[int, int]:
    found = _TIMES.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} are no two times of the day; {_FORM}")
    hour, minute, last_hour, last_minute = (int(part) for part in found.groups())
    begins, ends = hour * 60 + minute, last_hour * 60 + last_minute
    if max(minute, last_minute) >= 60 or not begins < ends <= 24 * 60:  # noqa: PLR2004 - of a clock
        raise ValueError(
            f"{text!r} does not end after it begins on the same day; for a night write two, "
            '"22:00-24:00" and "00:00-06:00" on the day after'
        )
    return begins, ends


def _span(opening: Opening) -> str:
    begins, ends = divmod(opening.begins, 60), divmod(opening.ends, 60)
    return f"{begins[0]:02}:{begins[1]:02}-{ends[0]:02}:{ends[1]:02}"
