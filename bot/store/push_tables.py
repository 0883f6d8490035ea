"""The tables of subscriptions and of what was told because of them. See tables.py."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Named,
    Table,
    TypedColumns,
    UniqueConstraint,
)

from bot.push.news import News
from bot.store.columns import ID, Json, Said, SaidAtLength, Utc, Word
from bot.store.tables import metadata
from bot.subscriptions import Follows
from knowledge.types import Lang


class SubscriptionColumns(TypedColumns):
    id: Named[int] = Column(ID, primary_key=True)
    channel: Named[str] = Column(Said)
    chat: Named[str] = Column(Said)
    follows: Named[Follows] = Column(Word(Follows))
    target: Named[str] = Column(Said)
    title: Named[str] = Column(SaidAtLength)
    release: Named[str] = Column(Said)
    language: Named[Lang] = Column(Word(Lang))
    since: Named[datetime] = Column(Utc)


class RunColumns(TypedColumns):
    id: Named[int] = Column(ID, primary_key=True)
    release: Named[str] = Column(Said)
    seen: Named[datetime] = Column(Utc)
    begun: Named[datetime | None] = Column(Utc)
    ended: Named[datetime | None] = Column(Utc)


class NewsColumns(TypedColumns):
    id: Named[int] = Column(ID, primary_key=True)
    run_id: Named[int] = Column(ID, ForeignKey("push_run.id"))
    since: Named[str] = Column(Said)
    document_id: Named[str] = Column(Said)
    content: Named[News] = Column(Json(News))


class PushColumns(TypedColumns):
    id: Named[int] = Column(ID, primary_key=True)
    run_id: Named[int] = Column(ID, ForeignKey("push_run.id"))
    channel: Named[str] = Column(Said)
    chat: Named[str] = Column(Said)
    delivery_id: Named[int | None] = Column(ID)  # which may be deleted: no key
    at: Named[datetime] = Column(Utc)


class ItemColumns(TypedColumns):
    push_id: Named[int] = Column(ID, ForeignKey("push.id"), primary_key=True)
    place: Named[int] = Column(primary_key=True)
    document_id: Named[str] = Column(Said)
    title: Named[str] = Column(SaidAtLength)
    news_id: Named[int | None] = Column(ID, ForeignKey("push_news.id"))
    opened_at: Named[datetime | None] = Column(Utc)
    helpful: Named[bool | None]


# A button names a subscription or a push by its number: no number is given twice.
subscription: Final = Table(
    "subscription",
    metadata,
    SubscriptionColumns,
    UniqueConstraint("channel", "chat", "follows", "target"),
    Index("ix_subscription_release", "release", "channel", "chat", "id"),  # waiting
    sqlite_autoincrement=True,
)
run: Final = Table("push_run", metadata, RunColumns)
# One copy for all who are told the same.
news: Final = Table(
    "push_news",
    metadata,
    NewsColumns,
    UniqueConstraint("run_id", "since", "document_id"),
    sqlite_autoincrement=True,
)
push: Final = Table(
    "push",
    metadata,
    PushColumns,
    UniqueConstraint("run_id", "channel", "chat"),  # one message a person and run
    Index("ix_push_delivery", "delivery_id"),
    sqlite_autoincrement=True,
)
item: Final = Table("push_item", metadata, ItemColumns)
