"""The documents of releases on disk, for those who follow them. Reads in worker threads."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final, Protocol

from bot.library import documents_of
from bot.push.news import News, news_of
from bot.subscriptions import Follows, number_of
from index.diff import changes
from index.errors import ReleaseError
from index.release import read_manifest
from index.shelf import Shelf
from index.verified import verify
from knowledge.fold import fold

PAIRS: Final = 4  # pairs of releases whose news are kept
MOST_FOUND: Final = 5  # documents that a name may mean

logger = logging.getLogger(__name__)


class Served(Protocol):
    """As index.live.Live."""

    @property
    def release(self) -> str:
        """Name of the release that is served, or ""."""


@dataclass(frozen=True, slots=True)
class Named:
    """A document as people call it."""

    id: str
    title: str
    number: str
    binding: bool  # today, or from a day to come


@dataclass(frozen=True)
class Catalogue:
    """What one may follow in a release."""

    documents: Mapping[str, Named] = field(default_factory=dict)  # by id
    topics: Sequence[str] = ()  # most frequent first

    @cached_property
    def numbers(self) -> Mapping[int, tuple[Follows, str]]:
        """What a number on a button means."""
        pairs = [(Follows.TOPIC, topic) for topic in self.topics]
        pairs += [(Follows.DOCUMENT, name) for name in self.documents]
        return {number_of(*pair): pair for pair in pairs}

    def title(self, name: str) -> str:
        known = self.documents.get(name)
        return known.title if known else ""

    def topic(self, words: str) -> str | None:
        """The topic of that name, in whatever script it is written."""
        wanted = _folded(words)
        return next((one for one in self.topics if _folded(one) == wanted), None)

    def meant(self, words: str) -> Sequence[Named]:
        """
        Documents that are called so: by the whole number or title, else by a part of it.

        Those in force first; at most MOST_FOUND.
        """
        wanted = _folded(words)
        if not wanted:
            return ()
        names = [(_folded(one.title), _folded(one.number), one) for one in self.documents.values()]
        found = [one for title, number, one in names if wanted in {title, number}]
        if not found:
            found = [one for title, number, one in names if wanted in title or wanted in number]
        return sorted(found, key=lambda one: (not one.binding, len(one.title)))[:MOST_FOUND]


EMPTY: Final = Catalogue()


class Archive:
    def __init__(self, root: Path, served: Served) -> None:
        self._root = root
        self._served = served
        self._catalogue = lru_cache(maxsize=2)(self._read_catalogue)
        self._news = lru_cache(maxsize=PAIRS)(self._compare)
        self._lock = asyncio.Lock()  # one thread at a time, so that nothing is read twice

    @property
    def release(self) -> str:
        """Name of the release that is served, or ""."""
        return self._served.release

    async def catalogue(self, *, on: date) -> Catalogue:
        """Of the release that is served; an empty one while there is none, or it is gone."""
        if not self.release:
            return EMPTY
        async with self._lock:
            try:
                return await asyncio.to_thread(self._catalogue, self.release, on)
            except (ReleaseError, OSError) as error:
                logger.error("release %s cannot be read: %s", self.release, error)  # noqa: TRY400 - its words are enough
                return EMPTY

    async def news(self, old: str, new: str, *, on: date) -> Sequence[News]:
        """
        What the new release changed; nothing where the old one is gone or damaged.

        `old` is "" where no release was served.
        """
        if not old or old == new:
            return ()
        async with self._lock:
            return await asyncio.to_thread(self._news, old, new, on)

    def _compare(self, old: str, new: str, on: date) -> Sequence[News]:
        try:
            before, after = self._open(old), self._open(new)
        except (ReleaseError, OSError) as error:
            logger.error(  # noqa: TRY400 - it is no bug, and the sentence says what to do
                "what changed from release %s to %s cannot be told to those who follow it (%s); "
                "they are told of later changes. Keep releases until they are pushed.",
                old,
                new,
                error,
            )
            return ()
        titles = {
            one.id: one.title for name in (old, new) for one in documents_of(self._root / name)
        }
        return news_of(
            changes(before, after), title=lambda name: titles.get(name, ""), on=on
        )  # fmt: skip

    def _read_catalogue(self, release: str, on: date) -> Catalogue:
        documents: dict[str, Named] = {}
        topics: Counter[str] = Counter()
        for one in documents_of(self._root / release):
            upcoming = one.begins is not None and one.begins > on
            binding = upcoming or one.standing(on).binding
            documents[one.id] = Named(one.id, one.title, one.number, binding)
            if binding:
                topics.update(one.topics)
        return Catalogue(documents, [name for name, _ in topics.most_common()])

    def _open(self, release: str) -> Shelf:
        """Raise ReleaseError: a flipped byte must not be told as a change."""
        folder = self._root / release
        verify(folder, read_manifest(folder))
        return Shelf.open(folder)


def _folded(words: str) -> str:
    return "".join(fold(words).split()).strip("《》〈〉「」“”\"'。.,，")
