"""A week of many tickets, with faults: nothing is lost, nothing said twice, the log is whole."""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.desk.clocks import Clocks
from bot.desk.moves import Move
from tests.unit.desk.ledger import Kept, Replay, check
from tests.unit.desk.office import HERE, store_of
from tests.unit.desk.staff import ROSTER
from tests.unit.desk.week import HOURS, Week

MOST_DAYS = 40
BUSIEST = 10  # days after the first, the evening after the holidays: most is late then
RESTARTS = 3  # days between them
# When the first word is due, by the day of the question: as the State Council set the holidays.
FIRST_DUE = {
    "2026-09-28": "2026-09-29",
    "2026-09-29": "2026-09-30",
    **dict.fromkeys(["2026-09-30", *(f"2026-10-0{day}" for day in range(1, 8))], "2026-10-08"),
    "2026-10-08": "2026-10-09",
    "2026-10-09": "2026-10-10",  # a Saturday that is worked
    "2026-10-10": "2026-10-12",
}
PLAYED = {
    Move.ADD,
    Move.ANSWER,
    Move.ASK,
    Move.CLAIM,
    Move.CLOSE,
    Move.CONSULT,
    Move.CONSULTED,
    Move.MERGE,
    Move.PRESS,
    Move.RATE,
    Move.REJECT,
    Move.RELEASE,
    Move.RETURN,
    Move.SUBMIT,
    Move.TAKE_OVER,
    Move.TRANSFER,
    Move.TRIAGE,
    Move.WITHDRAW,
}


@pytest.mark.parametrize(
    ("kind", "tickets", "room"),
    [
        ("memory", 200, True),
        pytest.param("sqlite", 2000, False, marks=pytest.mark.slow),
    ],
)
async def test_a_week_with_faults_loses_nothing_and_says_nothing_twice(
    kind: str, tickets: int, tmp_path: Path, *, room: bool
) -> None:
    """The week, and the days after it until nobody waits any more."""
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(store_of(kind, tmp_path))
        week = Week(store, seed=7, tickets=tickets, room=room)
        begin = week.time.now
        for number in range(MOST_DAYS):
            day = begin + timedelta(days=number)
            for hour in HOURS:
                await week.hour(day, hour)
            if number == BUSIEST:
                await week.quiet_look()
                await looked_through(week)
            if number % RESTARTS == 0:  # the process ends and another one begins
                if kind != "memory":
                    await stack.aclose()
                    store = await stack.enter_async_context(store_of(kind, tmp_path))
                week.begin(store)
            if await week.done():
                break
        kept = await looked_through(week)
        assert await week.done()
    opened = sorted(ticket.message_id for ticket in kept.tickets.values())
    assert opened == sorted(week.citizens.asked)
    assert len(opened) == tickets
    assert len(week.broken) == 2, week.broken  # in the middle, and behind the commit
    assert week.staff.refused["HeldByAnother"]
    days = first_days(kept)
    assert len(days) > 5  # some of them holidays
    assert all(FIRST_DUE[asked] == due for asked, due in days), days
    assert {line.event.what for line in kept.lines} >= PLAYED


def first_days(kept: Kept) -> set[tuple[str, str]]:
    """The day of the question, and that of its first word, where no clock ever stood."""
    moved = {
        line.event.ticket_id
        for line in kept.lines
        if line.event.what in {Move.ADD, Move.ASK, Move.PAUSE}
    }
    return {
        (_day(ticket.opened), _day(ticket.deadlines.first))
        for number, ticket in kept.tickets.items()
        if number not in moved and ticket.deadlines.first is not None
    }


def _day(moment: datetime) -> str:
    return moment.astimezone(HERE).date().isoformat()


async def looked_through(week: Week) -> Kept:
    kept = await Kept.read(week.stored)
    check(kept, Replay(kept, ROSTER, Clocks(), week.time.now), now=week.time.now)
    return kept
