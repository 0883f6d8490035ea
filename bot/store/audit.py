"""The audit log, in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.audit import START, Sealed
from bot.desk.tickets import Event
from bot.errors import TicketNotFound
from bot.store.dialect import insert, lock_audit
from bot.store.tables import audit as table
from bot.store.tables import ticket


@dataclass(frozen=True, slots=True)
class SqlAudit:
    """
    What is noted waits for the end of the transaction, or until somebody reads the log in it.

    One transaction at a time may append: so the lock is kept for a moment only, and being the
    last that is taken it takes part in no deadlock.
    """

    connection: AsyncConnection
    noted: list[Event] = field(default_factory=list, repr=False)  # not yet sealed

    async def note(self, event: Event, /) -> None:
        if event.ticket_id is not None:
            known = select(ticket.c.id).where(ticket.c.id == event.ticket_id)
            if await self.connection.scalar(known) is None:
                raise TicketNotFound(event.ticket_id)
        self.noted.append(event)

    async def seal(self) -> None:
        """Append what was noted."""
        if not self.noted:
            return
        await lock_audit(self.connection)
        last = select(table.c.id, table.c.digest).order_by(table.c.id.desc()).limit(1)
        found = (await self.connection.execute(last)).one_or_none()
        number, previous = found or (0, START)
        rows = []
        for event in self.noted:
            # Given here and not by the database: the number must follow the line before it.
            number += 1
            sealed = Sealed.after(previous, event, number=number)
            previous = sealed.digest
            rows.append(row_of(sealed))
        await self.connection.execute(insert(self.connection, table), rows)
        self.noted.clear()

    async def of(self, *ticket_ids: int) -> Sequence[Event]:
        return [line.event for line in await self._lines(table.c.ticket_id.in_(ticket_ids))]

    async def lines(
        self, *, after: int = 0, limit: int = 1000, of_tickets: bool = False
    ) -> Sequence[Sealed]:
        return await self._lines(table.c.id > after, *_about(of_tickets), limit=limit)

    async def newest(self, *, of_tickets: bool = False) -> int:
        # Not the highest number of those that fit: for that a database looks at all of them.
        await self.seal()
        query = select(table.c.id).where(*_about(of_tickets)).order_by(table.c.id.desc()).limit(1)
        return int((await self.connection.execute(query)).scalar_one_or_none() or 0)

    async def erase(self, ticket_id: int) -> None:
        """Take the words out of what was written about a ticket; see Sealed.erased."""
        await self.seal()
        await self.connection.execute(
            update(table).where(table.c.ticket_id == ticket_id).values(why="", text="", salt="")
        )

    async def _lines(self, *where: Any, limit: int | None = None) -> Sequence[Sealed]:
        await self.seal()
        query = select(table).where(*where).order_by(table.c.id).limit(limit)
        return [sealed_of(row) for row in await self.connection.execute(query)]


def _about(of_tickets: bool) -> Sequence[ColumnElement[bool]]:  # noqa: FBT001 - private, and named by its caller
    return [table.c.ticket_id.is_not(None)] if of_tickets else []


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
