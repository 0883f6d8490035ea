"""What was told to those who follow something, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import String, case, cast, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.push.runs import Run
from bot.store.dialect import insert
from bot.store.push_tables import item as items
from bot.store.push_tables import news
from bot.store.push_tables import push as table
from bot.store.push_tables import run as runs
from bot.store.pushed import ERASED, Item, Push, PushDraft, Reach
from bot.store.tables import Sending, delivery
from bot.types import Address


@dataclass(frozen=True, slots=True)
class SqlPushes:
    connection: AsyncConnection

    async def last_run(self) -> Run | None:
        rows = await self.connection.execute(select(runs).order_by(runs.c.id.desc()).limit(1))
        row = rows.one_or_none()
        if row is None:
            return None
        return Run(id=row.id, release=row.release, seen=row.seen, begun=row.begun, ended=row.ended)

    async def save_run(self, run: Run, /) -> None:
        values = asdict(run)
        await self.connection.execute(
            insert(self.connection, runs)
            .values(values)
            .on_conflict_do_update(index_elements=["id"], set_=values)
        )

    async def add(self, draft: PushDraft, /, *, at: datetime) -> int | None:
        key = {
            "run_id": draft.run,
            "channel": draft.address.channel,
            "chat": draft.address.chat,
        }
        done = await self.connection.execute(
            insert(self.connection, table)
            .values(**key, at=at)
            .on_conflict_do_nothing(index_elements=list(key))
            .returning(table.c.id)
        )
        push_id = done.scalar_one_or_none()
        if push_id is None:
            return None
        for place, one in enumerate(draft.items, start=1):
            await self.connection.execute(
                insert(self.connection, items).values(
                    push_id=push_id,
                    place=place,
                    document_id=one.document_id,
                    title=one.title,
                    news_id=await self._filed(draft.run, one),
                )
            )
        return push_id

    async def _filed(self, run_id: int, one: Item) -> int | None:
        """The number of the news, which the first who is told of them writes down for all."""
        if one.news is None:
            return None
        key = {"run_id": run_id, "since": one.since, "document_id": one.document_id}
        await self.connection.execute(
            insert(self.connection, news)
            .values(**key, content=one.news)
            .on_conflict_do_nothing(index_elements=list(key))
        )
        return await self.connection.scalar(
            select(news.c.id).where(
                news.c.run_id == run_id,
                news.c.since == one.since,
                news.c.document_id == one.document_id,
            )
        )

    async def enqueued(self, push_id: int, delivery_id: int, /) -> None:
        await self.connection.execute(
            update(table).where(table.c.id == push_id).values(delivery_id=delivery_id)
        )

    async def get(self, address: Address, push_id: int, /) -> Push | None:
        run_id = await self.connection.scalar(
            select(table.c.run_id).where(
                table.c.id == push_id,
                table.c.channel == address.channel,
                table.c.chat == address.chat,
            )
        )
        if run_id is None:
            return None
        rows = await self.connection.execute(
            select(items.c.document_id, items.c.title, news.c.since, news.c.content)
            .select_from(items.outerjoin(news, items.c.news_id == news.c.id))
            .where(items.c.push_id == push_id)
            .order_by(items.c.place)
        )
        found = tuple(
            Item(
                document_id=row.document_id,
                title=row.title,
                since=row.since or "",
                news=row.content,
            )
            for row in rows
        )
        return Push(id=push_id, run=run_id, address=address, items=found)

    async def opened(self, push_id: int, place: int, /, *, at: datetime) -> None:
        await self.connection.execute(
            update(items)
            .where(items.c.push_id == push_id, items.c.place == place, items.c.opened_at.is_(None))
            .values(opened_at=at)
        )

    async def voted(self, push_id: int, place: int, /, *, helpful: bool) -> None:
        await self.connection.execute(
            update(items)
            .where(items.c.push_id == push_id, items.c.place == place)
            .values(helpful=helpful)
        )

    async def pending(self, *, tried: bool) -> int:
        found = await self.connection.scalar(
            select(func.count())
            .select_from(table.join(delivery, table.c.delivery_id == delivery.c.id))
            .where(
                delivery.c.state == Sending.PENDING,
                delivery.c.last_error.is_not(None) if tried else delivery.c.last_error.is_(None),
            )
        )
        return found or 0

    async def unlink(self, address: Address, /) -> None:
        await self.connection.execute(
            update(table)
            .where(table.c.channel == address.channel, table.c.chat == address.chat)
            .values(chat=literal(ERASED) + cast(table.c.id, String))
        )

    async def reach(self) -> Sequence[Reach]:
        sent = func.count().label("sent")
        delivered = func.sum(case((delivery.c.state == Sending.SENT, 1), else_=0))
        rows = await self.connection.execute(
            select(
                items.c.document_id,
                func.max(items.c.title).label("title"),
                sent,
                delivered.label("delivered"),
                func.count(items.c.opened_at).label("opened"),
                func.sum(case((items.c.helpful.is_(True), 1), else_=0)).label("helpful"),
                func.sum(case((items.c.helpful.is_(False), 1), else_=0)).label("unhelpful"),
            )
            .select_from(
                items.join(table, items.c.push_id == table.c.id).outerjoin(
                    delivery, table.c.delivery_id == delivery.c.id
                )
            )
            .group_by(items.c.document_id)
            .order_by(sent.desc(), items.c.document_id)
        )
        return [Reach(**row._mapping) for row in rows]  # noqa: SLF001 - the documented way
