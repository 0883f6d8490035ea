"""
The open documents of the release that is served, and of those before it, for pages.

Reads in worker threads. What is not open to the public is not here at all, in no list, under no
address and in no version: whoever asks for it learns nothing, not even that it exists.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeVar

import structlog

from bot.library import documents_of
from bot.web import problems
from index.diff import DocumentChange, compared
from index.errors import SearchError
from index.release import read_manifest, releases, was_served
from index.shelf import Shelf
from index.verified import verify
from index.writing import open_keys
from knowledge.types import Disclosure, Document, Passage

RETRY_S: Final = 3
_CATALOGUES: Final = 2  # the release that is served, and the next or the one before
_RELEASE: Final = re.compile(r"[0-9A-Za-z-]{1,64}")
_Result = TypeVar("_Result")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relations:
    """What other documents are to one; all of them open, without their texts."""

    interprets: tuple[Document, ...] = ()
    interpreted_by: tuple[Document, ...] = ()
    amends: tuple[Document, ...] = ()
    amended_by: tuple[Document, ...] = ()
    repeals: tuple[Document, ...] = ()
    repealed_by: tuple[Document, ...] = ()
    successor: Document | None = None
    replaced: tuple[Document, ...] = ()  # those whose place it took


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The open documents of a release without their texts, by id, the newest first."""

    release: str
    documents: Mapping[str, Document]

    def relations(self, document: Document) -> Relations:
        name, known = document.id, self.documents
        return Relations(
            interprets=self._named(document.interprets),
            interpreted_by=tuple(one for one in known.values() if name in one.interprets),
            amends=self._named(document.amends),
            amended_by=tuple(one for one in known.values() if name in one.amends),
            repeals=self._named(document.repeals),
            repealed_by=tuple(one for one in known.values() if name in one.repeals),
            successor=known.get(document.superseded_by or ""),
            replaced=tuple(one for one in known.values() if one.superseded_by == name),
        )

    def _named(self, names: Sequence[str]) -> tuple[Document, ...]:
        return tuple(self.documents[name] for name in names if name in self.documents)


@dataclass(frozen=True, slots=True)
class Opened:
    """A document with its text and its passages, in order."""

    document: Document
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """A document as it was from a release on."""

    release: str
    built: datetime
    document: Document


class Reader:
    """Raises problems.busy while no release is served, or where it cannot be read."""

    def __init__(self, root: Path, release: Callable[[], str]) -> None:
        """`release` names the one that is served, or ""."""
        self._root = root
        self._release = release
        self._catalogue = lru_cache(maxsize=_CATALOGUES)(self._read_catalogue)
        self._open: dict[str, _Release] = {}  # all that are kept: versions are looked for in each
        self._lock = asyncio.Lock()  # one thread at a time, so that nothing is read twice

    async def catalogue(self) -> Catalogue:
        return await self._reading(self._catalogue)

    async def opened(self, document_id: str) -> Opened | None:
        """The document as it is served; None where there is none that is open."""
        return await self._reading(lambda name: self._of(name).opened(document_id))

    async def versions(self, document_id: str) -> Sequence[Version]:
        """
        The document as it was in the releases that were served and are kept, oldest first.

        Each version once, from the first release that had it.
        """
        return await self._reading(lambda _name: tuple(self._versions(document_id)))

    async def compared(self, old: tuple[str, str], new: tuple[str, str]) -> DocumentChange | None:
        """
        What changed from one document to another, each by its release and its id.

        None where one of them is not there, or is not open.
        """
        return await self._reading(lambda _name: self._compared(old, new))

    async def _reading(self, read: Callable[[str], _Result]) -> _Result:
        name = self._release()
        if not name:
            raise problems.busy(RETRY_S)
        async with self._lock:
            try:
                return await asyncio.to_thread(read, name)
            except (SearchError, OSError) as error:
                log.error("web.release_unreadable", release=name, error=str(error))  # noqa: TRY400 - its words are enough
                raise problems.busy(RETRY_S) from error

    def _read_catalogue(self, name: str) -> Catalogue:
        shown = [one for one in documents_of(self._root / name) if is_open(one)]
        shown.sort(key=lambda one: one.id)
        shown.sort(key=lambda one: one.published or date.min, reverse=True)
        return Catalogue(name, {one.id: one for one in shown})

    def _of(self, name: str) -> _Release:
        """Whole releases are read when they are opened, so none is opened twice."""
        if name not in self._open:
            self._open[name] = _Release.open(self._root / name)
        return self._open[name]

    def _served_once(self, name: str) -> bool:
        folder = self._root / name
        return bool(_RELEASE.fullmatch(name)) and folder.is_dir() and was_served(folder)

    def _versions(self, document_id: str) -> Iterator[Version]:
        before: Document | None = None
        kept = releases(self._root)
        names = {manifest.name for manifest in kept} | {self._release()}
        for gone in self._open.keys() - names:
            del self._open[gone]
        for manifest in kept:
            if not self._served_once(manifest.name):
                continue
            try:
                found = self._of(manifest.name).opened(document_id)
            except (SearchError, OSError) as error:  # the others are there
                log.warning("web.version_unreadable", release=manifest.name, error=str(error))
                continue
            if found is not None and found.document != before:
                before = found.document
                yield Version(manifest.name, datetime.fromisoformat(manifest.created), before)

    def _compared(self, old: tuple[str, str], new: tuple[str, str]) -> DocumentChange | None:
        if not self._served_once(old[0]) or not self._served_once(new[0]):
            return None
        one, other = self._of(old[0]), self._of(new[0])
        before, after = one.number(old[1]), other.number(new[1])
        if before is None or after is None:
            return None
        return compared(one.shelf, before, other.shelf, after)


def is_open(document: Document) -> bool:
    return document.disclosure is Disclosure.OPEN


class _Release:
    """The files of one release; a release never changes."""

    def __init__(self, folder: Path) -> None:
        self.shelf = Shelf.open(folder)
        self._ids = open_keys(folder).ids

    @classmethod
    def open(cls, folder: Path) -> _Release:
        """Raise ReleaseError: a flipped byte must not be shown to anybody."""
        verify(folder, read_manifest(folder))
        return cls(folder)

    def number(self, document_id: str) -> int | None:
        """The number of an open document."""
        number = self._ids.get(document_id)
        if number is None or self.shelf.document(number).id != document_id:
            return None
        return number if is_open(self.shelf.document(number)) else None

    def opened(self, document_id: str) -> Opened | None:
        number = self.number(document_id)
        if number is None:
            return None
        passages = map(self.shelf.passage, self.shelf.numbers_of(number).tolist())
        return Opened(self.shelf.document(number), tuple(passages))
