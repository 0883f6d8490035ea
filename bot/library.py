"""What a release holds, without texts, and what of it deep links name."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final, Protocol

import structlog

from bot.links import Target, payload
from index.errors import SearchError
from index.release import current, read_manifest
from index.shelf import Shelf
from index.verified import verify
from knowledge.spool import slim
from knowledge.types import Document

MOST: Final = 8  # documents of a topic that are named: a small screen
RELEASES: Final = 2  # held at a time: the one that is served, and the next or the one before

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Subject:
    name: str
    documents: tuple[Document, ...]  # the newest first, at most MOST


class Library(Protocol):
    async def linked(self, start: str, /, *, on: date) -> Document | Subject | None:
        """Return what the payload of a deep link names; of a topic, what binds on that day."""


@dataclass(frozen=True, slots=True)
class _Links:
    """One release by payload."""

    release: str
    documents: Mapping[str, Document]
    topics: Mapping[str, tuple[str, Sequence[Document]]]

    @classmethod
    def read(cls, root: Path, release: str) -> _Links:
        documents: dict[str, Document] = {}
        topics: dict[str, tuple[str, list[Document]]] = {}
        for document in documents_of(root / release):
            documents[payload(Target.DOCUMENT, document.id)] = document
            for name in document.topics:
                _, alike = topics.setdefault(payload(Target.TOPIC, name), (name, []))
                alike.append(document)
        return cls(release, documents, topics)

    def linked(self, start: str, on: date) -> Document | Subject | None:
        if start in self.documents:
            return self.documents[start]
        name, alike = self.topics.get(start, ("", ()))
        binding = [document for document in alike if document.standing(on).binding]
        newest = sorted(binding, key=lambda one: one.published or date.min, reverse=True)
        return Subject(name, tuple(newest[:MOST])) if newest else None


@lru_cache(maxsize=RELEASES)  # a release never changes; links and subscriptions read one copy
def documents_of(folder: Path) -> tuple[Document, ...]:
    """
    The documents of a release without texts and headings, in its order.

    Raise ReleaseError: a damaged title must not be told.
    """
    verify(folder, read_manifest(folder))
    return tuple(map(slim, Shelf.open(folder).all_documents()))


class ReleaseLibrary:
    """Reads the release when a link is opened, once for each release."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._links: _Links | None = None

    async def linked(self, start: str, /, *, on: date) -> Document | Subject | None:
        try:
            return await asyncio.to_thread(self._linked, start, on)
        except (SearchError, OSError) as error:  # whoever came by the link is welcome anyway
            log.warning("link.unreadable", error=str(error))
            return None

    def _linked(self, start: str, on: date) -> Document | Subject | None:
        release = current(self._root)
        if self._links is None or self._links.release != release:
            self._links = _Links.read(self._root, release)
        return self._links.linked(start, on)
