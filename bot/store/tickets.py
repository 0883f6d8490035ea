"""Tickets and their history, in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import TicketChanged, TicketNotFound
from bot.store.dialect import insert
from bot.store.tables import ticket as table
from bot.store.tables import ticket_event as events
from bot.tickets import Agent, Draft, Event, State, Ticket
from bot.types import Address


@dataclass(frozen=True, slots=True)
class SqlTickets:
    connection: AsyncConnection

    async def open(self, draft: Draft, /) -> Ticket:
        channel = draft.asked_from.channel
        await self.connection.execute(
            insert(self.connection, table)
            .values(_first_row(draft))
            .on_conflict_do_nothing(index_elements=["channel", "message_id"])
        )
        (ticket,) = await self._select(
            table.c.channel == channel, table.c.message_id == draft.message_id
        )
        return ticket

    async def get(self, ticket_id: int, /) -> Ticket:
        for ticket in await self._select(table.c.id == ticket_id):
            return ticket
        raise TicketNotFound(ticket_id)

    async def save(self, ticket: Ticket, /) -> Ticket:
        saved = replace(ticket, version=ticket.version + 1)
        done = await self.connection.execute(
            update(table)
            .where(table.c.id == ticket.id, table.c.version == ticket.version)
            .values(row_of(saved))
        )
        if done.rowcount:
            return saved
        await self.get(ticket.id)  # raises TicketNotFound
        raise TicketChanged(ticket.id)

    async def waiting(self, *, limit: int = 20) -> Sequence[Ticket]:
        return await self._select(table.c.state.in_([State.OPEN, State.CLAIMED]), limit=limit)

    async def of(self, address: Address, /, *, limit: int = 20) -> Sequence[Ticket]:
        return await self._select(
            table.c.channel == address.channel,
            table.c.chat == address.chat,
            order=table.c.id.desc(),
            limit=limit,
        )

    async def asked(self, address: Address, message_ids: Select[str]) -> Sequence[Ticket]:
        """Asked from that conversation, or with one of these messages; oldest first."""
        return await self._select(
            table.c.channel == address.channel,
            or_(table.c.chat == address.chat, table.c.message_id.in_(message_ids)),
        )

    async def note(self, event: Event, /) -> None:
        await self.get(event.ticket_id)  # raises TicketNotFound
        await self.connection.execute(
            insert(self.connection, events).values(
                ticket_id=event.ticket_id,
                at=event.at,
                who=event.who,
                what=event.what,
                text=event.text,
            )
        )

    async def history(self, ticket_id: int, /) -> Sequence[Event]:
        rows = await self.connection.execute(
            select(events).where(events.c.ticket_id == ticket_id).order_by(events.c.id)
        )
        return [
            Event(ticket_id=ticket_id, at=row.at, who=row.who, what=row.what, text=row.text)
            for row in rows
        ]

    async def _select(
        self,
        *where: ColumnElement[bool],
        order: ColumnElement[int] = table.c.id,
        limit: int | None = None,
    ) -> Sequence[Ticket]:
        query = select(table).where(*where).order_by(order).limit(limit)
        return [ticket_of(row) for row in await self.connection.execute(query)]


def _first_row(draft: Draft) -> Mapping[str, object]:
    return row_of(
        Ticket(
            id=0,  # the database gives the number
            message_id=draft.message_id,
            asked_from=draft.asked_from,
            question=draft.question,
            language=draft.language,
            reason=draft.reason,
            kind=draft.kind,
            evidence=draft.evidence,
            opened=draft.opened,
            changed=draft.opened,
        )
    )


def row_of(ticket: Ticket) -> Mapping[str, object]:
    """Everything but the number."""
    holder = ticket.holder
    return {
        "version": ticket.version,
        "state": ticket.state,
        "channel": ticket.asked_from.channel,
        "chat": ticket.asked_from.chat,
        "message_id": ticket.message_id,
        "question": ticket.question,
        "language": ticket.language,
        "reason": ticket.reason,
        "kind": ticket.kind,
        "evidence": ticket.evidence,
        "opened": ticket.opened,
        "changed": ticket.changed,
        "holder_id": None if holder is None else holder.id,
        "holder_name": None if holder is None else holder.name,
        "reply": ticket.reply,
    }


def ticket_of(row: Row[*tuple[Any, ...]]) -> Ticket:
    return Ticket(
        id=row.id,
        version=row.version,
        state=row.state,
        message_id=row.message_id,
        asked_from=Address(row.channel, row.chat),
        question=row.question,
        language=row.language,
        reason=row.reason,
        kind=row.kind,
        evidence=row.evidence,
        opened=row.opened,
        changed=row.changed,
        holder=None if row.holder_id is None else Agent(row.holder_id, row.holder_name),
        reply=row.reply,
    )
