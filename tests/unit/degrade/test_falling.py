"""Down at once, up step by step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.degrade.falling import QUIET, Standing, Trouble, stepped
from bot.degrade.level import Cause, Level

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PEOPLE = Trouble(Level.PEOPLE, Cause.FAILING)
QUOTATION = Trouble(Level.QUOTATION, Cause.NO_VECTORS)


def test_trouble_takes_it_down_at_once() -> None:
    down = Standing(Level.PEOPLE, Cause.FAILING, since=NOON, troubled=NOON)
    assert stepped(Standing(), PEOPLE, at=NOON) == down


def test_it_comes_up_one_step_after_each_quiet_time() -> None:
    standing, at, seen = stepped(Standing(), PEOPLE, at=NOON), NOON, []
    for _ in range(4):
        at += QUIET
        early = stepped(standing, None, at=at - timedelta(seconds=1))
        assert early == standing, "not before its time"
        standing = stepped(standing, None, at=at)
        seen.append(standing.level)
    assert seen == [Level.PUBLISHED, Level.QUOTATION, Level.FULL, Level.FULL]


def test_trouble_that_goes_on_starts_the_quiet_time_anew() -> None:
    standing = stepped(Standing(), PEOPLE, at=NOON)
    standing = stepped(standing, PEOPLE, at=NOON + QUIET)
    assert stepped(standing, None, at=NOON + QUIET * 1.5).level is Level.PEOPLE
    assert standing.since == NOON, "it is still the same time of people only"


def test_new_trouble_on_the_way_up_takes_it_down_again() -> None:
    standing = stepped(stepped(Standing(), PEOPLE, at=NOON), None, at=NOON + QUIET)
    assert stepped(standing, PEOPLE, at=NOON + QUIET).level is Level.PEOPLE


def test_what_stops_it_on_the_way_up_is_named() -> None:
    standing, at, seen = stepped(Standing(), PEOPLE, at=NOON), NOON, []
    for _ in range(4):
        at += QUIET
        standing = stepped(standing, QUOTATION, at=at)
        seen.append((standing.level, standing.why))
    assert seen == [
        (Level.PUBLISHED, Cause.QUIET),
        *[(Level.QUOTATION, Cause.NO_VECTORS)] * 3,
    ]


def test_trouble_that_comes_where_it_stands_for_quiet_is_named() -> None:
    standing = Standing(Level.QUOTATION, Cause.QUIET, since=NOON, troubled=NOON)
    later = NOON + QUIET / 2
    assert stepped(standing, QUOTATION, at=later) == Standing(
        Level.QUOTATION, Cause.NO_VECTORS, since=NOON, troubled=later
    )
