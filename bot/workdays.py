"""
Working days. Pure.

Until the desk has a calendar of its own (public holidays, and the weekends that are worked for
them) these are Monday to Friday: a due date may be named too early, around long holidays.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

SATURDAY: Final = 5


def after(day: date, working_days: int) -> date:
    """The last of so many working days that follow the day."""
    while working_days:
        day += timedelta(days=1)
        working_days -= day.weekday() < SATURDAY
    return day
