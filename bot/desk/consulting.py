"""
会商: whoever holds a ticket asks other departments, each with a clock of its own.

When the last of them has answered, or is not waited for any more, the ticket is with its holder
again. What comes later, or after the ticket went on without it, is kept all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.actions import Action, Verb
from bot.desk import consultation_pages as pages
from bot.desk import moves
from bot.desk.consultations import DAYS, Consultation, Consulted
from bot.desk.desk import Desk
from bot.desk.moves import Move
from bot.desk.roster import Role
from bot.desk.tickets import Agent, State, Ticket
from bot.errors import ConsultationRefused
from bot.store.base import Sought, Store, Work

ANSWERED: Final = "consultation answered"  # what the audit log says of it
CANCELLED: Final = "consultation cancelled"


class Consulting:
    def __init__(self, store: Store, desk: Desk, *, days: int = DAYS) -> None:
        self._store = store
        self._desk = desk
        self._days = days

    async def ask(
        self,
        ticket_id: int,
        agent: Agent,
        departments: Sequence[str],
        question: str,
        *,
        seen: int | None = None,
    ) -> Sequence[Consultation]:
        """
        Ask each of these departments; only whoever holds the ticket may.

        Raise NoSuchDepartment, ConsultationRefused, and TicketChanged where the ticket is not in
        the version that was `seen` any more.
        """
        question, now = question.strip(), self._desk.clock()
        wanted = tuple(dict.fromkeys(departments))
        async with self._store.begin() as work:
            ticket = await self._desk.as_seen(work, ticket_id, seen)
            self._require_askable(ticket, wanted, question)
            after = moves.apply(ticket, Move.CONSULT, at=now, by=agent)
            made = [
                await work.entries(Consultation).add(
                    Consultation(
                        ticket_id=ticket_id,
                        department=key,
                        question=question,
                        asked_by=agent,
                        asked=now,
                        due=self._desk.clocks.due(now, self._days),
                    )
                )
                for key in wanted
            ]
            names = ", ".join(map(self._desk.roster.name, wanted))
            text = f"{names}: {question}"
            saved = await self._desk.moved(work, ticket, Move.CONSULT, after, agent, text=text)
            if self._desk.room is not None:
                page = pages.asked(
                    saved, made, language=self._desk.language, roster=self._desk.roster, at=now
                )
                # About no ticket: who replies to it does not write to the citizen.
                await self._desk.send(work, self._desk.room, page)
        return made

    async def answer(self, number: int, agent: Agent, text: str) -> Ticket:
        """
        A department's answer, by one of its people or by a supervisor.

        Raise EntryNotFound, ConsultationRefused.
        """
        if not text.strip():
            raise ConsultationRefused("An answer needs words.")
        async with self._store.begin() as work:
            one = await self._waiting(work, number)
            self._require_member(one, agent)
            answered = replace(
                one,
                state=Consulted.ANSWERED,
                reply=text.strip(),
                answered_by=agent,
                answered=self._desk.clock(),
            )
            return await self._ended(work, answered, agent, ANSWERED, text.strip())

    async def cancel(self, number: int, agent: Agent) -> Ticket:
        """Whoever holds the ticket does not wait for it. Raise as `answer` does."""
        async with self._store.begin() as work:
            one = await self._waiting(work, number)
            ticket = await work.tickets.get(one.ticket_id)
            moves.require_holder(ticket, agent)
            self._desk.roster.require_role(agent, Role.AGENT)
            cancelled = replace(one, state=Consulted.CANCELLED)
            return await self._ended(work, cancelled, agent, CANCELLED, "")

    async def of(self, ticket_id: int) -> Sequence[Consultation]:
        """All of a ticket, oldest first."""
        async with self._store.read() as work:
            return await work.entries(Consultation).find(ticket_id=ticket_id)

    async def draft(self, ticket_id: int) -> str:
        """A reply made of the answers, to be edited; empty if there is none yet."""
        async with self._store.read() as work:
            ticket = await work.tickets.get(ticket_id)
            consultations = await work.entries(Consultation).find(ticket_id=ticket_id)
        return pages.draft(consultations, language=ticket.language, roster=self._desk.roster)

    async def waiting(self, *, department: str | None = None) -> Sequence[Consultation]:
        """What departments owe an answer to, by when it is due: what is overdue comes first."""
        return [one for one, _ in await self.owed(department=department)]

    async def owed(
        self, *, department: str | None = None
    ) -> Sequence[tuple[Consultation, Ticket]]:
        """The same, each with its ticket."""
        async with self._store.read() as work:
            waiting = await work.entries(Consultation).find(state=Consulted.WAITING)
            of = frozenset(one.ticket_id for one in waiting)
            tickets = {one.id: one for one in await work.tickets.find(Sought(numbers=of))}
        owed = [
            (one, tickets[one.ticket_id])
            for one in waiting
            if department in {None, one.department} and one.ticket_id in tickets
        ]
        return sorted(owed, key=lambda each: (each[0].due or each[0].asked, each[0].id))

    async def _waiting(self, work: Work, number: int) -> Consultation:
        one = await work.entries(Consultation).get(number)
        if one.state is not Consulted.WAITING:
            raise ConsultationRefused(
                "Consultation {number} is {state} already.", number=number, state=one.state
            )
        return one

    async def _ended(
        self, work: Work, one: Consultation, agent: Agent, what: str, text: str
    ) -> Ticket:
        """It waits no more. With the last one the ticket is with its holder again."""
        register = work.entries(Consultation)
        await register.save(one)
        ticket = await work.tickets.get(one.ticket_id)
        name = self._desk.roster.name(one.department)
        text = f"{name}: {text}" if text else name
        await self._desk.note(work, ticket, agent.id, what, text=text)
        left = await register.find(ticket_id=ticket.id, state=Consulted.WAITING)
        if left or ticket.state is not State.CONSULTING:
            # The version decides where two answer at once: the later one looks again.
            saved = await work.tickets.save(ticket)
            await self._desk.show(work, saved)
            return saved
        after = moves.apply(ticket, Move.CONSULTED, at=self._desk.clock(), by=agent)
        saved = await self._desk.moved(work, ticket, Move.CONSULTED, after, agent)
        if self._desk.room is not None:
            every = await register.find(ticket_id=ticket.id)
            language, roster = self._desk.language, self._desk.roster
            page = pages.all_said(saved, every, language=language, roster=roster)
            reply = Action(Verb.REPLY, saved.id)
            await self._desk.send(work, self._desk.room, page, ticket_id=saved.id, expects=reply)
        return saved

    def _require_askable(self, ticket: Ticket, departments: Sequence[str], question: str) -> None:
        if not question or not departments:
            raise ConsultationRefused("Say which departments are asked, and what.")
        for key in departments:
            self._desk.roster.require(key)
        if ticket.department in departments:
            name = self._desk.roster.name(ticket.department)
            raise ConsultationRefused(
                "No. {id} is with {name} itself; ask another one.", id=ticket.id, name=name
            )

    def _require_member(self, one: Consultation, agent: Agent) -> None:
        roster = self._desk.roster
        found = roster.departments.get(one.department)
        own = found is not None and any(member.is_id(agent.id) for member in found.members)
        if not (own and roster.may(agent, Role.AGENT)) and not roster.may(agent, Role.SUPERVISOR):
            raise ConsultationRefused(
                "{name} does not answer for {department}; its people do.",
                name=agent.name,
                department=roster.name(one.department),
            )
