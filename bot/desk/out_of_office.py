"""The register of absences: nobody is asked to take a ticket while they are away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.desk.absences import Absence
from bot.desk.desk import Desk
from bot.desk.roster import Member, Role
from bot.desk.tickets import Agent, Event
from bot.errors import AbsenceRefused
from bot.store.base import Store, Work

LONGEST_NOTE: Final = 200  # characters


class OutOfOffice:
    def __init__(self, store: Store, desk: Desk) -> None:
        self._store = store
        self._desk = desk

    async def away(
        self, agent: Agent, since: date, until: date, *, note: str = "", who: str = ""
    ) -> Absence:
        """
        Write down that a member is away, from one day to another, both included.

        `who` is another member's id, for a supervisor; empty: the agent. What is over is nobody's
        business any more and is erased. Raise AbsenceRefused, NotAllowed.
        """
        member = self._member(agent, who)
        today = self._desk.clock().date()
        if until < since:
            raise AbsenceRefused(
                "From {since} to {until}: that ends before it begins.", since=since, until=until
            )
        if until < today:
            raise AbsenceRefused(
                "From {since} to {until}: that is over already.", since=since, until=until
            )
        if len(note) > LONGEST_NOTE:
            raise AbsenceRefused("A note has at most {most} characters.", most=LONGEST_NOTE)
        wanted = Absence(agent=member.id, since=since, until=until, note=note.strip())
        async with self._store.begin() as work:
            await drop_over(work, today=today)
            written = await work.entries(Absence).add(wanted)
            await self._note(work, agent, "absence noted", written)
        return written

    async def cancel(self, number: int, agent: Agent) -> Absence:
        """Raise EntryNotFound, NotAllowed."""
        async with self._store.begin() as work:
            absence = await work.entries(Absence).get(number)
            self._member(agent, absence.agent)
            await work.entries(Absence).remove(number)
            await self._note(work, agent, "absence cancelled", absence)
        return absence

    async def planned(self) -> Sequence[Absence]:
        """Those that are not over yet, by the day they begin."""
        today = self._desk.clock().date()
        async with self._store.read() as work:
            found = await work.entries(Absence).find()
        return sorted(
            (absence for absence in found if absence.until >= today),
            key=lambda absence: (absence.since, absence.id),
        )

    def _member(self, agent: Agent, who: str) -> Member:
        """Whose absence it is."""
        roster = self._desk.roster
        if roster.is_open:
            raise AbsenceRefused(
                "Without a roster nobody is asked to take a ticket; set ROSTER in the settings."
            )
        own = roster.member(agent)
        wanted = next((one for one in roster.members if one.id == who), None) if who else own
        if wanted is not None and wanted == own:
            return wanted
        roster.require_role(agent, Role.SUPERVISOR)
        if wanted is None:
            known = tuple(dict.fromkeys(one.id for one in roster.members))
            raise AbsenceRefused(
                "{name} is not in the roster; there are: {names}",
                name=who or agent.id,
                names=known,
            )
        return wanted

    async def _note(self, work: Work, agent: Agent, what: str, absence: Absence) -> None:
        """Without its note: what is in the log stays, and why somebody is ill need not."""
        text = f"{absence.agent} {absence.since} {absence.until}"
        event = Event(at=self._desk.clock(), who=agent.id, what=what, text=text)
        await self._desk.log(work, event)


async def drop_over(work: Work, *, today: date) -> int:
    """Erase what is over; return how many that were."""
    register = work.entries(Absence)
    over = [absence for absence in await register.find() if absence.until < today]
    for absence in over:
        await register.remove(absence.id)
    return len(over)
