"""
The desk: what staff do with tickets. One service for every front end.

Each move is one transaction: the ticket, the audit log, the card and what the citizen is told are
written together or not at all. Errors are TicketErrors; see bot.errors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot import render
from bot.desk import cards, moves, notices
from bot.desk.clocks import Clocks
from bot.desk.moves import MOVES, Move, Who
from bot.desk.past import PastTickets
from bot.desk.reception import Reception, sure_of
from bot.desk.roster import OPEN, Role, Roster
from bot.desk.tickets import ACTIVE, QUEUED, Agent, Draft, Event, State, Ticket
from bot.render import Bureau, Page
from bot.store.base import Sought, Store, Work
from bot.types import Address, Delivery
from knowledge.types import Lang

CITIZEN: Final = "citizen"  # who, in the audit log
SYSTEM: Final = "system"
LEASE: Final = timedelta(hours=24)
_ROLES: Final = {Who.SUPERVISOR: Role.SUPERVISOR, Who.REVIEWER: Role.REVIEWER}


class Desk:
    def __init__(  # noqa: PLR0913 - each a part that another bureau has otherwise
        self,
        store: Store,
        *,
        bureau: Bureau,
        clock: Callable[[], datetime],
        room: Address | None = None,
        language: Lang = Lang.ZH_HANS,
        roster: Roster = OPEN,
        clocks: Clocks | None = None,
        lease: timedelta = LEASE,
    ) -> None:
        """
        `room` is where cards go; without it staff use the terminal. `lease` is how long a holder
        keeps a ticket without doing anything.
        """
        self._store = store
        self.clocks = clocks or Clocks()
        self._lease = lease
        self._reception = Reception(
            past=PastTickets(), calendar=self.clocks.calendar, language=language
        )
        self.bureau = bureau
        self.clock = clock
        self.room = room
        self.language = language
        self.roster = roster

    def follow(self, roster: Roster) -> None:
        """Work by another roster from now on."""
        self.roster = roster

    async def read_past(self) -> None:
        """Read what was asked before, to be compared with what is asked. Once, beside the rest."""
        await self._reception.past.read(self._store)

    # What citizens do: inside the transaction of their message.

    async def open(self, work: Work, draft: Draft) -> Ticket:
        """
        Open a ticket inside the transaction of the message that leads to it.

        A question that has a ticket keeps it: asking for a person twice does not make two, and
        one that was answered or closed goes back to the queue.
        """
        ticket = await work.tickets.open(draft)
        if await work.audit.of(ticket.id):
            done = ticket.state not in ACTIVE
            return await self.follow_up(work, ticket.id, draft.question) if done else ticket
        deadlines = self.clocks.opened(ticket.kind, self.clock())
        ticket = replace(ticket, deadlines=deadlines)
        ticket = await self._reception.received(work, ticket, self.roster)
        ticket = await work.tickets.save(ticket)
        await self.note(work, ticket, CITIZEN, Move.OPEN, text=draft.question)
        if suggested := sure_of(ticket):
            given = moves.give(ticket, suggested.department, at=self.clock())
            return await self._given(work, ticket, Move.TRIAGE, given, why=suggested.why)
        await self.show(work, ticket)
        return ticket

    async def follow_up(self, work: Work, ticket_id: int, text: str) -> Ticket:
        """The citizen adds something: back to the queue, or on to whoever holds it."""
        ticket = await self._where_answered(work, ticket_id)
        added = moves.add(ticket, at=self.clock())
        saved = await self.moved(work, ticket, Move.ADD, added, text=text)
        if self.room is not None:
            page = cards.follow_up(saved, text, language=self.language)
            await self.send(work, self.room, page, ticket_id=saved.id)
        return saved

    # What staff do.

    async def triage(self, ticket_id: int, agent: Agent, department: str, why: str = "") -> Ticket:
        """Give it to a department; handing it on to another one needs a reason."""
        self.roster.require(department)
        async with self._store.begin() as work:
            ticket = await work.tickets.get(ticket_id)
            given = moves.give(ticket, department, at=self.clock(), by=agent, why=why)
            first = given.state is State.TRIAGED and not ticket.department
            move = Move.TRIAGE if first and ticket.holder is None else Move.TRANSFER
            return await self._given(work, ticket, move, given, agent, why=why)

    async def hand_back(self, ticket_id: int, agent: Agent, why: str) -> Ticket:
        """It is not for this department: back to where tickets are sorted."""
        async with self._store.begin() as work:
            ticket = await work.tickets.get(ticket_id)
            returned = moves.hand_back(ticket, at=self.clock(), by=agent, why=why)
            return await self.moved(work, ticket, Move.RETURN, returned, agent, why=why)

    async def claim(self, ticket_id: int, agent: Agent) -> Ticket:
        async with self._store.begin() as work:
            ticket = await work.tickets.get(ticket_id)
            claimed = moves.claim(ticket, by=agent, at=self.clock())
            if claimed is ticket:  # it is theirs
                return ticket
            return await self.moved(work, ticket, Move.CLAIM, claimed, agent)

    async def claim_if_open(self, ticket_id: int, agent: Agent) -> Ticket:
        """Claim what waits before replying; what was answered may be answered again."""
        async with self._store.begin() as work:
            ticket = await work.tickets.get(ticket_id)
            moves.require_holder(ticket, agent)
            if ticket.state not in QUEUED:
                return ticket
            claimed = moves.claim(ticket, by=agent, at=self.clock())
            return await self.moved(work, ticket, Move.CLAIM, claimed, agent)

    async def take_over(self, ticket_id: int, agent: Agent, why: str) -> Ticket:
        async with self._store.begin() as work:
            ticket = await work.tickets.get(ticket_id)
            taken = moves.take_over(ticket, by=agent, at=self.clock(), why=why)
            return await self.moved(work, ticket, Move.TAKE_OVER, taken, agent, why=why)

    async def release(self, ticket_id: int, agent: Agent) -> Ticket:
        async with self._store.begin() as work:
            return await self._plain(work, ticket_id, Move.RELEASE, agent)

    async def ask(self, ticket_id: int, agent: Agent, text: str) -> Ticket:
        """Ask the citizen something; the clock stands until they answer."""
        async with self._store.begin() as work:
            ticket = await self._plain(work, ticket_id, Move.ASK, agent, text=text)
            page = render.staff_question(ticket.language, ticket_id=ticket.id, question=text)
            await self.send(work, ticket.asked_from, page, ticket_id=ticket.id)
            return ticket

    async def reply(self, ticket_id: int, agent: Agent, text: str) -> Ticket:
        """Send the citizen a reply, in the chat where the question was asked."""
        async with self._store.begin() as work:
            ticket = await work.tickets.get(ticket_id)
            answered = moves.answer(ticket, reply=text, by=agent, at=self.clock())
            return await self.answered(work, ticket, answered, agent)

    async def answered(self, work: Work, before: Ticket, after: Ticket, agent: Agent) -> Ticket:
        """A reply goes out: to whoever asked, and to those whose tickets were merged into it."""
        text = after.reply or ""
        saved = await self.moved(work, before, Move.ANSWER, after, agent, text=text)
        page = render.staff_reply(saved.language, ticket_id=saved.id, reply=text)
        await self.send(work, saved.asked_from, page, ticket_id=saved.id)
        sought = Sought(states=frozenset({State.MERGED}), merged_into=saved.id)
        for merged in await work.tickets.find(sought):
            page = render.staff_reply(merged.language, ticket_id=merged.id, reply=text)
            await self.send(work, merged.asked_from, page, ticket_id=merged.id)
        return saved

    async def close(self, ticket_id: int, agent: Agent, why: str = "") -> Ticket:
        """Close; a citizen who never had a reply is told."""
        async with self._store.begin() as work:
            ticket = await self._plain(work, ticket_id, Move.CLOSE, agent, why=why)
            if ticket.reply is None:
                page = render.ticket_closed(
                    ticket.language, ticket_id=ticket.id, bureau=self.bureau
                )
                await self.send(work, ticket.asked_from, page)
            return ticket

    async def merge(self, ticket_id: int, into: int, agent: Agent) -> Ticket:
        """Two tickets about the same: whoever asked is told, and gets the other one's reply."""
        async with self._store.begin() as work:
            ticket = await work.tickets.get(ticket_id)
            other = await self._where_answered(work, into)
            merged = moves.merge(ticket, other, by=agent, at=self.clock())
            saved = await self.moved(
                work, ticket, Move.MERGE, merged, agent, text=str(merged.merged_into)
            )
            await self.show(work, other)
            return saved

    # What anybody may look at.

    async def waiting(self, *, limit: int = 20, department: str | None = None) -> Sequence[Ticket]:
        """What staff owe something, oldest first."""
        async with self._store.begin() as work:
            return await work.tickets.find(Sought(limit=limit, department=department))

    async def look(self, ticket_id: int) -> tuple[Ticket, Sequence[Event]]:
        async with self._store.begin() as work:
            ticket = await work.tickets.get(ticket_id)
            return ticket, await work.audit.of(ticket_id)

    # For the other services of the desk, inside their transaction.

    async def moved(
        self,
        work: Work,
        before: Ticket,
        move: Move,
        after: Ticket,
        agent: Agent | None = None,
        *,
        why: str = "",
        text: str = "",
    ) -> Ticket:
        """Write a move down: the ticket with its clocks and lease, the audit log, the card."""
        self._require_role(before, move, agent)
        now = self.clock()
        after = replace(after, lease=self._lease_after(before, move, after))
        after = replace(after, deadlines=self.clocks.moved(before, move, after, now))
        saved = await work.tickets.save(after)
        who = agent.id if agent else CITIZEN if MOVES[move].who is Who.CITIZEN else SYSTEM
        await self.note(work, saved, who, move, why=why, text=text)
        await self.show(work, saved)
        return saved

    def _lease_after(self, before: Ticket, move: Move, after: Ticket) -> datetime | None:
        """What the citizen does is no work of the holder's: the lease runs on."""
        if after.state is not State.CLAIMED:
            return None
        if MOVES[move].who is Who.CITIZEN and before.lease is not None:
            return before.lease
        return self.clock() + self._lease

    async def note(
        self, work: Work, ticket: Ticket, who: str, what: str, *, why: str = "", text: str = ""
    ) -> None:
        event = Event(ticket_id=ticket.id, at=self.clock(), who=who, what=what, why=why, text=text)
        await work.audit.note(event)

    async def show(self, work: Work, ticket: Ticket) -> None:
        """Bring the card of a ticket up to date."""
        if self.room is not None:
            clock = notices.clock_lines(ticket, language=self.language, at=self.clock())
            page = cards.card(ticket, language=self.language, roster=self.roster, clock=clock)
            key = cards.key(ticket.id)
            await self.send(work, self.room, page, ticket_id=ticket.id, key=key)

    async def send(
        self,
        work: Work,
        to: Address,
        page: Page,
        *,
        ticket_id: int | None = None,
        key: str | None = None,
    ) -> None:
        delivery = Delivery(
            to=to, body=page.body, buttons=page.buttons, key=key, ticket_id=ticket_id
        )
        await work.outbox.enqueue(delivery, at=self.clock())

    async def _plain(
        self,
        work: Work,
        ticket_id: int,
        move: Move,
        agent: Agent,
        *,
        why: str = "",
        text: str = "",
    ) -> Ticket:
        """A move that changes nothing but the state."""
        ticket = await work.tickets.get(ticket_id)
        after = moves.apply(ticket, move, at=self.clock(), by=agent, why=why)
        return await self.moved(work, ticket, move, after, agent, why=why, text=text)

    async def _given(
        self,
        work: Work,
        before: Ticket,
        move: Move,
        after: Ticket,
        agent: Agent | None = None,
        *,
        why: str,
    ) -> Ticket:
        """To a department, with whoever is asked to take it there."""
        after = await self._reception.placed(work, after, self.roster, at=self.clock())
        name = self.roster.name(after.department)
        asked = f" · {after.assigned.name}" if after.assigned else ""
        return await self.moved(work, before, move, after, agent, why=why, text=f"{name}{asked}")

    async def _where_answered(self, work: Work, ticket_id: int) -> Ticket:
        """The ticket, or the one that it was merged into."""
        ticket = await work.tickets.get(ticket_id)
        while ticket.merged_into is not None and ticket.state is State.MERGED:
            ticket = await work.tickets.get(ticket.merged_into)
        return ticket

    def _require_role(self, before: Ticket, move: Move, agent: Agent | None) -> None:
        """An agent's moves are an agent's; a reply under review goes out by a reviewer."""
        reviewed = move is Move.ANSWER and before.state is State.REVIEWING
        role = Role.REVIEWER if reviewed else _ROLES.get(MOVES[move].who, Role.AGENT)
        if agent is not None:
            self.roster.require_role(agent, role)
