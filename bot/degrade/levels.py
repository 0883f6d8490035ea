"""
The switch: what the console, the staff room and the terminal call.

It holds nothing itself. What is set lies in the store, where every worker looks every few
seconds; each change is a line of the audit log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.degrade import pages
from bot.degrade.level import Cause, Level, Step
from bot.desk.bookkeeping import SYSTEM
from bot.desk.desk import Desk
from bot.desk.roster import Role
from bot.desk.tickets import Agent, Event
from bot.errors import EntryChanged, LevelRefused, NotAllowed
from bot.store.base import Store, Work

ROLES: Final = (Role.SUPERVISOR, Role.MAINTAINER)
LONGEST: Final = 300  # characters of a reason
SET: Final = "level set"  # what, in the audit log
STEPPED: Final = "level stepped"
OVER: Final = "level over"


class Levels:
    def __init__(self, store: Store, desk: Desk) -> None:
        self._store = store
        self._desk = desk

    async def set(
        self, level: Level, agent: Agent, *, why: str, until: datetime | None = None
    ) -> Step:
        """
        Go to that level, or below where a worker has gone by itself.

        Raise NotAllowed, LevelRefused.
        """
        self.require(agent)
        why = " ".join(why.split())
        if not why:
            raise LevelRefused("Say why, for colleagues and the audit log.")
        if len(why) > LONGEST:
            raise LevelRefused("A reason has at most {most} characters.", most=LONGEST)
        at = self._desk.clock()
        if until is not None and until <= at:
            raise LevelRefused("{when} is past.", when=f"{until:%Y-%m-%d %H:%M}")
        step = Step(level=level, why=why, who=agent.id, name=agent.name, at=at, until=until)
        async with self._store.begin() as work:
            added = await work.entries(Step).add(step)
            ends = f" until {until:%Y-%m-%d %H:%M}" if until else ""
            event = Event(at=at, who=agent.id, what=SET, why=why, text=f"{level}{ends}")
            await self._desk.log(work, event)
            await self._tell_room(work, added)
        return added

    async def lift(self, agent: Agent, *, why: str = "") -> Step:
        """What was set by hand counts no more. Raise NotAllowed."""
        return await self.set(Level.FULL, agent, why=why or Cause.LIFTED)

    def require(self, agent: Agent) -> None:
        """Raise NotAllowed for whoever may not switch."""
        if not self._desk.roster.may_any(agent, ROLES):
            raise NotAllowed(f"{agent.name} ({agent.id})", role=Role.SUPERVISOR)

    @property
    def now(self) -> datetime:
        """At the bureau."""
        return self._desk.clock()

    async def by_hand(self) -> Step | None:
        """The last step that somebody made."""
        async with self._store.read() as work:
            return await _last(work)

    async def steps(self, *, limit: int) -> Sequence[Step]:
        """The newest first, those that workers made by themselves among them."""
        async with self._store.read() as work:
            return await work.entries(Step).find(limit=limit, newest=True)

    async def last(self, limit: int) -> Sequence[str]:
        """The same in the words of staff."""
        steps = await self.steps(limit=limit)
        zone = self.now.tzinfo
        return [pages.line(one, self._desk.language, zone=zone) for one in steps]

    async def note_over(self, step: Step) -> None:
        """Write down that the time of a step was up; one worker does."""
        at = self._desk.clock()
        async with self._store.begin() as work:
            try:
                await work.entries(Step).save(replace(step, over=True))
            except EntryChanged:
                return
            event = Event(at=at, who=SYSTEM, what=OVER, text=str(step.level))
            await work.audit.note(event)
            await self._tell_room(work, replace(step, over=True))

    async def note_automatic(self, step: Step) -> None:
        """Write down what a worker did by itself. Several that do the same tell the room once."""
        async with self._store.begin() as work:
            await work.entries(Step).add(step)
            event = Event(at=step.at, who=SYSTEM, what=STEPPED, why=step.why, text=str(step.level))
            await work.audit.note(event)
            await self._tell_room(work, step)

    async def _tell_room(self, work: Work, step: Step) -> None:
        room = self._desk.room
        if room is None:
            return
        delivery = pages.to_room(step, room, self._desk.language, zone=self._desk.clock().tzinfo)
        if delivery.key is None or not await work.outbox.known(room, delivery.key):
            await self._desk.enqueue(work, delivery)


async def _last(work: Work) -> Step | None:
    return next(iter(await work.entries(Step).find(automatic=False, limit=1, newest=True)), None)
