"""
Policies by number, by name, and by a part of their name.

All that is kept of a document is without its text; a text is read when it is asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from typing import Final

from knowledge.catalogue.citations import number_key
from knowledge.catalogue.names import Name, name_of
from knowledge.spool import Documents
from knowledge.types import Document, Kind

_WORDS: Final = frozenset("以据按照的由发和与及见等对")  # the last of words before a number
SHORTEST: Final = 6  # characters of a name that may be found inside another


class Register:
    def __init__(self, documents: Iterable[Document]) -> None:
        self.whole = Documents.of(documents)
        self.documents = self.whole.slims
        self.ids = {document.id: document for document in self.documents}
        self.policies = tuple(one for one in self.documents if one.kind is Kind.POLICY)

    def read(self, kind: Kind) -> Iterator[Document]:
        """Read the documents of a kind with their texts, one after the other."""
        for place, document in enumerate(self.documents):
            if document.kind is kind:
                yield self.whole[place]

    def with_text(self, name: str) -> Document:
        """Read the document of that id with its text."""
        return self.whole[self._places[name]]

    def numbered(self, number: str) -> Document | None:
        """Return the one policy of that number."""
        key = number_key(number)
        if key is None:
            return None
        found = [
            one
            for organ, one in self._serials.get((key.year, key.serial), ())
            if organ == key.organ or _behind_words(organ, key.organ)
        ]
        return found[0] if len(found) == 1 else None

    def named(self, name: Name) -> tuple[Document, ...]:
        """Return all versions of the policy of that name; drafts are none."""
        return tuple(self._cores.get(name.core, ()))

    def containing(self, part: str) -> tuple[Document, ...]:
        """Return the policies whose name holds `part`."""
        if len(part) < SHORTEST:
            return ()
        grams = (self._grams.get(part[at : at + SHORTEST], ()) for at in _places(part))
        rarest = min(grams, key=len, default=())
        return tuple(one for one in rarest if part in name_of(one.title).core)

    def within(self, text: str) -> tuple[Document, ...]:
        """Return the policies whose whole name stands in `text`."""
        found: dict[str, Document] = {}
        for at in _places(text):
            for one in self._heads.get(text[at : at + SHORTEST], ()):
                if text.startswith(name_of(one.title).core, at):
                    found[one.id] = one
        return tuple(found.values())

    @cached_property
    def _places(self) -> dict[str, int]:
        return {document.id: place for place, document in enumerate(self.documents)}

    @cached_property
    def _serials(self) -> dict[tuple[int, int], list[tuple[str, Document]]]:
        found: dict[tuple[int, int], list[tuple[str, Document]]] = defaultdict(list)
        for one in self.policies:
            key = number_key(one.number) if one.number else None
            if key:
                found[key.year, key.serial].append((key.organ, one))
        return found

    @cached_property
    def _cores(self) -> dict[str, list[Document]]:
        found: dict[str, list[Document]] = defaultdict(list)
        for one in self.policies:
            name = name_of(one.title)
            if name.core and not name.draft:
                found[name.core].append(one)
        return found

    @cached_property
    def _grams(self) -> dict[str, list[Document]]:
        found: dict[str, list[Document]] = defaultdict(list)
        for core, documents in self._cores.items():
            for gram in {core[at : at + SHORTEST] for at in _places(core)}:
                found[gram] += documents
        return found

    @cached_property
    def _heads(self) -> dict[str, list[Document]]:
        found: dict[str, list[Document]] = defaultdict(list)
        for core, documents in self._cores.items():
            if len(core) >= SHORTEST:
                found[core[:SHORTEST]] += documents
        return found


def _behind_words(organ: str, written: str) -> bool:
    """Tell 市财政局以澜财规, which is 澜财规, from 粤人社规, which is not 人社规."""
    before = written[: -len(organ)]
    return written.endswith(organ) and before[-1:] in _WORDS


def _places(text: str) -> range:
    return range(len(text) - SHORTEST + 1)


def newest_first(documents: Iterable[Document]) -> list[Document]:
    return sorted(documents, key=lambda one: (_day(one), one.id), reverse=True)


def _day(document: Document) -> date:
    """When it was issued, as well as we know; the year of its number is better than nothing."""
    key = number_key(document.number) if document.number else None
    if document.published or document.effective:
        return document.published or document.effective or date.min
    return date(key.year, 1, 1) if key and key.year else date.min


def issued(document: Document) -> date | None:
    """Return when a policy was issued, to tell which of two is the older one."""
    day = _day(document)
    return None if day == date.min else day
