from __future__ import annotations

from datetime import date

import pytest

from bot.workdays import after

MONDAY, THURSDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 26), date(2026, 11, 27)


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
    assert after(day, working_days) == due
