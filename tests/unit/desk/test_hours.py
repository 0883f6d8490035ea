"""When a department is there. The days are those of the State Council's calendar for 2026."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.desk.hours import ALWAYS, Hours
from bot.desk.workdays import Calendar

HERE = ZoneInfo("Asia/Shanghai")
OFFICE = Hours.parse("Mon-Fri 09:00-12:00,14:00-17:30; Sat 09:00-12:00")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HERE)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-23 09:00", "2026-11-23 09:00"),  # a Monday
        ("2026-11-23 11:59", "2026-11-23 11:59"),
        ("2026-11-23 12:00", "2026-11-23 14:00"),
        ("2026-11-23 08:59", "2026-11-23 09:00"),
        ("2026-11-23 17:30", "2026-11-24 09:00"),
        ("2026-11-27 18:00", "2026-11-28 09:00"),  # Friday evening: Saturday morning
        ("2026-11-28 12:00", "2026-11-30 09:00"),
        ("2026-10-10 15:00", "2026-10-10 15:00"),  # a Saturday that is worked for it
    ],
)
def test_the_next_opening(now: str, opens: str) -> None:
    assert OFFICE.next(at(now), Calendar()) == at(opens)


def test_public_holidays_are_no_weekdays() -> None:
    weekdays = Hours.parse("Mon-Fri 09:00-17:00")
    assert weekdays.next(at("2026-09-30 18:00"), Calendar()) == at("2026-10-08 09:00")


def test_no_hours_are_always() -> None:
    midnight = at("2026-10-01 00:00")
    assert ALWAYS.next(midnight, Calendar()) == midnight
    assert Hours.parse("") == ALWAYS


def test_a_holiday_has_sundays_hours() -> None:
    daily = Hours.parse("Mon-Sun 08:00-24:00")
    assert daily.next(at("2026-10-01 23:59"), Calendar()) == at("2026-10-01 23:59")


def test_days_may_wrap_around_the_week() -> None:
    assert str(Hours.parse("sat-mon 9:00-10:00")) == "Mon,Sat,Sun 09:00-10:00"


def test_hours_are_shown_as_they_can_be_written() -> None:
    written = str(OFFICE)
    assert written == "Mon,Tue,Wed,Thu,Fri 09:00-12:00,14:00-17:30; Sat 09:00-12:00"
    assert Hours.parse(written) == OFFICE


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("9 to 5", "'9 to 5' cannot be read"),
        ("Mon-Fri", "'Mon-Fri' cannot be read"),
        ("Mon-Fir 09:00-12:00", "'Mon-Fir' is no day of the week"),
        ("Mon 09:00", "'09:00' are no two times of the day"),
        ("Mon 09:00-12:60", "does not end after it begins"),
        ("Mon 22:00-06:00", 'write two, "22:00-24:00"'),
        ("Mon 09:00-25:00", "does not end after it begins"),
    ],
)
def test_what_cannot_be_read_says_how_to_write_it(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        Hours.parse(text)
    assert problem in str(refused.value)
