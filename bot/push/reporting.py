"""Reach and awareness: how many follow each document, and what became of what they were told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.config import Settings
from bot.store.base import Store
from bot.store.pushed import Reach
from bot.store.sql import SqlStore
from bot.subscriptions import Followers, Follows


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One document: its followers, and the messages about it to anybody."""

    document_id: str
    title: str
    followers: int
    sent: int = 0
    delivered: int = 0
    opened: int = 0
    helpful: int = 0
    unhelpful: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    documents: tuple[Line, ...]
    topics: tuple[Followers, ...]

    def as_row(self) -> dict[str, Any]:
        return {
            "documents": [asdict(one) for one in self.documents],
            "topics": [{"topic": one.target, "followers": one.count} for one in self.topics],
        }

    def in_words(self) -> Iterator[str]:
        if not self.documents and not self.topics:
            yield "Nobody follows anything yet, and nothing was sent."
        for one in self.documents:
            yield (
                f"{one.title}: {one.followers} followers; sent {one.sent}, "
                f"delivered {one.delivered}, opened {one.opened}, "
                f"helpful {one.helpful}, not helpful {one.unhelpful}"
            )
        for topic in self.topics:
            yield f"topic {topic.target}: {topic.count} followers"


async def report(settings: Settings) -> Report:
    """Raise StoreError if the database cannot be read."""
    async with SqlStore.open(settings.database_url) as store:
        return await report_of(store)


async def report_of(store: Store) -> Report:
    async with store.read() as work:
        followers = await work.subscriptions.followers()
        reach = await work.pushes.reach()
    return Report(
        documents=tuple(_lines(followers, reach)),
        topics=tuple(one for one in followers if one.follows is Follows.TOPIC),
    )


def _lines(followers: Sequence[Followers], reach: Sequence[Reach]) -> Iterator[Line]:
    """What was told first, by how often; then what is only followed."""
    counts = {one.target: one for one in followers if one.follows is Follows.DOCUMENT}
    for one in reach:
        known = counts.pop(one.document_id, None)
        yield Line(**asdict(one), followers=known.count if known else 0)
    for rest in counts.values():
        yield Line(document_id=rest.target, title=rest.title, followers=rest.count)
