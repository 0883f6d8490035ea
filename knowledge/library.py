"""
Folders and files of policies to documents, with a line for each that could not be read.

Texts go to a spool as they are read: none of them stays in memory.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from knowledge.cache import Cache, Read
from knowledge.documents import Made, Origin, make
from knowledge.intake import LARGEST, Trouble, take
from knowledge.readers import ocr
from knowledge.repair import Change
from knowledge.source import FILE, Source, read_source
from knowledge.spool import Documents, Spool, slim
from knowledge.types import Disclosure, Document, Status
from knowledge.validity import inherit
from knowledge.walk import Found, walk

__all__ = ["LARGEST", "Library", "Mended", "Skipped", "Why", "read_library"]


class Why(StrEnum):
    """Why something is not in the library."""

    UNREADABLE = "unreadable"
    PART = "part"  # the rest of the file is in the library
    CLOSED = "closed"  # on_request or withheld, and the source says so
    UNDISCLOSED = "undisclosed"  # nobody says whether it is public
    LINK = "link"  # the document is there, without a link to one that is not


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or a part of it that is not in the library, or not as it stands, and why."""

    path: str
    reason: str
    why: Why = Why.UNREADABLE
    documents: int = field(default=1, compare=False)  # rows of a table are one line


@dataclass(frozen=True, slots=True)
class Mended:
    """A file in the library whose text was damaged, and what was done about it."""

    path: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """What was read. `documents` holds open documents only, sorted by id, their texts on disk."""

    documents: Sequence[Document]
    skipped: tuple[Skipped, ...]
    mended: tuple[Mended, ...] = ()
    inherited: tuple[str, ...] = ()  # interpretations whose end is that of their policy


