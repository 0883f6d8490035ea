"""A week of many tickets, with faults: nothing is lost, nothing said twice, the log is whole."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.desk.clocks import Clocks
from bot.desk.moves import Move
from tests.unit.desk.ledger import Kept, Replay, check
from tests.unit.desk.office import store_of
from tests.unit.desk.week import HOURS, ROSTER, Week, days

MOST_DAYS = 40
BUSIEST = 10  # days after the first, the evening after the holidays: most is late then
RESTARTS = 3  # days between them
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
        ("memory", 150, True),
        ("sqlite", 300, True),
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
        for number, day in enumerate(days(week.time.now, MOST_DAYS)):
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
    assert opened == sorted(week.asked)
    assert len(opened) == tickets
    assert len(week.broken) == 2, week.broken  # in the middle, and behind the commit
    assert week.refused["HeldByAnother"]
    assert {line.event.what for line in kept.lines} >= PLAYED


async def looked_through(week: Week) -> Kept:
    kept = await Kept.read(week.store.store)
    check(kept, Replay(kept, ROSTER, Clocks(), week.time.now), now=week.time.now)
    return kept
