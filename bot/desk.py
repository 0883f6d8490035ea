"""
The desk: what staff do with tickets. One service for every front end.

Each move is one transaction: the ticket, its history, the card and what the citizen is told
are written together or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot import cards, render, tickets
from bot.render import Bureau, Page
from bot.store.base import Store, Work
from bot.tickets import Agent, Draft, Event, State, Ticket
from bot.types import Address, Delivery
from knowledge.types import Lang


class Desk:
    def __init__(
        self,
        store: Store,
        *,
        bureau: Bureau,
        clock: Callable[[], datetime],
        room: Address | None = None,
        language: Lang = Lang.ZH_HANS,
    ) -> None:
        """`room` is where cards go; without it staff use the terminal."""
        self._store = store
        self._bureau = bureau
        self._clock = clock
        self.room = room
        self.language = language

    async def open(self, work: Work, draft: Draft) -> Ticket:
        """
        Open a ticket inside the transaction of the message that leads to it.

        A question that has a ticket keeps it: asking for a person twice does not make two, and
        one that was answered or closed goes back to the queue.
        """
        ticket = await work.tickets.open(draft)
        known = await work.tickets.history(ticket.id)
        if known and ticket.state in {State.ANSWERED, State.CLOSED}:
            return await self.follow_up(work, ticket.id, draft.question)
        if not known:
            await self._note(work, ticket, "citizen", "opened", draft.question)
            await self._show(work, ticket)
        return ticket

    async def follow_up(self, work: Work, ticket_id: int, text: str) -> Ticket:
        """The citizen adds something: back to the queue, or on to whoever holds it."""
        ticket = await work.tickets.get(ticket_id)
        ticket = await work.tickets.save(tickets.reopen(ticket, at=self._clock()))
        await self._note(work, ticket, "citizen", "asked", text)
        await self._show(work, ticket)
        if self.room is not None:
            page = cards.follow_up(ticket, text, language=self.language)
            await self._send(work, self.room, page, ticket_id=ticket.id)
        return ticket

    async def claim(self, ticket_id: int, agent: Agent) -> Ticket:
        """Raise HeldByAnother, IllegalTransition, TicketNotFound or TicketChanged."""
        async with self._store.begin() as work:
            ticket = await work.tickets.get(ticket_id)
            return await self._move(
                work, tickets.claim(ticket, by=agent, at=self._clock()), agent, "claimed"
            )

    async def claim_if_open(self, ticket_id: int, agent: Agent) -> Ticket:
        """Claim an open ticket before replying; one that was answered may be answered again."""
        async with self._store.begin() as work:
            ticket = await work.tickets.get(ticket_id)
            tickets.require_holder(ticket, agent)
            if ticket.state is not State.OPEN:
                return ticket
            moved = tickets.claim(ticket, by=agent, at=self._clock())
            return await self._move(work, moved, agent, "claimed")

    async def release(self, ticket_id: int, agent: Agent) -> Ticket:
        async with self._store.begin() as work:
            ticket = await work.tickets.get(ticket_id)
            return await self._move(
                work, tickets.release(ticket, by=agent, at=self._clock()), agent, "released"
            )

    async def reply(self, ticket_id: int, agent: Agent, text: str) -> Ticket:
        """Send the citizen a reply, in the chat where the question was asked."""
        async with self._store.begin() as work:
            ticket = await work.tickets.get(ticket_id)
            moved = tickets.answer(ticket, reply=text, by=agent, at=self._clock())
            saved = await self._move(work, moved, agent, "replied", text)
            page = render.staff_reply(ticket.language, ticket_id=ticket.id, reply=text)
            await self._send(work, ticket.asked_from, page, ticket_id=ticket.id)
            return saved

    async def close(self, ticket_id: int, agent: Agent) -> Ticket:
        """Close; a citizen who never had a reply is told."""
        async with self._store.begin() as work:
            ticket = await work.tickets.get(ticket_id)
            moved = tickets.close(ticket, by=agent, at=self._clock())
            saved = await self._move(work, moved, agent, "closed")
            if ticket.reply is None:
                page = render.ticket_closed(
                    ticket.language, ticket_id=ticket.id, bureau=self._bureau
                )
                await self._send(work, ticket.asked_from, page)
            return saved

    async def waiting(self, *, limit: int = 20) -> Sequence[Ticket]:
        async with self._store.begin() as work:
            return await work.tickets.waiting(limit=limit)

    async def look(self, ticket_id: int) -> tuple[Ticket, Sequence[Event]]:
        async with self._store.begin() as work:
            ticket = await work.tickets.get(ticket_id)
            return ticket, await work.tickets.history(ticket_id)

    async def _move(
        self, work: Work, moved: Ticket, agent: Agent, what: str, text: str = ""
    ) -> Ticket:
        saved = await work.tickets.save(moved)
        await self._note(work, saved, agent.id, what, text)
        await self._show(work, saved)
        return saved

    async def _note(self, work: Work, ticket: Ticket, who: str, what: str, text: str) -> None:
        event = Event(ticket_id=ticket.id, at=self._clock(), who=who, what=what, text=text)
        await work.tickets.note(event)

    async def _show(self, work: Work, ticket: Ticket) -> None:
        if self.room is not None:
            page = cards.card(ticket, language=self.language)
            key = cards.key(ticket.id)
            await self._send(work, self.room, page, ticket_id=ticket.id, key=key)

    async def _send(
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
        await work.outbox.enqueue(delivery, at=self._clock())
