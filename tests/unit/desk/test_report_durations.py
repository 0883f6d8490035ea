"""Time in working days, against the calendar of late 2026."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.desk.reports.durations import Durations, working_days
from bot.desk.workdays import CHINA
from tests.unit.desk.office import HERE


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HERE)


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        ("2026-11-23T06:00", "2026-11-23T18:00", 0.5),  # within a Monday
        ("2026-11-23T12:00", "2026-11-24T12:00", 1.0),
        ("2026-11-27T18:00", "2026-11-30T06:00", 0.5),  # over a weekend
        ("2026-11-28T01:00", "2026-11-29T23:00", 0.0),  # within a weekend
        ("2026-11-28T12:00", "2026-11-30T12:00", 0.5),  # written on a Saturday
        ("2026-09-30T12:00", "2026-10-08T12:00", 1.0),  # over the National Day
        ("2026-10-10T00:00", "2026-10-11T00:00", 1.0),  # a Saturday that is worked for it
        ("2026-11-24T12:00", "2026-11-23T12:00", 0.0),
    ],
)
def test_only_working_days_count(since: str, until: str, days: float) -> None:
    assert working_days(CHINA, moment(since), moment(until)) == pytest.approx(days)


def test_the_quantiles_are_values_that_were_there() -> None:
    durations = Durations()
    for days in (9.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0):
        durations.add(days, in_time=days <= 8)
    assert list(durations.figures("answer")) == [
        ("answer_median_days", 5.0),
        ("answer_p90_days", 9.0),
        ("answer_in_time_share", 0.8),
    ]


def test_what_is_overdue_and_not_done_is_not_in_time() -> None:
    durations = Durations()
    durations.add(1.0, in_time=True)
    durations.missed()
    assert dict(durations.figures("answer"))["answer_in_time_share"] == 0.5


def test_of_nothing_there_is_no_figure() -> None:
    assert {value for _, value in Durations().figures("answer")} == {None}
