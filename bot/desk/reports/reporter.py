"""Reads a period out of the store, page by page, and has it counted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, time
from typing import Final

from bot.desk.audit import Sealed
from bot.desk.desk import Desk
from bot.desk.reports.events import Events
from bot.desk.reports.figures import Figure, Period, Report
from bot.desk.reports.messages import Messages
from bot.desk.reports.tickets import OpenedTickets, WaitingTickets
from bot.desk.roster import Role, Roster
from bot.desk.tickets import ACTIVE, Agent, State, Ticket
from bot.desk.workdays import DAY
from bot.store.base import Handled, Sought, Store

PAGE: Final = 1000  # rows a transaction, for citizens wait behind each
EVERY: Final = frozenset(State)


class Reporter:
    def __init__(self, store: Store, desk: Desk) -> None:
        self._store = store
        self._desk = desk

    async def report(self, period: Period, *, agents: Agent | None = None) -> Report:
        """
        Count a period as it is known now.

        With `agents`, a supervisor, it says who did how much. Raise NotAllowed for anybody else.
        """
        if agents is not None:
            self._desk.roster.require_role(agents, Role.SUPERVISOR)
        now = self._desk.clock()
        since = datetime.combine(period.first, time(0), now.tzinfo)
        until = datetime.combine(period.last + DAY, time(0), now.tzinfo)
        calendar = self._desk.clocks.calendar
        opened = OpenedTickets(calendar, at=now)
        waiting = WaitingTickets(calendar, at=now)
        events, messages = Events(since, until), Messages(now.tzinfo)
        async for ticket in self._tickets(Sought(states=EVERY, opened=(since, until))):
            opened.take(ticket)
            messages.asked_staff(ticket)
        async for ticket in self._tickets(Sought(states=ACTIVE)):
            waiting.take(ticket)
            events.holds(ticket)
        async for line in self._lines():
            events.take(line.event)
        async for message in self._messages(since, until):
            messages.take(message)
        name = _names(self._desk.roster)
        figures: list[Figure] = [
            *messages.figures(),
            *opened.figures(self._desk.roster.name),
            *waiting.figures(self._desk.roster.name),
            *events.figures(),
            *(events.of_agents(name) if agents else ()),
        ]
        return Report(period=period, made=now, figures=tuple(figures))

    async def _tickets(self, sought: Sought) -> AsyncIterator[Ticket]:
        after = 0
        while True:
            async with self._store.begin() as work:
                page = await work.tickets.find(replace(sought, after=after, limit=PAGE))
            for ticket in page:
                yield ticket
            if len(page) < PAGE:
                return
            after = page[-1].id
            await asyncio.sleep(0)

    async def _lines(self) -> AsyncIterator[Sealed]:
        after = 0
        while True:
            async with self._store.begin() as work:
                page = await work.audit.lines(after=after, limit=PAGE)
            for line in page:
                yield line
            if len(page) < PAGE:
                return
            after = page[-1].id

    async def _messages(self, since: datetime, until: datetime) -> AsyncIterator[Handled]:
        after = 0
        while True:
            async with self._store.begin() as work:
                page = await work.inbox.handled(since, until, after=after, limit=PAGE)
            for message in page:
                yield message
            if len(page) < PAGE:
                return
            after = page[-1].id


def _names(roster: Roster) -> Callable[[str], str]:
    """An agent's name as the roster has it; who left it keeps the id."""
    return lambda agent: getattr(roster.member(Agent(agent, "")), "name", agent)
