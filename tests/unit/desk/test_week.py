"""A week of many tickets, with faults: nothing is lost, nothing said twice, the log is whole."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.desk.clocks import Clocks
from tests.unit.desk.ledger import Kept, Replay, check
from tests.unit.desk.office import store_of
from tests.unit.desk.week import HOURS, ROSTER, Week, days

MOST_DAYS = 40


async def played(kind: str, folder: Path, *, seed: int, tickets: int, room: bool) -> Week:
    """The week, and the days after it until nobody waits; in the end all is looked through."""
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(store_of(kind, folder))
        week = Week(store, seed=seed, tickets=tickets, room=room)
        for number, day in enumerate(days(week.time.now, MOST_DAYS)):
            for hour in HOURS:
                await week.hour(day, hour)
            if number % 3 == 0:  # the process ends and another one begins
                if kind != "memory":
                    await stack.aclose()
                    store = await stack.enter_async_context(store_of(kind, folder))
                week.begin(store)
            if await week.done():
                break
        kept = await Kept.read(store)
        check(kept, Replay(kept, ROSTER, Clocks(), week.time.now), now=week.time.now)
        opened = sorted(ticket.message_id for ticket in kept.tickets.values())
        assert opened == sorted(week.asked)
        from collections import Counter
        print(sorted(Counter(l.event.what for l in kept.lines).items()), sum(one.state=="merged" for one in kept.tickets.values()))
        print(number, len(kept.lines), week.refused, week.store.broken, len(kept.tickets))
        return week


@pytest.mark.parametrize(("kind", "tickets"), [("memory", 150), ("sqlite", 300)])
async def test_a_week_with_faults_loses_nothing_and_says_nothing_twice(
    kind: str, tickets: int, tmp_path: Path
) -> None:
    await played(kind, tmp_path, seed=7, tickets=tickets, room=True)
