"""What is kept for a time only, in SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.audit import ERASED
from bot.desk.tickets import DONE, Event, State
from bot.store import blank
from bot.store.audit import SqlAudit
from bot.store.base import DataClass
from bot.store.entries import erase_of_ticket
from bot.store.tables import Sending
from bot.store.tables import conversation as conversations
from bot.store.tables import delivery as deliveries
from bot.store.tables import message as messages
from bot.store.tables import ticket as tickets
from bot.store.tickets import row_of, ticket_of

_DONE = sorted(DONE)


@dataclass(slots=True)
class SqlRecords:
    connection: AsyncConnection
    audit: SqlAudit
    has_erased: bool = False

    async def expired(self, what: DataClass, /, *, before: datetime) -> int:
        table, old = _old(what, before)
        count = select(func.count()).select_from(table).where(old)
        return await self.connection.scalar(count) or 0

    async def erase(
        self, what: DataClass, /, *, before: datetime, at: datetime, limit: int
    ) -> int:
        table, old = _old(what, before)
        if what is DataClass.CONVERSATIONS:
            done = await self.connection.execute(delete(table).where(old))
            count = done.rowcount
        else:
            rows = await self.connection.execute(
                select(table).where(old).order_by(table.c.id).limit(limit)
            )
            count = await self._blank(what, table, rows.all(), at)
        self.has_erased = self.has_erased or count > 0
        return count

    async def _blank(
        self, what: DataClass, table: Table, rows: Sequence[Row[*tuple[Any, ...]]], at: datetime
    ) -> int:
        for row in rows:
            await self.connection.execute(
                update(table).where(table.c.id == row.id).values(_BLANK[what](row))
            )
            if what is DataClass.TICKETS:
                await self._without_words(row.id, at)
        return len(rows)

    async def _without_words(self, ticket_id: int, at: datetime) -> None:
        """A ticket's history keeps who did what, and when."""
        await self.audit.erase(ticket_id)
        await erase_of_ticket(self.connection, ticket_id)
        await self.audit.note(Event(ticket_id=ticket_id, at=at, who=blank.ERASER, what=ERASED))


def _old(what: DataClass, before: datetime) -> tuple[Table, ColumnElement[bool]]:
    match what:
        case DataClass.MESSAGES:
            kept = messages.c.platform_id.not_like(f"{blank.GONE}%")
            return messages, and_(messages.c.finished_at < before, kept)
        case DataClass.DELIVERIES:
            # Staff answer a ticket under its card: that stays as long as the ticket is open.
            open_ = select(tickets.c.id).where(tickets.c.state.not_in(_DONE))
            free = or_(deliveries.c.ticket_id.is_(None), deliveries.c.ticket_id.not_in(open_))
            ended = deliveries.c.state != Sending.PENDING, deliveries.c.ended_at < before
            return deliveries, and_(*ended, deliveries.c.chat != "", free)
        case DataClass.CONVERSATIONS:
            return conversations, conversations.c.seen_at < before
        case DataClass.TICKETS:
            done = tickets.c.state.in_(_DONE), tickets.c.changed < before
            return tickets, and_(*done, tickets.c.chat != "", _owed_no_reply())


def _owed_no_reply() -> ColumnElement[bool]:
    """What was merged goes after the ticket that it is answered with."""
    into = tickets.alias("into")
    erased = select(into.c.id).where(into.c.chat == "")
    return or_(tickets.c.state != State.MERGED, tickets.c.merged_into.in_(erased))


def _blank_message(row: Row[*tuple[Any, ...]]) -> Mapping[str, object]:
    return {
        "platform_id": blank.gone(row.id),
        "sender": None,
        "content": blank.message(row.id, row.content),
        "outcome": blank.outcome(row.outcome),
    }


def _blank_delivery(row: Row[*tuple[Any, ...]]) -> Mapping[str, object]:
    return {
        "chat": "",
        "key": None,
        "content": blank.delivery(row.content),
        "platform_id": None,
        "last_error": None,
    }


def _blank_ticket(row: Row[*tuple[Any, ...]]) -> Mapping[str, object]:
    return row_of(blank.ticket(ticket_of(row)))


_BLANK: Mapping[DataClass, Callable[[Row[*tuple[Any, ...]]], Mapping[str, object]]] = {
    DataClass.MESSAGES: _blank_message,
    DataClass.DELIVERIES: _blank_delivery,
    DataClass.TICKETS: _blank_ticket,
}