def read_library(
    sources: Sequence[Path],
    *,
    disclosure: Disclosure | None = None,
    cache: Cache | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Library:
    """
    Read every file below the sources; with a cache only those that are new to it.

    `disclosure` is what the maintainer says of files that say nothing themselves.
    `progress` is called with files done and files in all. Never raises for a file: what
    cannot be read is named in `skipped`, and the rest is read.
    """
    found, missed = walk(sources)
    skipped = [Skipped(one.path, one.problem) for one in missed]
    shelf = _Shelf(skipped, disclosure, cache)
    settings = _Settings(skipped)
    for done, file in enumerate(found, start=1):
        source = settings.of(file)
        if source is not None:
            shelf.read(file, source)
        progress(done, len(found))
    if cache is not None:
        cache.tidy()
    documents = shelf.documents()
    kept, orphans = _resolved(documents.slims)
    ended = inherit(documents.over(kept))
    return Library(
        documents=ended,
        skipped=(*skipped, *orphans),
        mended=tuple(shelf.mended),
        inherited=_inherited(kept, ended.slims),
    )


def _inherited(before: Sequence[Document], after: Sequence[Document]) -> tuple[str, ...]:
    """Those that did not say themselves that they ended."""
    pairs = zip(before, after, strict=True)
    gone = {Status.REPEALED, Status.SUPERSEDED}
    return tuple(
        one.id for said, one in pairs if _end(said) != _end(one) and said.status not in gone
    )


def _end(document: Document) -> tuple[Status, date | None]:
    return document.status, document.expires


class _Settings:
    """What the source.toml files say, each read once; one with mistakes closes its folder."""

    def __init__(self, skipped: list[Skipped]) -> None:
        self._skipped = skipped
        self._known: dict[Path, Source | None] = {}

    def of(self, file: Found) -> Source | None:
        root = file.root if file.path != file.root else file.path.parent
        return self._folder(file.path.parent, root)

    def _folder(self, folder: Path, root: Path) -> Source | None:
        if folder not in self._known:
            above = Source() if folder == root else self._folder(folder.parent, root)
            own = self._read(folder / FILE) if above is not None else None
            self._known[folder] = own.over(above) if own and above else None
        return self._known[folder]

    def _read(self, path: Path) -> Source | None:
        if path.is_symlink() or not path.is_file():
            return Source()
        try:
            return read_source(path.read_bytes())
        except (OSError, ValueError) as error:
            reason = f"{error}; nothing in its folder is read until it is mended"
            self._skipped.append(Skipped(str(path), reason))
            return None


Closed: TypeAlias = dict[tuple[Why, str], tuple[str, int]]
"""Where the first of them is and how many they are, by reason: rows of a table are one line."""


class _Shelf:
    """Takes the documents of one file after the other."""

    def __init__(
        self, skipped: list[Skipped], disclosure: Disclosure | None, cache: Cache | None
    ) -> None:
        self._skipped = skipped
        self._disclosure = disclosure
        self._cache = cache
        self._spool = Spool(cache.folder if cache else None)
        self._slims: list[Document] = []
        self._places: dict[str, int] = {}  # by id: in the spool, and among the slims
        self.mended: list[Mended] = []

    def documents(self) -> Documents:
        """Return what was taken, sorted by id."""
        places = array("q", (self._places[name] for name in sorted(self._places)))
        return Documents((self._slims[place] for place in places), places, self._spool)

    def read(self, file: Found, source: Source) -> None:
        closed: Closed = {}
        read, before = 0, len(self._skipped)
        for one in self._found(file, source):
            if one.made is None:
                why = Why.UNREADABLE if one.bad else Why.PART
                self._skipped.append(Skipped(one.where, one.problem, why))
                read += one.bad
                continue
            read += 1
            if one.made.document.disclosure is not Disclosure.OPEN:
                reason = _closed(one.made)
                first, count = closed.get(reason, (one.where, 0))
                closed[reason] = first, count + 1
            else:
                self._admit(one.made, one.where)
        self._skipped[before:] = _judged(self._skipped[before:], str(file.path), read)
        for (why, told), (first, count) in closed.items():
            path = first if count == 1 else f"{file.path} ({count} documents)"
            self._skipped.append(Skipped(path, told, why, count))

    def _found(self, file: Found, source: Source) -> Iterable[Read]:
        disclosure = source.disclosure or self._disclosure
        fresh = _fresh(file, source, disclosure)
        if self._cache is None or file.path.suffix == ".urls" or file.path.name == FILE:
            return fresh  # what a list of addresses gives is not in its bytes
        # Pictures of pages are passed over until [ocr] is there to read them.
        key = self._cache.key(file.path, file.id, source, disclosure, ocr.available())
        if key is None:
            return fresh
        known = self._cache.get(key)
        return self._cache.keep(key, fresh) if known is None else known

    def _admit(self, made: Made, where: str) -> None:
        name = made.document.id
        if name in self._places:
            other = self._spool[self._places[name]].where
            self._skipped.append(
                Skipped(where, f"its id {name!r} is that of {other}; give it another")
            )
            return
        self._slims.append(slim(made.document))
        self._places[self._slims[-1].id] = self._spool.add(made.document, where)
        if made.changes:
            self.mended.append(Mended(where, made.changes))


def _fresh(file: Found, source: Source, disclosure: Disclosure | None) -> Iterator[Read]:
    """Read a file now."""
    for item in take(file.path, file.id, source):
        if isinstance(item, Trouble):
            yield Read(item.where, problem=item.reason)
            continue
        try:
            made = make(item.page, Origin(item.id, item.name, item.source, disclosure))
        except ValueError as error:
            yield Read(item.where, problem=f"{error}; mend the file and build again", bad=True)
        else:
            yield Read(item.where, made)
            if made.unread:
                yield Read(item.where, problem=f"fields not read: {', '.join(made.unread)}")


def _judged(skipped: Sequence[Skipped], path: str, read: int) -> list[Skipped]:
    """Where nothing of a file was read, it is unreadable, and so is a file in an archive."""
    return [
        replace(one, why=Why.UNREADABLE)
        if one.why is Why.PART and (not read or one.path.startswith(f"{path}/"))
        else one
        for one in skipped
    ]


def _closed(made: Made) -> tuple[Why, str]:
    if made.undisclosed:
        problem = "it has no disclosure attribute, so it is withheld"
    else:
        problem = f"its disclosure attribute is {made.document.disclosure}"
    mend = "say `disclosure: open` in its front matter or build with --disclosure open"
    why = Why.UNDISCLOSED if made.undisclosed else Why.CLOSED
    return why, f"{problem}; if it is public, {mend}"


def _resolved(documents: Sequence[Document]) -> tuple[list[Document], list[Skipped]]:
    """Drop links to documents that are not in the library, such as withheld ones."""
    known = {one.id for one in documents}
    kept: list[Document] = []
    notes: list[Skipped] = []
    for one in documents:
        linked = {*one.interprets, *one.amends, *one.repeals, one.superseded_by} - {None}
        missing = sorted(str(name) for name in linked if name not in known)
        if missing:
            reason = f"link to {', '.join(missing)}, which is not published"
            notes.append(Skipped(one.id, reason, Why.LINK))
        kept.append(_only(one, known) if missing else one)
    return kept, notes


def _only(one: Document, known: set[str]) -> Document:
    return replace(
        one,
        interprets=tuple(name for name in one.interprets if name in known),
        amends=tuple(name for name in one.amends if name in known),
        repeals=tuple(name for name in one.repeals if name in known),
        superseded_by=one.superseded_by if one.superseded_by in known else None,
    )
