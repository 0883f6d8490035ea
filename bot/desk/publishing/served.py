"""What the release that is served holds of the documents that answers are about."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Protocol

from bot.desk.publishing.likeness import likeness
from bot.desk.publishing.publication import Cited, Publication
from bot.library import documents_of
from index.shelf import Shelf
from index.types import Found
from knowledge.cited import Broken, amenders, broken
from knowledge.types import Document, Kind, Passage


class Serves(Protocol):
    """As index.live.Live."""

    @property
    def release(self) -> str:
        """Name of the release that is served, or ""."""

    async def search(self, question: str, /, *, on: date) -> Found | None: ...

    async def questions(self, document_id: str, /, *, on: date) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Some documents of one release, whole, with their passages."""

    release: str
    documents: Mapping[str, Document]  # by id
    passages: Mapping[str, Sequence[Passage]]  # likewise
    amended_by: Mapping[str, frozenset[str]]  # likewise, of all documents

    def cited(self, passage_id: str, on: date) -> Cited | None:
        """A passage that may be cited: there, in force on that day, and no answer of ours."""
        document_id, _, _ = passage_id.rpartition("#")
        document = self.documents.get(document_id)
        found = next((p for p in self.passages.get(document_id, ()) if p.id == passage_id), None)
        if found is None or document is None or document.kind is Kind.ANSWER:
            return None
        if not document.standing(on).binding:
            return None
        return Cited(
            passage_id=passage_id,
            document_id=document_id,
            title=document.title,
            address=" ".join(found.address),
            quote=found.text,
            source=document.source,
            amended_by=tuple(sorted(self.amended_by.get(document_id, ()))),
        )

    def broken(self, cited: Cited, on: date) -> Broken | None:
        """What is wrong with a citation on that day, or None."""
        document = self.documents.get(cited.document_id)
        if document is not None and not document.standing(on).binding:
            return Broken.ENDED
        cut = self.passages.get(cited.document_id, ())
        return broken(cited.cite, document, cut, self.amended_by.get(cited.document_id, ()))

    def now(self, cited: Cited, on: date) -> str:
        """How what was cited reads on that day: the passage of that address; "" if none does."""
        document = self.documents.get(cited.document_id)
        if document is None or not document.standing(on).binding:
            return ""
        found = self.passages[cited.document_id]
        same = [one.text for one in found if " ".join(one.address) == cited.address]
        return max(same or [one.text for one in found], key=partial(likeness, cited.quote))

    def has(self, publication: Publication, written: Document, on: date) -> bool:
        """Whether it answers with this edition on that day; `written` is its file, as read."""
        found = self.documents.get(publication.name)
        if found is None or not found.standing(on).binding:
            return False
        return (found.title, found.text, found.cites) == (
            written.title,
            written.text,
            written.cites,
        )


class Release:
    """The release that is served, read from its folder in a worker thread."""

    def __init__(self, root: Path, index: Serves) -> None:
        self._root = root
        self.index = index

    async def documents(self) -> Sequence[Document]:
        """All, without texts; none while no release is served. Raise ReleaseError."""
        name = self.index.release
        return await asyncio.to_thread(documents_of, self._root / name) if name else ()

    async def snapshot(self, ids: Collection[str]) -> Snapshot | None:
        """None while no release is served. Raise ReleaseError."""
        name = self.index.release
        return await asyncio.to_thread(self._read, name, frozenset(ids)) if name else None

    def _read(self, name: str, ids: frozenset[str]) -> Snapshot:
        folder = self._root / name
        slims = documents_of(folder)
        shelf = Shelf.open(folder)
        numbers = {one.id: number for number, one in enumerate(slims) if one.id in ids}
        return Snapshot(
            release=name,
            documents={one: shelf.document(number) for one, number in numbers.items()},
            passages={
                one: [shelf.passage(passage) for passage in shelf.numbers_of(number).tolist()]
                for one, number in numbers.items()
            },
            amended_by=amenders(slims),
        )
