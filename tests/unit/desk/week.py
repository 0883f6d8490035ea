"""
A week at a desk of thirty, played from a seed: who asks, who works, and what breaks.

Citizens come by the real writer, staff by the real services; between them and what is stored
stands a store that breaks. Whoever is told of an error does what people do: the same once more.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime
from random import Random
from typing import Final

from bot.desk.desk import Desk
from bot.desk.tickets import State
from bot.desk.watch import Watch
from bot.errors import StoreError
from bot.render import Bureau
from bot.store.base import Sought, Store
from knowledge.types import Lang
from tests.unit.desk.brittle import BrittleStore
from tests.unit.desk.citizens import Citizens
from tests.unit.desk.office import HERE, ROOM, Time
from tests.unit.desk.staff import ROSTER, SENSITIVE, WORDS, Staff

HOURS: Final = (0, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19)  # when something happens
SHIFT: Final = range(9, 18)
WATCHED: Final = (9, 12, 17)  # the watch looks every minute; more often is too slow here
SEEN: Final = 300  # tickets, of those that wait the oldest
OVER: Final = frozenset({State.ANSWERED, State.ARCHIVED, State.MERGED})
FAULTY: Final = 0.02  # of all transactions break in the middle


class Week:
    def __init__(self, store: Store, *, seed: int, tickets: int, room: bool) -> None:
        """It begins on Monday 28 September 2026; Thursday begins National Day, of seven days."""
        self.time = Time(datetime(2026, 9, 28, 0, tzinfo=HERE))
        self.broken: Counter[str] = Counter()  # transactions, by how
        self._room = room
        self._dice = Random(seed)  # noqa: S311 - the same week each time
        words = (*WORDS, "weather", f"{WORDS[0]} and {SENSITIVE}")
        hours = 7 * len(HOURS)
        self.citizens = Citizens(self._dice, self.time, tickets=tickets, hours=hours, words=words)
        self.staff = Staff(self._dice)
        self.begin(store)

    def begin(self, store: Store) -> None:
        """Start anew over what is stored."""
        self.stored = store
        self._brittle = BrittleStore(store, self._dice, rate=FAULTY, broken=self.broken)
        self._desk = Desk(
            self._brittle,
            bureau=Bureau(),
            clock=self.time,
            room=ROOM if self._room else None,
            language=Lang.EN,
            roster=ROSTER,
        )
        self._watch = Watch(self._brittle, self._desk, archive_days=5)
        self.citizens.begin(self._brittle, self._desk)
        self.staff.begin(self._brittle, self._desk)

    async def hour(self, day: datetime, hour: int) -> None:
        """What happens then, all at once."""
        self.time.now = day.replace(hour=hour)
        async with self.stored.begin() as work:
            left = await work.inbox.unfinished()
            cards = await work.tickets.find(Sought(limit=SEEN))
            over = await work.tickets.find(Sought(states=OVER, newest=True, limit=SEEN))
        await self.citizens.recover(left)
        calls = [self.citizens.hour(cards, over)]
        if hour in SHIFT and self._desk.clocks.calendar.works(day.date()):
            calls += self.staff.hour(cards)
        if hour in WATCHED:
            calls.append(self._tick())
        self._dice.shuffle(calls)
        await asyncio.gather(*calls)
        await self._send()

    async def done(self) -> bool:
        """Whether nobody waits any more and nothing is left to be written down."""
        async with self.stored.begin() as work:
            waiting = await work.tickets.find(Sought(limit=1))
            unfinished = await work.inbox.unfinished()
        return self.citizens.are_done and not waiting and not unfinished

    async def quiet_look(self) -> None:
        """The watch, while nothing breaks and nobody does anything."""
        self._brittle.rate = 0
        await self._watch.step()
        self._brittle.rate = FAULTY

    async def _tick(self) -> None:
        try:
            await self._watch.step()
        except StoreError:
            return

    async def _send(self) -> None:
        """What waits for the room leaves, so that its cards are edited in their place."""
        if not self._room:
            return
        async with self.stored.begin() as work:
            for queued in await work.outbox.due(at=self.time.now, limit=1000):
                await work.outbox.sent(queued.id, platform_id=f"p{queued.id}", at=self.time.now)
