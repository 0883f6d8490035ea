"""What staff do to the clock of a ticket: stop it, let it go on, and put the answer off once."""

from __future__ import annotations

from bot.desk import moves, notices
from bot.desk.desk import Desk
from bot.desk.moves import Move
from bot.desk.tickets import Agent, Ticket
from bot.store.base import Store, Work


class Timekeeper:
    """
    Every method raises ClockRefused where the clock of that ticket does not allow it, and
    TicketChanged where it is not in the version that was `seen` any more.
    """

    def __init__(self, store: Store, desk: Desk) -> None:
        self._store = store
        self._desk = desk

    async def pause(
        self, ticket_id: int, agent: Agent, why: str, *, seen: int | None = None
    ) -> Ticket:
        """Nothing is due while others are asked, such as whom a disclosure request concerns."""
        async with self._store.begin() as work:
            ticket = await self._desk.as_seen(work, ticket_id, seen)
            return await self._move(work, ticket, Move.PAUSE, agent, why)

    async def resume(self, ticket_id: int, agent: Agent, *, seen: int | None = None) -> Ticket:
        """As many working days are left as there were when the clock was stopped."""
        async with self._store.begin() as work:
            ticket = await self._desk.as_seen(work, ticket_id, seen)
            return await self._move(work, ticket, Move.RESUME, agent)

    async def extend(
        self, ticket_id: int, agent: Agent, why: str, *, seen: int | None = None
    ) -> Ticket:
        """
        Put the answer off, once, by what the ticket's kind allows, before it is due.

        The citizen is told the reason and the new day.
        """
        async with self._store.begin() as work:
            ticket = await self._desk.as_seen(work, ticket_id, seen)
            ticket = await self._move(work, ticket, Move.EXTEND, agent, why)
            page = notices.extended(ticket, why.strip(), at=self._desk.clock())
            await self._desk.send(work, ticket.asked_from, page, ticket_id=ticket.id)
            return ticket

    async def _move(
        self, work: Work, ticket: Ticket, move: Move, agent: Agent, why: str = ""
    ) -> Ticket:
        after = moves.apply(ticket, move, at=self._desk.clock(), by=agent, why=why)
        return await self._desk.moved(work, ticket, move, after, agent, why=why.strip())
