"""Which period a dashboard is of, as its address says it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from bot.desk.reports.figures import Period
from bot.desk.workdays import DAY

LONGEST: Final = timedelta(days=366)  # a longer one is read for too long
EARLIEST: Final = 2000


def _month(today: date) -> Period:
    return Period(first=today.replace(day=1), last=today)


def _last_month(today: date) -> Period:
    last = today.replace(day=1) - DAY
    return Period(first=last.replace(day=1), last=last)


def _last_days(count: int) -> Callable[[date], Period]:
    return lambda today: Period(first=today - DAY * (count - 1), last=today)


def _year(today: date) -> Period:
    return Period(first=today.replace(month=1, day=1), last=today)


@dataclass(frozen=True, slots=True)
class Preset:
    name: str
    period: Callable[[date], Period]  # of a day, today


MONTH: Final = "month"
PRESETS: Final[Mapping[str, Preset]] = {
    MONTH: Preset("This month", _month),
    "last-month": Preset("Last month", _last_month),
    "7-days": Preset("7 days", _last_days(7)),
    "90-days": Preset("90 days", _last_days(90)),
    "year": Preset("This year", _year),
}


@dataclass(frozen=True, slots=True)
class Choice:
    period: Period
    preset: str = ""  # the key of the one that was chosen; empty: days of one's own
    refused: bool = False  # what was asked for is no period, so it is another one

    @property
    def query(self) -> str:
        """The same days, whatever day it is then."""
        first, last = self.period.first.isoformat(), self.period.last.isoformat()
        return urlencode({"from": first, "until": last})


def chosen(query: Mapping[str, str], *, today: date) -> Choice:
    """This month where nothing else is said."""
    preset = query.get("period", "")
    first, last = query.get("from", "").strip(), query.get("until", "").strip()
    if preset in PRESETS or not (first or last):
        key = preset if preset in PRESETS else MONTH
        return Choice(PRESETS[key].period(today), key)
    try:
        period = Period.given(_day(first), _day(last), today=today)
    except ValueError:
        period = None
    if period is None or not _is_near(period, today):
        return Choice(_month(today), MONTH, refused=True)
    return Choice(period)


def _is_near(period: Period, today: date) -> bool:
    """Whether it is short enough, and so near that the calendar has the days around it."""
    near = period.first.year >= EARLIEST and period.last <= today + LONGEST
    return near and period.last - period.first <= LONGEST


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
