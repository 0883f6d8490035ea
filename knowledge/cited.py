"""
Published answers hold as long as the passages that they cite.

An answer that staff gave, and the bureau published, names the passages it rests on and the digest
of each. When the library is read again every digest is compared. Where a passage reads otherwise,
is gone, or its document was amended since, the answer is withdrawn: somebody must look at it
before it is given again. Where a document ends on a day, the answer ends on that day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Self

from knowledge.passages import passages
from knowledge.spool import Documents
from knowledge.types import Document, Passage, Status

_GONE: Final = frozenset({Status.REPEALED, Status.SUPERSEDED})
_SHORT: Final = 32  # hexadecimal digits of a digest: 128 bits


class Broken(StrEnum):
    """Why a citation does not hold any more."""

    UNREADABLE = "the citation is not written as DIGEST DOCUMENT"
    ABSENT = "its document is not in the library"
    ENDED = "its document was repealed or replaced"
    CHANGED = "its passage changed, or its document was amended"


@dataclass(frozen=True, slots=True)
class Cite:
    """A passage that an answer rests on, as its file names it."""

    document_id: str
    digest: str  # see digest_of

    def __str__(self) -> str:
        return f"{self.digest} {self.document_id}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        digest, _, document_id = text.partition(" ")
        return cls(document_id, digest) if len(digest) == _SHORT and document_id else None


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """An answer that is not given until somebody has looked at it."""

    id: str
    title: str
    broken: tuple[tuple[str, Broken], ...]  # what it cites as its file has it, and what is wrong


@dataclass(frozen=True, slots=True)
class Held:
    documents: Documents  # without those that are withdrawn
    withdrawn: tuple[Withdrawn, ...]


def digest_of(passage: str, amended_by: Iterable[str]) -> str:
    """
    The digest of a passage and of the ids of what amends its document.

    Blanks do not count. An amendment that leaves the passage alone changes the digest too:
    whether it touches the answer is for a person to say.
    """
    words = ["".join(passage.split()), *sorted(set(amended_by))]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:_SHORT]


def amenders(documents: Iterable[Document]) -> Mapping[str, frozenset[str]]:
    """By the id of a document, the ids of those that amend it."""
    found: dict[str, set[str]] = {}
    for one in documents:
        for name in one.amends:
            found.setdefault(name, set()).add(one.id)
    return {name: frozenset(ids) for name, ids in found.items()}


def broken(
    cite: Cite, cited: Document | None, cut: Sequence[Passage], amended_by: Iterable[str]
) -> Broken | None:
    """
    What is wrong with one citation, or None.

    `cited` is its document, None if it is not there, and `cut` are that document's passages.
    """
    if cited is None:
        return Broken.ABSENT
    if cited.status in _GONE:
        return Broken.ENDED
    by = tuple(amended_by)
    if all(digest_of(one.text, by) != cite.digest for one in cut):
        return Broken.CHANGED
    return None


def held(documents: Iterable[Document]) -> Held:
    """Take out the answers whose citations do not hold; the others end with what they cite."""
    library = _Library(Documents.of(documents))
    kept: list[int] = []
    slims = list(library.documents.slims)
    withdrawn: list[Withdrawn] = []
    for place, one in enumerate(library.documents.slims):
        wrong = library.wrong(one)
        if wrong:
            withdrawn.append(Withdrawn(one.id, one.title, wrong))
        else:
            slims[place] = library.bounded(one)
            kept.append(place)
    return Held(library.documents.over(slims).only(kept), tuple(withdrawn))


class _Library:
    """What answers are compared with; a text is read when an answer cites it."""

    def __init__(self, documents: Documents) -> None:
        self.documents = documents
        self._places = {one.id: place for place, one in enumerate(documents.slims)}
        self._amenders = amenders(documents.slims)

    def wrong(self, answer: Document) -> tuple[tuple[str, Broken], ...]:
        checked = ((text, self._broken(text)) for text in answer.cites)
        return tuple((text, problem) for text, problem in checked if problem is not None)

    def bounded(self, answer: Document) -> Document:
        """It begins with the last, and ends with the first of what it cites."""
        if not answer.cites:
            return answer
        parsed = filter(None, map(Cite.parse, answer.cites))
        cited = [self.documents.slims[self._places[one.document_id]] for one in parsed]
        begins = [day for one in (answer, *cited) if (day := one.begins) is not None]
        ends = [day for one in (answer, *cited) if (day := one.expires) is not None]
        return replace(
            answer,
            effective=max(begins, default=None),
            expires=min(ends, default=None),
        )

    def _broken(self, text: str) -> Broken | None:
        cite = Cite.parse(text)
        if cite is None:
            return Broken.UNREADABLE
        place = self._places.get(cite.document_id)
        if place is None:
            return Broken.ABSENT
        document = self.documents[place]
        by = self._amenders.get(cite.document_id, frozenset())
        return broken(cite, document, passages(document), by)
