"""What a ticket gets when it comes in: its evidence, a department, and somebody to ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.desk import routing
from bot.desk.absences import Absence
from bot.desk.past import PastTickets
from bot.desk.roster import Roster
from bot.desk.tickets import Agent, State, Suggestion, Ticket
from bot.desk.workdays import Calendar
from bot.store.base import Work
from knowledge.types import Lang


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    past: PastTickets
    calendar: Calendar
    language: Lang  # of staff

    async def received(self, work: Work, ticket: Ticket, roster: Roster) -> Ticket:
        """With all that can be known of it before anybody has read it."""
        question, leads = ticket.question, ticket.evidence.leads
        alike = await self.past.alike(work, ticket)
        evidence = replace(
            ticket.evidence,
            suggested=routing.suggest(question, leads, roster, language=self.language),
            similar=alike.similar,
            duplicate=alike.duplicate,
        )
        sensitive = ticket.sensitive or routing.is_sensitive(question, roster)
        return replace(ticket, evidence=evidence, sensitive=sensitive)

    async def placed(
        self, work: Work, before: Ticket, ticket: Ticket, roster: Roster, *, at: datetime
    ) -> Ticket:
        """
        A ticket after a move, with whoever is asked to take it: where it waits in its department
        and nobody is asked yet. Whoever let it go is not asked again.
        """
        department = roster.departments.get(ticket.department)
        if department is None or ticket.state is not State.TRIAGED or ticket.assigned:
            return ticket
        absences = await work.entries(Absence).find()
        away = {absence.agent for absence in absences if absence.covers(at.date())}
        last = roster.member(before.holder) if before.holder else None
        choice = routing.choose(
            department,
            ticket,
            at=at,
            calendar=self.calendar,
            away=away | ({last.id} if last else set()),
            held=await _held(work, roster),
        )
        opens = "" if choice.opens is None else f"{choice.opens:%Y-%m-%d %H:%M}"
        assigned = choice.member.agent if choice.member else None
        return replace(ticket, assigned=assigned, evidence=replace(ticket.evidence, opens=opens))


def sure_of(ticket: Ticket) -> Suggestion | None:
    """The department that it goes to without anybody looking at it first."""
    suggested = ticket.evidence.suggested
    return suggested if suggested is not None and suggested.certain else None


async def _held(work: Work, roster: Roster) -> Mapping[str, int]:
    """How many tickets each member holds, under whatever name at a terminal."""
    held: Counter[str] = Counter()
    for holder, count in (await work.tickets.held()).items():
        if member := roster.member(Agent(holder, name="")):
            held[member.id] += count
    return held
