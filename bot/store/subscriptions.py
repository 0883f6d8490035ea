"""Who follows what, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.dialect import insert
from bot.store.push_tables import subscription as table
from bot.subscriptions import Followers, Follows, Subscription, Wish
from bot.types import Address


@dataclass(frozen=True, slots=True)
class SqlSubscriptions:
    connection: AsyncConnection

    async def add(self, wish: Wish, /) -> Subscription:
        key = {
            "channel": wish.address.channel,
            "chat": wish.address.chat,
            "follows": wish.follows,
            "target": wish.target,
        }
        await self.connection.execute(
            insert(self.connection, table)
            .values(
                **key,
                title=wish.title,
                release=wish.release,
                language=wish.language,
                since=wish.since,
            )
            .on_conflict_do_nothing(index_elements=list(key))
        )
        rows = await self.connection.execute(
            select(table).where(
                _at(wish.address), table.c.follows == wish.follows, table.c.target == wish.target
            )
        )
        return _subscription(rows.one())

    async def of(self, address: Address, /) -> Sequence[Subscription]:
        query = select(table).where(_at(address)).order_by(table.c.id)
        return [_subscription(row) for row in await self.connection.execute(query)]

    async def remove(self, address: Address, subscription_id: int, /) -> Subscription | None:
        rows = await self.connection.execute(
            delete(table).where(_at(address), table.c.id == subscription_id).returning(table)
        )
        row = rows.one_or_none()
        return None if row is None else _subscription(row)

    async def remove_all(self, address: Address, /) -> int:
        done = await self.connection.execute(delete(table).where(_at(address)))
        return done.rowcount

    async def waiting(self, release: str, /, *, limit: int | None = None) -> Sequence[Address]:
        rows = await self.connection.execute(
            select(table.c.channel, table.c.chat)
            .where(table.c.release != release)
            .group_by(table.c.channel, table.c.chat)
            .order_by(func.min(table.c.id))
            .limit(limit)
        )
        return [Address(row.channel, row.chat) for row in rows]

    async def told(self, address: Address, release: str, /) -> None:
        await self.connection.execute(update(table).where(_at(address)).values(release=release))

    async def followers(self) -> Sequence[Followers]:
        count = func.count().label("people")
        rows = await self.connection.execute(
            select(table.c.follows, table.c.target, func.max(table.c.title).label("title"), count)
            .where(table.c.follows != Follows.QUESTION)
            .group_by(table.c.follows, table.c.target)
            .order_by(count.desc(), table.c.follows, table.c.target)
        )
        return [
            Followers(follows=row.follows, target=row.target, title=row.title, count=row.people)
            for row in rows
        ]


def _at(address: Address) -> ColumnElement[bool]:
    return (table.c.channel == address.channel) & (table.c.chat == address.chat)


def _subscription(row: Row[*tuple[Any, ...]]) -> Subscription:
    return Subscription(
        id=row.id,
        address=Address(row.channel, row.chat),
        follows=row.follows,
        target=row.target,
        title=row.title,
        release=row.release,
        language=row.language,
        since=row.since,
    )
