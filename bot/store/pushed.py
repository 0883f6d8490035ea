"""A message to somebody who follows something, as it is stored, and its figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.push.news import News
from bot.types import Address

ERASED: Final = "erased:"  # and the number of the push: the chat of somebody who is forgotten


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One document that a push tells of; of an answered question, the one that answers."""

    document_id: str
    title: str
    since: str = ""  # name of the release that the news are compared with
    news: News | None = None  # None for an answered question


@dataclass(frozen=True, slots=True, kw_only=True)
class PushDraft:
    run: int
    address: Address
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    id: int
    run: int
    address: Address
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far the news of a document went, in messages."""

    document_id: str
    title: str
    sent: int  # put into the outbox
    delivered: int  # taken by the platform
    opened: int
    helpful: int
    unhelpful: int
