"""The audit log, in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.audit import START, Sealed
from bot.desk.tickets import Event
from bot.errors import TicketNotFound
from bot.store.dialect import insert, lock_audit
from bot.store.tables import audit as table
from bot.store.tables import ticket


@dataclass(frozen=True, slots=True)
class SqlAudit:
    connection: AsyncConnection

    async def note(self, event: Event, /) -> None:
        await lock_audit(self.connection)
        known = select(ticket.c.id).where(ticket.c.id == event.ticket_id)
        last = select(func.max(table.c.id))
        digest = select(table.c.digest).where(table.c.id == last.scalar_subquery())
        parts = (part.scalar_subquery() for part in (known, last, digest))
        (found, number, previous) = (await self.connection.execute(select(*parts))).one()
        if event.ticket_id is not None and found is None:
            raise TicketNotFound(event.ticket_id)
        # Given here and not by the database: the number must follow the line before it.
        sealed = Sealed.after(previous or START, event, number=(number or 0) + 1)
        await self.connection.execute(insert(self.connection, table).values(row_of(sealed)))

    async def of(self, ticket_id: int, /) -> Sequence[Event]:
        return [line.event for line in await self._lines(table.c.ticket_id == ticket_id)]

    async def lines(self, *, after: int = 0, limit: int = 1000) -> Sequence[Sealed]:
        return await self._lines(table.c.id > after, limit=limit)

    async def newest(self) -> int:
        found = await self.connection.execute(select(func.max(table.c.id)))
        return int(found.scalar_one() or 0)

    async def erase(self, ticket_id: int) -> None:
        """Take the words out of what was written about a ticket; see Sealed.erased."""
        await self.connection.execute(
            update(table).where(table.c.ticket_id == ticket_id).values(why="", text="", salt="")
        )

    async def _lines(self, *where: Any, limit: int | None = None) -> Sequence[Sealed]:
        query = select(table).where(*where).order_by(table.c.id).limit(limit)
        return [sealed_of(row) for row in await self.connection.execute(query)]


def row_of(sealed: Sealed) -> Mapping[str, object]:
    event = sealed.event
    return {
        "id": sealed.id,
        "ticket_id": event.ticket_id,
        "at": event.at,
        "who": event.who,
        "what": event.what,
        "why": event.why,
        "text": event.text,
        "salt": sealed.salt,
        "words": sealed.words,
        "previous": sealed.previous,
        "digest": sealed.digest,
    }


def sealed_of(row: Row[*tuple[Any, ...]]) -> Sealed:
    event = Event(
        ticket_id=row.ticket_id,
        at=row.at,
        who=row.who,
        what=row.what,
        why=row.why,
        text=row.text,
    )
    return Sealed(
        id=row.id,
        event=event,
        salt=row.salt,
        words=row.words,
        previous=row.previous,
        digest=row.digest,
    )
