"""Tickets, in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.tickets import HELD, Agent, Draft, State, Ticket
from bot.errors import TicketChanged, TicketNotFound
from bot.store.base import Sought
from bot.store.dialect import insert
from bot.store.tables import ticket as table
from bot.types import Address

_EVERY: Final = frozenset(State)


@dataclass(frozen=True, slots=True)
class SqlTickets:
    """
    Where it may write, a ticket that is asked for by itself is kept for this transaction: whoever
    else asks for it waits, and then finds it as it is, rather than fail when it is saved. That is
    for PostgreSQL; on SQLite nobody else writes meanwhile.
    """

    connection: AsyncConnection
    writing: bool = False

    async def open(self, draft: Draft, /) -> Ticket:
        channel = draft.asked_from.channel
        await self.connection.execute(
            insert(self.connection, table)
            .values(_first_row(draft))
            .on_conflict_do_nothing(index_elements=["channel", "message_id"])
        )
        (ticket,) = await self._select(
            table.c.channel == channel, table.c.message_id == draft.message_id, keep=self.writing
        )
        return ticket

    async def get(self, ticket_id: int, /) -> Ticket:
        for ticket in await self._select(table.c.id == ticket_id, keep=self.writing):
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

    async def find(self, sought: Sought, /) -> Sequence[Ticket]:
        order = _order(sought)
        return await self._select(*_conditions(sought), order=order, limit=sought.limit)

    async def versions(self, sought: Sought, /) -> Mapping[int, int]:
        query = select(table.c.id, table.c.version).where(*_conditions(sought))
        query = query.order_by(_order(sought)).limit(sought.limit)
        return {row.id: row.version for row in await self.connection.execute(query)}

    async def held(self) -> Mapping[str, int]:
        holder = table.c.holder_id
        query = select(holder, func.count()).where(table.c.state.in_(sorted(HELD)))
        rows = await self.connection.execute(query.group_by(holder))
        return {one: count for one, count in rows if one is not None}

    async def of(self, address: Address, /, *, limit: int = 20) -> Sequence[Ticket]:
        return await self._select(
            table.c.channel == address.channel,
            table.c.chat == address.chat,
            order=table.c.id.desc(),
            limit=limit,
            keep=self.writing,
        )

    async def asked(self, address: Address, message_ids: Select[str]) -> Sequence[Ticket]:
        """Asked from that conversation, or with one of these messages; oldest first."""
        return await self._select(
            table.c.channel == address.channel,
            or_(table.c.chat == address.chat, table.c.message_id.in_(message_ids)),
        )

    async def _select(
        self,
        *where: ColumnElement[bool],
        order: ColumnElement[int] = table.c.id.asc(),
        limit: int | None = None,
        keep: bool = False,
    ) -> Sequence[Ticket]:
        query = select(table).where(*where).order_by(order).limit(limit)
        if keep:
            # Not so strictly that nobody could write a line or a delivery about it.
            query = query.with_for_update(key_share=True)
        return [ticket_of(row) for row in await self.connection.execute(query)]


def _order(sought: Sought) -> ColumnElement[int]:
    return table.c.id.desc() if sought.newest else table.c.id.asc()


def _conditions(sought: Sought) -> Sequence[ColumnElement[bool]]:
    columns = table.c
    found = [columns.id > sought.after]
    if sought.states != _EVERY:  # else the database sorts all of them by their numbers
        found.append(columns.state.in_(sorted(sought.states)))
    if sought.numbers is not None:
        found.append(columns.id.in_(sorted(sought.numbers)))
    if sought.kinds is not None:
        found.append(columns.kind.in_(sorted(sought.kinds)))
    wanted = (
        (columns.department, sought.department),
        (columns.holder_id, sought.holder),
        (columns.merged_into, sought.merged_into),
    )
    found += [column == value for column, value in wanted if value is not None]
    if sought.due is not None:
        found.append(columns.due_at < sought.due)
    if sought.lapsed is not None:
        found.append(columns.lease < sought.lapsed)
    if sought.opened is not None:
        found += [columns.opened >= sought.opened[0], columns.opened < sought.opened[1]]
    return found


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
    holder, assigned = ticket.holder, ticket.assigned
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
        "department": ticket.department,
        "sensitive": ticket.sensitive,
        "assigned_id": None if assigned is None else assigned.id,
        "assigned_name": None if assigned is None else assigned.name,
        "lease": ticket.lease,
        "merged_into": ticket.merged_into,
        "thread": ticket.thread,
        "understood": ticket.understood,
        "solved": ticket.solved,
        "deadlines": ticket.deadlines,
        "due_at": ticket.deadlines.due,
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
        department=row.department,
        sensitive=row.sensitive,
        assigned=None if row.assigned_id is None else Agent(row.assigned_id, row.assigned_name),
        lease=row.lease,
        merged_into=row.merged_into,
        thread=row.thread,
        understood=row.understood,
        solved=row.solved,
        deadlines=row.deadlines,
    )
