"""The documents and topics of the current release, as deep links name them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Protocol

import structlog

from bot.links import Target, payload
from index.errors import SearchError
from index.release import current
from index.shelf import Shelf
from knowledge.types import Document

MOST: Final = 8  # documents of a topic that are named: a small screen

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
    shelf: Shelf
    documents: Mapping[str, int]
    topics: Mapping[str, tuple[str, Sequence[int]]]

    @classmethod
    def read(cls, root: Path, release: str) -> _Links:
        shelf = Shelf.open(root / release)
        documents: dict[str, int] = {}
        topics: dict[str, tuple[str, list[int]]] = {}
        for number, document in enumerate(shelf.all_documents()):
            documents[payload(Target.DOCUMENT, document.id)] = number
            for name in document.topics:
                _, numbers = topics.setdefault(payload(Target.TOPIC, name), (name, []))
                numbers.append(number)
        return cls(release, shelf, documents, topics)

    def linked(self, start: str, on: date) -> Document | Subject | None:
        if start in self.documents:
            return self.shelf.document(self.documents[start])
        name, numbers = self.topics.get(start, ("", ()))
        binding = [
            document
            for document in map(self.shelf.document, numbers)
            if document.standing(on).binding
        ]
        newest = sorted(binding, key=lambda one: one.published or date.min, reverse=True)
        return Subject(name, tuple(newest[:MOST])) if newest else None


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
