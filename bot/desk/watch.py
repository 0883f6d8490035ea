"""
Looks after tickets that nobody does anything with: leases, due times, and what is long answered.

Nothing is said twice. What was said of a ticket or a consultation is marked on it in the same
transaction, and its version decides where two processes do the same: the later one gives up what
it was about to say and looks again. Staff get one message for many, in the morning of a working
day.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import structlog

from bot.desk import moves, notices, paging
from bot.desk.bookkeeping import SYSTEM
from bot.desk.consultations import Consultation, Consulted
from bot.desk.desk import Desk
from bot.desk.moves import Move
from bot.desk.tickets import ACTIVE, HELD, Deadlines, State, Ticket
from bot.errors import EntryChanged, TicketChanged
from bot.render import Page
from bot.store.base import Sought, Store, Work

STEP_S: Final = 60.0
BATCH: Final = 100  # tickets a transaction and a message, for citizens wait behind each
MORNING: Final = time(8, 30)  # staff are told nothing before
STANDING: Final = 15  # working days: as long as others have to answer (条例, article 32)
# Each archived card is edited, and a group takes twenty messages a minute.
ARCHIVED: Final = 5  # tickets a step
ANSWERED: Final = frozenset({State.ANSWERED, State.RATED})
WARNED: Final = "warned"  # what the audit log says of it
ESCALATED: Final = "escalated"
CONSULTATION_ESCALATED: Final = "consultation escalated"
STARTED: Final = "clock started"
EVER: Final = datetime.min.replace(tzinfo=UTC)

log = structlog.get_logger(__name__)


class Watch:
    def __init__(self, store: Store, desk: Desk, *, archive_days: int) -> None:
        """`archive_days` after its last move an answered ticket is archived; 0: never."""
        self._store = store
        self._desk = desk
        self._archive_days = archive_days
        self._started: date | None = None  # on that day, clocks of tickets that had none
        self._reminded: date | None = None  # on that day, of what may be forgotten
        self._outrun = 0  # times that somebody else was first

    async def run(self) -> None:
        """One step a minute, until cancelled."""
        while True:
            try:
                await self.step()
            except Exception:  # the store is out of reach; it may come back
                log.exception("watch.failed", retry_s=STEP_S)
            await asyncio.sleep(STEP_S)

    async def step(self) -> None:
        """Do all that is to be done now."""
        now = self._desk.clock()
        if self._started != now.date():
            await self._start_clocks(now)
            self._started = now.date()
        if now.time() >= MORNING and self._desk.clocks.calendar.works(now.date()):
            await self._lapse(now)
            await self._tell(now)
            if self._reminded != now.date():
                await self._remind(now)
        if self._archive_days:
            await self._archive(now)

    async def _start_clocks(self, now: datetime) -> None:
        """Tickets from before there were clocks get theirs, as of the day they were opened."""
        async for tickets in self._found(Sought(states=ACTIVE)):
            without = [one for one in tickets if one.deadlines.resolution is None]
            if not without:
                continue
            async with self._unless_changed(), self._store.begin() as work:
                for one in without:
                    opened = one.opened.astimezone(now.tzinfo)
                    terms = self._desk.clocks.opened(one.kind, opened)
                    # Something may have been done with it before this look: that stays.
                    started = replace(
                        one.deadlines, first=terms.first, resolution=terms.resolution
                    )
                    await self._mark(work, one, started, STARTED)

    async def _lapse(self, now: datetime) -> None:
        async for tickets in self._found(Sought(states=HELD, lapsed=now)):
            over = [
                one
                for one in tickets
                if one.lease and self._desk.clocks.lapses(one.lease, now) <= now
            ]
            if not over:
                continue
            async with self._unless_changed(), self._store.begin() as work:
                for one in over:
                    after = moves.apply(one, Move.LAPSE, at=now)
                    holder = one.holder.name if one.holder else ""
                    await self._desk.moved(work, one, Move.LAPSE, after, text=holder)
                await self._say(work, notices.lapsed(over, language=self._desk.language))

    async def _tell(self, now: datetime) -> None:
        """Warn of what is due soon, and tell the supervisors of what is overdue."""
        async for tickets in self._found(Sought(due=self._desk.clocks.horizon(now))):
            late = [one for one in tickets if notices.is_late(one, now)]
            near = [one for one in tickets if one not in late and self._desk.clocks.near(one, now)]
            unwarned = [one for one in near if one.deadlines.warned is None]
            untold = [one for one in late if one.deadlines.escalated is None]
            if not unwarned and not untold:
                continue
            async with self._unless_changed(), self._store.begin() as work:
                await self._warn(work, unwarned, now)
                await self._escalate(work, untold, now)

    async def _warn(self, work: Work, tickets: Sequence[Ticket], now: datetime) -> None:
        for one in tickets:
            await self._mark(work, one, replace(one.deadlines, warned=now), WARNED)
        if tickets:
            language, roster = self._desk.language, self._desk.roster
            await self._say(work, notices.near(tickets, language=language, roster=roster, at=now))

    async def _escalate(self, work: Work, tickets: Sequence[Ticket], now: datetime) -> None:
        for one in tickets:
            told = replace(one.deadlines, escalated=now)
            await self._desk.show(work, await self._mark(work, one, told, ESCALATED))
        if tickets:
            language, roster = self._desk.language, self._desk.roster
            await self._say(work, notices.late(tickets, language=language, roster=roster, at=now))

    async def _remind(self, now: datetime) -> None:
        """Once a day, for it may have been forgotten: what stands, and what others were asked."""
        outrun = self._outrun
        await self._remind_of_standing(now)
        await self._tell_consultations(now)
        if self._outrun == outrun:
            self._reminded = now.date()

    async def _tell_consultations(self, now: datetime) -> None:
        """Tell the supervisors which departments owe others an answer."""
        late = await self._late_consultations(now)
        for start in range(0, len(late), BATCH):
            some = late[start : start + BATCH]
            async with self._unless_changed(), self._store.begin() as work:
                for one in some:
                    await work.entries(Consultation).save(replace(one, escalated=now))
                    ticket = await work.tickets.get(one.ticket_id)
                    name = self._desk.roster.name(one.department)
                    await self._desk.note(work, ticket, SYSTEM, CONSULTATION_ESCALATED, text=name)
                    await self._desk.show(work, ticket)
                language, roster = self._desk.language, self._desk.roster
                page = notices.late_consultations(some, language=language, roster=roster, at=now)
                await self._say(work, page)

    async def _late_consultations(self, now: datetime) -> Sequence[Consultation]:
        """Those on tickets that still wait, of which nobody was told."""
        async with self._store.begin() as work:
            found = await work.entries(Consultation).find(state=Consulted.WAITING)
            return [
                one
                for one in found
                if one.escalated is None
                and one.is_late(now)
                and (await work.tickets.get(one.ticket_id)).state in ACTIVE
            ]

    async def _remind_of_standing(self, now: datetime) -> None:
        """A clock that stands for long may have been forgotten, and the ticket with it."""
        async for tickets in self._found(Sought(states=ACTIVE)):
            forgotten = [one for one in tickets if self._stands_long(one, now)]
            if not forgotten:
                continue
            async with self._unless_changed(), self._store.begin() as work:
                for one in forgotten:
                    await self._mark(work, one, replace(one.deadlines, warned=now), WARNED)
                language, roster = self._desk.language, self._desk.roster
                page = notices.standing(forgotten, language=language, roster=roster, at=now)
                await self._say(work, page)

    def _stands_long(self, ticket: Ticket, now: datetime) -> bool:
        stood = ticket.deadlines.paused
        if stood is None or ticket.deadlines.warned is not None:
            return False
        since = stood.astimezone(now.tzinfo).date()
        return self._desk.clocks.calendar.between(since, now.date()) > STANDING

    async def _archive(self, now: datetime) -> None:
        before = now - timedelta(days=self._archive_days)
        done = 0
        async for tickets in self._found(Sought(states=ANSWERED, opened=(EVER, before))):
            old = [one for one in tickets if one.changed < before][: ARCHIVED - done]
            if not old:
                continue
            async with self._unless_changed(), self._store.begin() as work:
                for one in old:
                    after = moves.apply(one, Move.ARCHIVE, at=now)
                    await self._desk.moved(work, one, Move.ARCHIVE, after)
            done += len(old)
            if done == ARCHIVED:
                return

    def _found(self, sought: Sought) -> AsyncIterator[Sequence[Ticket]]:
        """Read apart from what is then written: see _unless_changed."""
        return paging.tickets(self._store, sought, size=BATCH)

    async def _mark(self, work: Work, ticket: Ticket, now: Deadlines, what: str) -> Ticket:
        saved = await work.tickets.save(replace(ticket, deadlines=now))
        await self._desk.note(work, saved, SYSTEM, what)
        return saved

    async def _say(self, work: Work, page: Page) -> None:
        """To the staff room; without one the list in the terminal tells."""
        if self._desk.room is not None:
            await self._desk.send(work, self._desk.room, page)

    @asynccontextmanager
    async def _unless_changed(self) -> AsyncIterator[None]:
        """Somebody else was first: nothing is written, and the next step looks again."""
        try:
            yield
        except (TicketChanged, EntryChanged) as error:
            self._outrun += 1
            log.info("watch.changed", what=str(error))
