"""Working days, with days of real years written by hand from the State Council's notices."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.workdays import Calendar, Week, read_days

CHINA = Calendar()
MONDAY, THURSDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 26), date(2026, 11, 27)
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@pytest.mark.parametrize(
    ("day", "working_days", "due"),
    [
        (MONDAY, 0, MONDAY),
        (MONDAY, 2, date(2026, 11, 25)),
        (THURSDAY, 2, date(2026, 11, 30)),
        (FRIDAY, 1, date(2026, 11, 30)),
        (date(2026, 11, 28), 1, date(2026, 11, 30)),  # asked on a Saturday
        (FRIDAY, 5, date(2026, 12, 4)),
    ],
)
def test_weekends_do_not_count(day: date, working_days: int, due: date) -> None:
    assert CHINA.after(day, working_days) == due


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2025, 1, 1), date(2025, 1, 1)),  # New Year
        (date(2025, 1, 28), date(2025, 2, 4)),  # Spring Festival: eight days since 2025
        (date(2025, 5, 1), date(2025, 5, 5)),  # Labour Day
        (date(2025, 10, 1), date(2025, 10, 8)),  # National Day with Mid-Autumn
        (date(2026, 1, 1), date(2026, 1, 3)),
        (date(2026, 2, 15), date(2026, 2, 23)),  # Spring Festival: nine days
        (date(2026, 6, 19), date(2026, 6, 21)),  # Dragon Boat
        (date(2026, 9, 25), date(2026, 9, 27)),  # Mid-Autumn
        (date(2026, 10, 1), date(2026, 10, 7)),  # National Day
    ],
)
def test_public_holidays_do_not_count(first: date, last: date) -> None:
    assert [day for day in days(first, last) if CHINA.works(day)] == []
    assert CHINA.after(first - timedelta(days=1), 1) > last


@pytest.mark.parametrize(
    "day",
    [
        date(2025, 1, 26),  # a Sunday, for the Spring Festival
        date(2025, 9, 28),  # a Sunday, for National Day
        date(2025, 10, 11),  # a Saturday, for National Day
        date(2026, 1, 4),  # a Sunday, for New Year
        date(2026, 2, 14),  # a Saturday, for the Spring Festival
        date(2026, 2, 28),
        date(2026, 9, 20),  # a Sunday, for National Day
        date(2026, 10, 10),  # a Saturday, for National Day
    ],
)
def test_weekends_that_are_worked_for_a_holiday_count(day: date) -> None:
    assert day.weekday() >= 5
    assert CHINA.works(day)
    assert not Calendar(week=Week.WEEKDAYS).works(day)


@pytest.mark.parametrize(
    ("asked", "working_days", "due"),
    [
        # Tuesday: 30 September counts; then 9, 10 and Saturday 11 October; then Monday 13.
        (date(2025, 9, 29), 1, date(2025, 9, 30)),
        (date(2025, 9, 29), 2, date(2025, 10, 9)),
        (date(2025, 9, 29), 4, date(2025, 10, 11)),
        (date(2025, 9, 29), 5, date(2025, 10, 13)),
        # Friday before the Spring Festival of 2026: Saturday 14 is worked, 15 to 23 are off.
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        (date(2026, 2, 13), 6, date(2026, 2, 28)),
        (date(2026, 2, 16), 1, date(2026, 2, 24)),  # asked on a holiday
        # Twenty working days over the Spring Festival of 2025, by hand: 21 to 24 and Sunday 26
        # and 27 January are 6; 5 to 8 (Saturday) and 10 to 14 February 9 more; 17 to 21 the rest.
        (date(2025, 1, 20), 20, date(2025, 2, 21)),
    ],
)
def test_days_are_counted_over_holidays(asked: date, working_days: int, due: date) -> None:
    assert CHINA.after(asked, working_days) == due


def test_after_the_last_year_that_is_known_it_is_monday_to_friday() -> None:
    assert CHINA.known_until >= date(2026, 12, 31)
    unknown = date(CHINA.known_until.year + 1, 1, 1)
    year = days(unknown, date(unknown.year, 12, 31))
    assert [day for day in year if CHINA.works(day) != (day.weekday() < 5)] == []


def test_local_days_win() -> None:
    festival, sunday = date(2026, 4, 20), date(2026, 4, 26)  # a Monday; the Sunday after it
    local = Calendar(holidays=frozenset({festival}), workdays=frozenset({sunday}))
    assert not local.works(festival)
    assert local.works(sunday)
    assert local.after(date(2026, 4, 17), 1) == date(2026, 4, 21)


def test_elsewhere_no_chinese_holiday_counts() -> None:
    elsewhere = Calendar(week=Week.WEEKDAYS, holidays=frozenset({date(2026, 12, 25)}))
    assert elsewhere.works(date(2026, 10, 1))
    assert elsewhere.after(date(2026, 12, 24), 1) == date(2026, 12, 28)


@given(DAYS, st.integers(min_value=0, max_value=60))
def test_what_is_counted_forward_is_counted_back(day: date, working_days: int) -> None:
    assert CHINA.between(day, CHINA.after(day, working_days)) == working_days


@given(DAYS, DAYS)
def test_between_counts_the_days_one_by_one(one: date, other: date) -> None:
    first, last = sorted((one, other))
    counted = sum(CHINA.works(day) for day in days(first, last)[1:])
    assert CHINA.between(first, last) == counted
    assert CHINA.between(last, first) == -counted


def test_days_are_read_from_a_setting() -> None:
    assert read_days("") == frozenset()
    assert read_days(" 2026-04-20, 2026-04-21 ") == {date(2026, 4, 20), date(2026, 4, 21)}
    with pytest.raises(ValueError, match=r"20\.4\.2026"):
        read_days("2026-04-20,20.4.2026")


def test_a_calendar_says_when_it_ends() -> None:
    until = CHINA.known_until
    assert CHINA.problem(until - timedelta(days=90)) == ""
    assert str(until) in CHINA.problem(until - timedelta(days=30))
    assert "ended" in CHINA.problem(until + timedelta(days=1))
    assert Calendar(week=Week.WEEKDAYS).problem(until + timedelta(days=1)) == ""
