"""Nobody is written to at night, whatever the clocks do."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.quiet import Quiet

SHANGHAI = "Asia/Shanghai"
BERLIN = "Europe/Berlin"  # forward on 2026-03-29 at 02:00, back on 2026-10-25 at 03:00
NEW_YORK = "America/New_York"  # forward on 2026-03-08 at 02:00


@pytest.mark.parametrize(
    ("hours", "zone", "at", "until"),
    [
        ("21:30-08:30", SHANGHAI, "2026-11-23T12:00+08:00", "2026-11-23T12:00+08:00"),
        ("21:30-08:30", SHANGHAI, "2026-11-23T21:29+08:00", "2026-11-23T21:29+08:00"),
        ("21:30-08:30", SHANGHAI, "2026-11-23T21:30+08:00", "2026-11-24T08:30+08:00"),
        ("21:30-08:30", SHANGHAI, "2026-11-24T03:00+08:00", "2026-11-24T08:30+08:00"),
        ("21:30-08:30", SHANGHAI, "2026-11-24T08:30+08:00", "2026-11-24T08:30+08:00"),
        ("21:30-08:30", SHANGHAI, "2026-11-23T14:00+00:00", "2026-11-24T08:30+08:00"),
        ("12:00-14:00", SHANGHAI, "2026-11-23T13:00+08:00", "2026-11-23T14:00+08:00"),
        ("12:00-14:00", SHANGHAI, "2026-11-23T23:00+08:00", "2026-11-23T23:00+08:00"),
        ("", SHANGHAI, "2026-11-23T03:00+08:00", "2026-11-23T03:00+08:00"),
        ("08:00-08:00", SHANGHAI, "2026-11-23T08:00+08:00", "2026-11-23T08:00+08:00"),
        # The night is an hour shorter, the morning comes at the same time of the day.
        ("22:00-07:00", BERLIN, "2026-03-28T23:00+01:00", "2026-03-29T07:00+02:00"),
        ("22:00-07:00", BERLIN, "2026-10-24T23:00+02:00", "2026-10-25T07:00+01:00"),
        # The end itself is skipped: 02:30 never comes.
        ("22:00-02:30", NEW_YORK, "2026-03-08T01:00-05:00", "2026-03-08T03:30-04:00"),
        # The end comes twice: the first one counts, and what lies between is not put off.
        ("22:00-02:30", BERLIN, "2026-10-25T02:10+02:00", "2026-10-25T02:30+02:00"),
        ("22:00-02:30", BERLIN, "2026-10-25T02:10+01:00", "2026-10-25T02:10+01:00"),
    ],
)
def test_when_one_may_write(hours: str, zone: str, at: str, until: str) -> None:
    quiet = Quiet.parse(hours, ZoneInfo(zone))
    assert quiet.until(datetime.fromisoformat(at)) == datetime.fromisoformat(until)


@pytest.mark.parametrize("hours", ["at night", "21:30", "25:00-08:00", "21:30-08:60", "9-10"])
def test_hours_that_nobody_can_read_are_refused(hours: str) -> None:
    with pytest.raises(ValueError, match=r"must be|hour|minute"):
        Quiet.parse(hours, ZoneInfo(SHANGHAI))
