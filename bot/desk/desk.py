"""
The desk: what citizens and staff do with tickets. One service for every front end.

Each move is one transaction; see bookkeeping.py. Errors are TicketErrors; see bot.errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot import render
from bot.actions import Action, Verb
from bot.desk import cards, moves, review_pages, survey
from bot.desk.bookkeeping import CITIZEN, Bookkeeping, require_seen
from bot.desk.legible import legible
from bot.desk.merged import askers
from bot.desk.moves import Move
from bot.desk.reception import sure_of
from bot.desk.routing import is_sensitive
from bot.desk.submitting import enter
from bot.desk.tickets import ACTIVE, QUEUED, Agent, Draft, Event, Ticket
from bot.store.base import Sought, Work
from bot.types import RichText, Span, Style


class Desk(Bookkeeping):
    """`seen` is the version of the ticket that whoever does something looked at; see `as_seen`."""

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
            name = self.roster.name(given.department)
            return await self.moved(work, ticket, Move.TRIAGE, given, why=suggested.why, text=name)
        await self.show(work, ticket)
        return ticket

    async def follow_up(self, work: Work, ticket_id: int, text: str) -> Ticket:
        """The citizen adds something: back to the queue, or on to whoever holds it."""
        ticket = await self.where_answered(work, ticket_id)
        added = moves.add(ticket, at=self.clock())
        sensitive = added.sensitive or is_sensitive(text, self.roster)
        added = replace(added, sensitive=sensitive)
        saved = await self.moved(work, ticket, Move.ADD, added, text=text)
        if self.room is not None:
            page = cards.follow_up(saved, text, language=self.language)
            reply = Action(Verb.REPLY, saved.id)
            await self.send(work, self.room, page, ticket_id=saved.id, expects=reply)
        return saved

    # What staff do.

    async def triage(
        self,
        ticket_id: int,
        agent: Agent,
        department: str,
        why: str = "",
        *,
        seen: int | None = None,
    ) -> Ticket:
        """Give it to a department; handing it on to another one needs a reason."""
        self.roster.require(department)
        async with self._store.begin() as work:
            ticket = await self.as_seen(work, ticket_id, seen)
            given = moves.give(ticket, department, at=self.clock(), by=agent, why=why)
            move, name = moves.giving(ticket), self.roster.name(department)
            return await self.moved(work, ticket, move, given, agent, why=why, text=name)

    async def hand_back(
        self, ticket_id: int, agent: Agent, why: str, *, seen: int | None = None
    ) -> Ticket:
        """It is not for this department: back to where tickets are sorted."""
        async with self._store.begin() as work:
            ticket = await self.as_seen(work, ticket_id, seen)
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

    async def take_over(
        self, ticket_id: int, agent: Agent, why: str, *, seen: int | None = None
    ) -> Ticket:
        async with self._store.begin() as work:
            ticket = await self.as_seen(work, ticket_id, seen)
            taken = moves.take_over(ticket, by=agent, at=self.clock(), why=why)
            return await self.moved(work, ticket, Move.TAKE_OVER, taken, agent, why=why)

    async def reopen(
        self, ticket_id: int, agent: Agent, why: str, *, seen: int | None = None
    ) -> Ticket:
        """What is closed is answered anew. Raise ReasonMissing and NobodyToTell."""
        async with self._store.begin() as work:
            ticket = await self.as_seen(work, ticket_id, seen)
            await self.require_told(work, ticket)
            opened = moves.reopen(ticket, by=agent, at=self.clock(), why=why)
            return await self.moved(work, ticket, Move.REOPEN, opened, agent, why=why)

    async def release(self, ticket_id: int, agent: Agent, *, seen: int | None = None) -> Ticket:
        async with self._store.begin() as work:
            ticket = await self.as_seen(work, ticket_id, seen)
            return await self._plain(work, ticket, Move.RELEASE, agent)

    async def ask(
        self, ticket_id: int, agent: Agent, text: str, *, seen: int | None = None
    ) -> Ticket:
        """Ask the citizen something; the clock stands until they answer. Raise WordsMissing."""
        text = legible(text, ticket_id=ticket_id)
        async with self._store.begin() as work:
            ticket = await self.as_seen(work, ticket_id, seen)
            ticket = await self._plain(work, ticket, Move.ASK, agent, text=text)
            page = render.staff_question(ticket.language, ticket_id=ticket.id, question=text)
            await self.send(work, ticket.asked_from, page, ticket_id=ticket.id)
            return ticket

    async def reply(
        self,
        ticket_id: int,
        agent: Agent,
        text: str,
        *,
        quoted: RichText = (),
        seen: int | None = None,
    ) -> Ticket:
        """
        Send the citizen a reply, in the chat where the question was asked.

        `quoted` is the same text with its quotations marked; see quoting.py. Raise WordsMissing.
        """
        text = legible(text, ticket_id=ticket_id)
        async with self._store.begin() as work:
            ticket = await work.tickets.get(ticket_id)
            if _went_out(ticket, agent, text):
                return ticket  # sent again after an error that came behind the commit
            require_seen(ticket, seen)
            answered = moves.answer(ticket, reply=text, by=agent, at=self.clock())
            return await self.answered(work, ticket, answered, agent, quoted=quoted)

    async def answered(
        self,
        work: Work,
        before: Ticket,
        after: Ticket,
        agent: Agent,
        *,
        approved: bool = False,
        quoted: RichText = (),
    ) -> Ticket:
        """
        A reply goes out: to whoever asked, and to those whose tickets were merged into it.

        That to a sensitive ticket is submitted for review instead, until it is `approved`.
        """
        text = after.reply or ""
        if before.sensitive and not approved:
            return await self.submitted(work, before, agent, text)
        saved = await self.moved(work, before, Move.ANSWER, after, agent, text=text)
        body = quoted or (Span(text, Style.QUOTE),)
        await self._told(work, saved, body)
        return saved

    async def _told(self, work: Work, ticket: Ticket, reply: RichText) -> None:
        for one in await askers(work, ticket):
            page = render.staff_reply(one.language, ticket_id=one.id, reply=reply)
            page = survey.asked(page, one)
            await self.send(work, one.asked_from, page, ticket_id=one.id)

    async def submitted(self, work: Work, before: Ticket, agent: Agent, draft: str) -> Ticket:
        """A second person looks at it before it goes out; see reviewing.py."""
        now = self.clock()
        after = moves.submit(before, by=agent, at=now)
        review = await enter(work, before.id, draft, author=agent, at=now)
        saved = await self.moved(work, before, Move.SUBMIT, after, agent, text=draft)
        if self.room is not None:
            page = review_pages.submitted(
                saved, review, language=self.language, roster=self.roster
            )
            await self.send(work, self.room, page, ticket_id=saved.id)
        return saved

    async def close(
        self, ticket_id: int, agent: Agent, why: str = "", *, seen: int | None = None
    ) -> Ticket:
        """Close; who still waits for a word is told, and so is whoever asked the same."""
        async with self._store.begin() as work:
            ticket = await self.as_seen(work, ticket_id, seen)
            closed = await self._plain(work, ticket, Move.CLOSE, agent, why=why)
            waiting = await askers(work, closed) if ticket.state in ACTIVE else []
            for one in waiting:
                page = render.ticket_closed(one.language, ticket_id=one.id, bureau=self.bureau)
                await self.send(work, one.asked_from, page)
            return closed

    async def merge(
        self, ticket_id: int, into: int, agent: Agent, *, seen: int | None = None
    ) -> Ticket:
        """
        Two tickets about the same: whoever asked gets the other one's reply.

        That is at once where it is answered already.
        """
        async with self._store.begin() as work:
            ticket = await self.as_seen(work, ticket_id, seen)
            other = await self.where_answered(work, into)
            merged = moves.merge(ticket, other, by=agent, at=self.clock())
            other = moves.share_care(ticket, other)
            text = str(merged.merged_into)
            saved = await self.moved(work, ticket, Move.MERGE, merged, agent, text=text)
            # Its version decides where it is answered or closed at the same time: else that reply
            # would not go to who asks here.
            other = await work.tickets.save(other)
            if other.state not in ACTIVE:
                await self._told(work, saved, (Span(other.reply or "", Style.QUOTE),))
            await self.show(work, other)
            return saved

    # What anybody may look at.

    async def waiting(self, *, limit: int = 20, department: str | None = None) -> Sequence[Ticket]:
        """What staff owe something, oldest first."""
        async with self._store.read() as work:
            return await work.tickets.find(Sought(limit=limit, department=department))

    async def look(self, ticket_id: int) -> tuple[Ticket, Sequence[Event]]:
        async with self._store.read() as work:
            ticket = await work.tickets.get(ticket_id)
            return ticket, await work.audit.of(ticket_id)

    async def _plain(
        self,
        work: Work,
        ticket: Ticket,
        move: Move,
        agent: Agent,
        *,
        why: str = "",
        text: str = "",
    ) -> Ticket:
        """A move that changes nothing but the state."""
        after = moves.apply(ticket, move, at=self.clock(), by=agent, why=why)
        return await self.moved(work, ticket, move, after, agent, why=why, text=text)


def _went_out(ticket: Ticket, agent: Agent, text: str) -> bool:
    """Whether the last reply is the same words of the same person, and nothing came since."""
    is_own = ticket.holder is not None and ticket.holder.id == agent.id
    return is_own and ticket.state not in ACTIVE and ticket.reply == text
