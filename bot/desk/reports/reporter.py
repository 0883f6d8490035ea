"""Reads a period out of the store, page by page, and has it counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import Final

from bot.desk import paging
from bot.desk.desk import Desk
from bot.desk.paging import each
from bot.desk.reports.events import Events
from bot.desk.reports.figures import Figure, Period, Report
from bot.desk.reports.messages import Messages
from bot.desk.reports.tickets import OpenedTickets, WaitingTickets
from bot.desk.roster import Role, Roster
from bot.desk.tickets import ACTIVE, Agent, State
from bot.desk.workdays import DAY
from bot.store.base import Sought, Store

PAGE: Final = 1000  # rows a transaction
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
        asked, owed = Sought(states=EVERY, opened=(since, until)), Sought(states=ACTIVE)
        async for ticket in each(paging.tickets(self._store, asked, size=PAGE)):
            opened.take(ticket)
            messages.asked_staff(ticket)
        async for ticket in each(paging.tickets(self._store, owed, size=PAGE)):
            waiting.take(ticket)
            events.holds(ticket)
        async for line in each(paging.lines(self._store, size=PAGE)):
            events.take(line.event)
        async for message in each(paging.handled(self._store, since, until, size=PAGE)):
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


def _names(roster: Roster) -> Callable[[str], str]:
    """An agent's name as the roster has it; who left it keeps the id."""
    return lambda agent: getattr(roster.member(Agent(agent, "")), "name", agent)
