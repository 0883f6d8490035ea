"""What cited documents and pages say today, as digests to compare."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Protocol

from bot.desk.lookback.task import NO_CLAUSE, NO_DOCUMENT, NO_RELEASE, NOT_BINDING, Verdict
from bot.library import documents_of
from index.errors import SearchError
from index.release import current
from index.shelf import Shelf
from knowledge.cited import amenders, digest_of
from knowledge.fetch import Fetched, Missed, fetch
from knowledge.manners import Manners
from knowledge.readers import READERS
from knowledge.types import Document, Passage

LINK: Final = ("http://", "https://")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something is cited from."""

    where: str  # id of a document, or a link
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Saying:
    """What is there: a digest, or why there is none to compare."""

    digest: str = ""
    verdict: Verdict = Verdict.SAME  # SAME: the digest decides
    note: str = ""


class Sayings(Protocol):
    async def read(self, places: Sequence[Place], /, *, on: date) -> Mapping[Place, Saying]:
        """What each place says; every place gets one."""


class PublishedSayings:
    """Documents of the release that is served, and pages fetched as knowledge/fetch.py does."""

    def __init__(self, releases: Path, copies: Path, manners: Manners) -> None:
        """`copies` is the folder that fetched pages are kept in."""
        self._releases = releases
        self._copies = copies
        self._manners = manners

    async def read(self, places: Sequence[Place], /, *, on: date) -> Mapping[Place, Saying]:
        links = [one for one in places if one.where.startswith(LINK)]
        documents = [one for one in places if one not in links]
        said = await asyncio.to_thread(_of_release, self._releases, documents, on)
        urls = sorted({one.where for one in links})
        pages = await fetch(urls, self._copies, self._manners) if urls else []
        read = {page.url: await asyncio.to_thread(_of_page, page) for page in pages}
        return said | {one: read[one.where] for one in links}


def _of_release(root: Path, places: Sequence[Place], on: date) -> dict[Place, Saying]:
    if not places:
        return {}
    try:
        texts = _Texts.open(root / current(root))
    except SearchError as error:
        away = Saying(verdict=Verdict.UNREACHABLE, note=NO_RELEASE.format(problem=error))
        return dict.fromkeys(places, away)
    return {place: texts.saying(place, on) for place in places}


@dataclass(frozen=True, slots=True)
class _Texts:
    """The documents of one release by id."""

    documents: Mapping[str, tuple[int, Document]]
    amended: Callable[[str], frozenset[str]]
    shelf: Shelf

    @classmethod
    def open(cls, folder: Path) -> _Texts:
        documents = documents_of(folder)
        by = amenders(documents)
        return cls(
            {one.id: (number, one) for number, one in enumerate(documents)},
            lambda name: by.get(name, frozenset()),
            Shelf.open(folder),
        )

    def saying(self, place: Place, on: date) -> Saying:
        number, document = self.documents.get(place.where, (-1, None))
        if document is None:
            return Saying(verdict=Verdict.GONE, note=NO_DOCUMENT)
        text = self._text(number, place.clause)
        if text is None:
            return Saying(verdict=Verdict.GONE, note=NO_CLAUSE.format(clause=place.clause))
        digest = digest_of(text, self.amended(place.where))
        standing = document.standing(on)
        if not standing.binding:
            return Saying(digest, Verdict.ENDED, NOT_BINDING.format(standing=standing))
        return Saying(digest)

    def _text(self, number: int, clause: str) -> str | None:
        if not clause:
            return self.shelf.document(number).text
        passages = map(self.shelf.passage, self.shelf.numbers_of(number))
        found = [one.text for one in passages if _is_of(one, clause)]
        return "\n".join(found) if found else None


def _is_of(passage: Passage, clause: str) -> bool:
    """Whether it stands under that clause: its heading may go on behind the number."""
    return any(part.split(maxsplit=1)[0] == clause for part in passage.address if part.split())


def _of_page(page: Fetched | Missed) -> Saying:
    if isinstance(page, Missed):
        return Saying(verdict=Verdict.GONE, note=page.problem)
    if page.stale:
        return Saying(verdict=Verdict.UNREACHABLE, note=page.stale)
    data = page.body.read_bytes()
    reader = READERS.get(page.ending)
    try:
        # What the page says: counters and menus change every day.
        return Saying(digest_of(reader(data).text, ()) if reader else _digest(data))
    except ValueError:
        return Saying(_digest(data))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
