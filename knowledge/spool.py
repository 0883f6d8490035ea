"""
Documents whose texts lie on disk: memory does not grow with them.

What a document says of itself (id, title, dates, links: a few hundred bytes) stays in memory. Its
text and its headings are in a temporary file, one JSON line a document, and are read when the
document is asked for.
"""

from __future__ import annotations

import json
import os
import weakref
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from sys import intern
from tempfile import TemporaryFile
from typing import IO, Final, Protocol, overload

from knowledge.errors import KnowledgeError
from knowledge.types import Document, Heading

_BUFFER: Final = 1 << 20


class SpoolDamaged(KnowledgeError):
    """The file of texts was changed by somebody else, or its disk fails."""

    def __init__(self) -> None:
        super().__init__(
            "the temporary file with the texts cannot be read back; "
            "see that its disk is sound (TMPDIR names another folder) and run it again"
        )


class Body(Protocol):
    """The part of a document that does not stay in memory."""

    @property
    def text(self) -> str: ...
    @property
    def headings(self) -> tuple[Heading, ...]: ...


class Bodies(Protocol):
    def __getitem__(self, place: int, /) -> Body: ...


@dataclass(frozen=True, slots=True)
class Kept:
    """What a line of the file holds."""

    text: str
    headings: tuple[Heading, ...]
    where: str  # for the maintainer: the path, and the part of the file


class Spool:
    """
    Texts in a file without a name: it is gone with the last that refers to it, or with us.

    Raises OSError where the disk is full.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Make the file in `folder`, or among the system's where that cannot be."""
        self._file = _file(folder)
        self._written = 0  # bytes
        self._starts = array("q")
        weakref.finalize(self, _close, self._file)

    def add(self, document: Document, where: str) -> int:
        """Write a text down; return its place."""
        headings = [(one.start, one.end, one.level) for one in document.headings]
        line = json.dumps([document.text, headings, where], ensure_ascii=False)
        data = line.encode("utf-8", "surrogatepass") + b"\n"
        self._starts.append(self._written)
        self._file.write(data)
        self._written += len(data)
        return len(self._starts) - 1

    def __getitem__(self, place: int) -> Kept:
        """Read a text back; raise SpoolDamaged where the file is not as it was written."""
        self._file.flush()
        start = self._starts[place]
        end = self._starts[place + 1] if place + 1 < len(self._starts) else self._written
        try:
            # No seek: several may read at the same time, each at its own place.
            text, headings, where = json.loads(os.pread(self._file.fileno(), end - start, start))
            return Kept(text, tuple(Heading(*heading) for heading in headings), where)
        except (OSError, ValueError, TypeError) as error:
            raise SpoolDamaged from error


def _file(folder: Path | None) -> IO[bytes]:
    if folder is not None:
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            return TemporaryFile(dir=folder, buffering=_BUFFER)
    return TemporaryFile(buffering=_BUFFER)


def _close(file: IO[bytes]) -> None:
    with suppress(OSError):  # what a full disk did not take was reported when it was written
        file.close()


class Documents(Sequence[Document]):
    """
    Documents in an order, each put together with its text when it is asked for.

    `slims` are the same documents without text and headings, for what needs neither.
    """

    def __init__(self, slims: Iterable[Document], places: Sequence[int], bodies: Bodies) -> None:
        """Take the document `slims[n]`, whose text is `bodies[places[n]]`."""
        self.slims = tuple(slims)
        self._places = places
        self._bodies = bodies

    @classmethod
    def of(cls, documents: Iterable[Document]) -> Documents:
        """Return what is such a collection as it is; others keep their texts in memory."""
        if isinstance(documents, cls):
            return documents
        whole = tuple(documents)
        return cls(map(slim, whole), range(len(whole)), whole)

    def over(self, slims: Iterable[Document]) -> Documents:
        """Return the same texts in the same order, with what `slims` say of them instead."""
        return Documents(slims, self._places, self._bodies)

    def only(self, places: Sequence[int]) -> Documents:
        """Return the documents at these places, in that order."""
        return Documents(
            (self.slims[place] for place in places),
            array("q", (self._places[place] for place in places)),
            self._bodies,
        )

    def __len__(self) -> int:
        return len(self.slims)

    @overload
    def __getitem__(self, place: int) -> Document: ...
    @overload
    def __getitem__(self, place: slice) -> Documents: ...
    def __getitem__(self, place: int | slice) -> Document | Documents:
        if isinstance(place, slice):
            return Documents(self.slims[place], self._places[place], self._bodies)
        return _whole(self.slims[place], self._bodies[self._places[place]])

    def __iter__(self) -> Iterator[Document]:
        for one, place in zip(self.slims, self._places, strict=True):
            yield _whole(one, self._bodies[place])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Documents | tuple):
            return NotImplemented
        return len(self) == len(other) and all(
            mine == theirs for mine, theirs in zip(self, other, strict=True)
        )

    __hash__ = None  # type: ignore[assignment]  # as a list: it is compared, and no key

    def __repr__(self) -> str:
        return f"Documents({', '.join(repr(one.id) for one in self.slims)})"


def slim(document: Document) -> Document:
    """Return the document without text and headings; what many share is held once."""
    return replace(
        document,
        text="",
        headings=(),
        issuer=intern(document.issuer),
        source=intern(document.source),
        topics=tuple(map(intern, document.topics)),
    )


def _whole(one: Document, body: Body) -> Document:
    return replace(one, text=body.text, headings=body.headings)
