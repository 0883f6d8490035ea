"""Which release its followers are told of, and when: a release must stay for a while."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.push.runs import Run, following

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DELAY = timedelta(minutes=15)


def minutes(count: int) -> datetime:
    return NOON + timedelta(minutes=count)


def after(*served: tuple[int, str]) -> Run:
    """The run after a look at each minute with the release that was served then."""
    last: Run | None = None
    for minute, release in served:
        last = following(last, release, at=minutes(minute), delay=DELAY)
    assert last is not None
    return last


def test_the_first_release_is_told_to_nobody() -> None:
    assert after((0, "A")) == Run(id=1, release="A", seen=NOON, begun=NOON, ended=NOON)
    assert after((0, "A"), (60, "A")) == after((0, "A"))


def test_a_new_release_waits_for_its_time() -> None:
    waiting = Run(id=2, release="B", seen=minutes(1))
    assert after((0, "A"), (1, "B")) == waiting
    assert after((0, "A"), (1, "B"), (15, "B")) == waiting
    begun = Run(id=2, release="B", seen=minutes(1), begun=minutes(16))
    assert after((0, "A"), (1, "B"), (16, "B")) == begun
    assert begun.goes_on


def test_a_release_that_is_switched_back_in_time_is_not_told() -> None:
    back = after((0, "A"), (1, "B"), (10, "A"))
    assert back == Run(id=2, release="A", seen=minutes(10))
    assert not after((0, "A"), (1, "B"), (10, "A"), (20, "A")).goes_on


def test_several_releases_in_a_row_are_one() -> None:
    last = after((0, "A"), (1, "B"), (10, "C"), (24, "C"))
    assert last == Run(id=2, release="C", seen=minutes(10))
    assert after((0, "A"), (1, "B"), (10, "C"), (25, "C")).goes_on


def test_a_run_ends_when_another_release_is_served() -> None:
    steps = (0, "A"), (1, "B"), (16, "B"), (17, "C")
    ended = Run(id=2, release="B", seen=minutes(1), begun=minutes(16), ended=minutes(17))
    assert after(*steps) == ended
    assert after(*steps, (18, "C")) == Run(id=3, release="C", seen=minutes(18))
