"""Deliveries on their way, in SQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.seen.correlation import correlated
from bot.store.base import SUPERSEDED, Queued, taking_place
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
            "content": correlated(delivery),
            "state": Sending.PENDING,
            "attempts": 0,
            "queued_at": at,
            "due_at": at,
        }
        done = await self.connection.execute(_ENQUEUE, row)
        return done.scalar_one()

    async def due(
        self, *, at: datetime, limit: int = 50, channels: Collection[str] | None = None
    ) -> Sequence[Queued]:
        if channels is None:
            return await self._read(_DUE, at=at, most=limit)
        return await self._read(_DUE_ON, at=at, most=limit, channels=sorted(channels))

    async def take(
        self, due: Sequence[Queued], /, *, at: datetime, until: datetime | None
    ) -> Sequence[Queued]:
        if until is None or not due:
            return [await self._newest(queued, at=at) for queued in due]
        asked = {"asked": [queued.id for queued in due], "at": at}
        free = set(await self.connection.scalars(_FREE, asked))
        mine = [await self._newest(queued, at=at) for queued in due if queued.id in free]
        taken = {"asked": [queued.id for queued in mine], "until": until}
        await self.connection.execute(_LEASE, taken)
        return mine

    async def keep(self, queued_ids: Collection[int], /, *, until: datetime) -> None:
        await self.connection.execute(_KEEP, {"asked": list(queued_ids), "until": until})

    async def give_back(self, queued_id: int, /, *, until: datetime) -> None:
        await self.connection.execute(_GIVE_BACK, {"queued_id": queued_id, "until": until})

    async def sent(self, queued_id: int, /, *, platform_id: str, at: datetime) -> None:
        await self._change(queued_id, state=Sending.SENT, platform_id=platform_id, ended_at=at)

    async def put_off(
        self, queued_id: int, /, *, until: datetime, error: str, failed: bool = True
    ) -> None:
        values = {"queued_id": queued_id, "due_at": until, "last_error": error}
        values |= {"leased_until": None, "failed": int(failed)}
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

    async def _newest(self, queued: Queued, *, at: datetime) -> Queued:
        """It with what waits last with the same address and key; those behind it are dropped."""
        if queued.delivery.key is None:
            return queued
        alike = await self._read(
            _queued().where(*_at(queued.delivery.to), table.c.key == queued.delivery.key, _PENDING)
        )
        if len(alike) < 2:  # noqa: PLR2004 - nothing to be replaced
            return alike[0] if alike else queued
        newest = taking_place(alike)
        await self._say(newest.id, newest.delivery)
        # What it said until now may be in the chat, where nobody could know: it is not forgotten.
        await self._say(alike[-1].id, alike[0].delivery)
        for replaced in alike[1:]:
            await self.drop(replaced.id, at=at, error=SUPERSEDED)
        return newest

    async def shows(self, address: Address, platform_id: str, /) -> Delivery | None:
        found = await self._read(
            _queued().where(*_at(address), table.c.platform_id == platform_id)
        )
        return found[-1].delivery if found else None

    async def waiting(self, address: Address, /) -> int:
        counted = select(func.count()).select_from(table).where(*_at(address), _PENDING)
        return await self.connection.scalar(counted) or 0

    async def known(self, address: Address, key: str, /) -> bool:
        found = await self.connection.scalar(
            select(table.c.id)
            .where(*_at(address), table.c.key == key, table.c.state != Sending.DROPPED)
            .limit(1)
        )
        return found is not None

    async def move(self, address: Address, to: Address, /) -> None:
        for waiting in await self._read(_queued().where(*_at(address), _PENDING)):
            moved = {"channel": to.channel, "chat": to.chat}
            content = replace(waiting.delivery, to=to, reply_to=None)
            await self._change(waiting.id, content=content, **moved)

    async def _say(self, queued_id: int, delivery: Delivery) -> None:
        await self._change(queued_id, content=delivery, ticket_id=delivery.ticket_id)

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


def _at(address: Address) -> tuple[ColumnElement[bool], ...]:
    return table.c.channel == address.channel, table.c.chat == address.chat


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


def _due(heads: Select[int]) -> Select[*tuple[Any, ...]]:
    """Those of the heads of their conversations that may leave."""
    leased = table.alias()
    busy = exists().where(
        leased.c.channel == table.c.channel,
        leased.c.chat == table.c.chat,
        leased.c.state == Sending.PENDING,
        leased.c.leased_until > bindparam("at"),
    )
    return (
        _queued()
        .where(table.c.id.in_(heads), table.c.due_at <= bindparam("at"), ~busy)
        .limit(bindparam("most"))
    )


_PENDING: Final = table.c.state == Sending.PENDING
# Built once: building a statement costs more than running it.
_ENQUEUE: Final = insert(table).returning(table.c.id)
_HEADS: Final = (
    select(func.min(table.c.id))
    .where(table.c.state == Sending.PENDING)
    .group_by(table.c.channel, table.c.chat)
)
_DUE: Final = _due(_HEADS)
_DUE_ON: Final = _due(_HEADS.where(table.c.channel.in_(bindparam("channels", expanding=True))))
# What another worker looks at in this moment is as good as taken. On SQLite nobody else does.
_FREE: Final = (
    select(table.c.id)
    .where(
        table.c.id.in_(bindparam("asked", expanding=True)),
        _PENDING,
        or_(table.c.leased_until.is_(None), table.c.leased_until <= bindparam("at")),
    )
    .with_for_update(skip_locked=True)
)
_LEASE: Final = (
    update(table)
    .where(table.c.id.in_(bindparam("asked", expanding=True)))
    .values(leased_until=bindparam("until"))
)
_KEEP: Final = _LEASE.where(table.c.leased_until.is_not(None), _PENDING)
_CHANGE: Final = update(table).where(
    table.c.id == bindparam("queued_id"), table.c.state == Sending.PENDING
)
# Whoever took it since has a later lease.
_GIVE_BACK: Final = (
    update(table)
    .where(
        table.c.id == bindparam("queued_id"),
        table.c.leased_until == bindparam("until"),
        _PENDING,
    )
    .values(leased_until=None)
)
_PUT_OFF: Final = _CHANGE.values(attempts=table.c.attempts + bindparam("failed", type_=Integer))
