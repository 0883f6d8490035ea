"""Deliveries on their way, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.base import Queued
from bot.store.dialect import lock_conversation
from bot.store.tables import Sending
from bot.store.tables import delivery as table
from bot.store.tickets import SqlTickets
from bot.types import Address, Delivery


@dataclass(frozen=True, slots=True)
class SqlOutbox:
    connection: AsyncConnection

    async def enqueue(self, delivery: Delivery, /, *, at: datetime) -> int:
        if delivery.ticket_id is not None:
            await SqlTickets(self.connection).get(delivery.ticket_id)  # raises TicketNotFound
        await lock_conversation(self.connection, delivery.to)
        row = {
            "channel": delivery.to.channel,
            "chat": delivery.to.chat,
            "key": delivery.key,
            "ticket_id": delivery.ticket_id,
            "content": delivery,
            "state": Sending.PENDING,
            "attempts": 0,
            "queued_at": at,
            "due_at": at,
        }
        done = await self.connection.execute(_ENQUEUE, row)
        return done.scalar_one()

    async def due(self, *, at: datetime, limit: int = 50) -> Sequence[Queued]:
        return await self._read(_DUE, at=at, most=limit)

    async def sent(self, queued_id: int, /, *, platform_id: str, at: datetime) -> None:
        await self._change(queued_id, state=Sending.SENT, platform_id=platform_id, ended_at=at)

    async def put_off(self, queued_id: int, /, *, until: datetime, error: str) -> None:
        values = {"queued_id": queued_id, "due_at": until, "last_error": error}
        await self.connection.execute(_PUT_OFF, values)

    async def drop(self, queued_id: int, /, *, at: datetime, error: str) -> None:
        await self._change(queued_id, state=Sending.DROPPED, last_error=error, ended_at=at)

    async def delivered(
        self, address: Address, /, *, after: int = 0, limit: int = 200
    ) -> Sequence[Queued]:
        return await self._read(
            _queued()
            .where(
                table.c.state == Sending.SENT,
                table.c.channel == address.channel,
                table.c.chat == address.chat,
                table.c.id > after,
            )
            .limit(limit)
        )

    async def all_to(self, address: Address) -> Sequence[Queued]:
        """Every delivery to a conversation, sent or not, oldest first."""
        return await self._read(
            _queued().where(table.c.channel == address.channel, table.c.chat == address.chat)
        )

    async def ticket_of(self, address: Address, platform_id: str, /) -> int | None:
        return await self.connection.scalar(
            select(table.c.ticket_id)
            .where(
                table.c.channel == address.channel,
                table.c.chat == address.chat,
                table.c.platform_id == platform_id,
            )
            .order_by(table.c.id.desc())
            .limit(1)
        )

    async def _change(self, queued_id: int, **values: object) -> None:
        await self.connection.execute(_CHANGE, {"queued_id": queued_id, **values})

    async def _read(self, query: Select[*tuple[Any, ...]], **values: object) -> Sequence[Queued]:
        rows = await self.connection.execute(query, values)
        return [
            Queued(
                id=row.id,
                delivery=row.content,
                attempts=row.attempts,
                edit=row.edit,
                platform_id=row.platform_id,
            )
            for row in rows
        ]


def _queued() -> Select[*tuple[Any, ...]]:
    earlier = table.alias()
    edit = (
        select(earlier.c.platform_id)
        .where(
            earlier.c.channel == table.c.channel,
            earlier.c.chat == table.c.chat,
            earlier.c.key == table.c.key,
            earlier.c.id < table.c.id,
            earlier.c.state == Sending.SENT,
        )
        .order_by(earlier.c.id.desc())
        .limit(1)
    )
    return select(table, edit.scalar_subquery().label("edit")).order_by(table.c.id)


# Built once: building a statement costs more than running it.
_ENQUEUE: Final = insert(table).returning(table.c.id)
_HEADS: Final = (
    select(func.min(table.c.id))
    .where(table.c.state == Sending.PENDING)
    .group_by(table.c.channel, table.c.chat)
)
_DUE: Final = (
    _queued()
    .where(table.c.id.in_(_HEADS), table.c.due_at <= bindparam("at"))
    .limit(bindparam("most"))
)
_CHANGE: Final = update(table).where(
    table.c.id == bindparam("queued_id"), table.c.state == Sending.PENDING
)
_PUT_OFF: Final = _CHANGE.values(attempts=table.c.attempts + 1)
