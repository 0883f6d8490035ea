"""
Documents and passages on disk, read when they are asked for.

documents.jsonl  one document a line, with the addresses of its passages
documents.npy    int64 (documents + 1,): where each line starts, and the end
passages.npy     int32 (passages, 3): number of the document, first and last character
validity.npy     int32 (documents, 3): code of the status, first and last day in force as
                 proleptic ordinals, 0 for none

A passage's text is the document's own: there is one copy of every character.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from index.arrays import read_array
from knowledge.codec import document_of, row_of
from knowledge.types import Document, Passage, Status

DOCUMENTS: Final = "documents.jsonl"
LINES: Final = "documents.npy"
PASSAGES: Final = "passages.npy"
VALIDITY: Final = "validity.npy"
CACHED: Final = 512  # documents kept parsed
_CODES: Final = {status: code for code, status in enumerate(Status)}
_GONE: Final = (_CODES[Status.REPEALED], _CODES[Status.SUPERSEDED])


def write(folder: Path, library: Iterable[tuple[Document, Sequence[Passage]]]) -> None:
    """Write documents with their passages; the passages of one document are one run."""
    lines: list[int] = [0]
    spans: list[tuple[int, int, int]] = []
    validity: list[tuple[int, int, int]] = []
    with (folder / DOCUMENTS).open("wb") as file:
        for number, (document, passages) in enumerate(library):
            addresses = [passage.address for passage in passages]
            row = json.dumps(row_of(document) | {"addresses": addresses}, ensure_ascii=False)
            file.write(row.encode() + b"\n")
            lines.append(file.tell())
            spans += [(number, passage.start, passage.end) for passage in passages]
            validity.append(_validity(document))
    np.save(folder / LINES, np.asarray(lines, dtype=np.int64))
    np.save(folder / PASSAGES, np.asarray(spans, dtype=np.int32).reshape(-1, 3))
    np.save(folder / VALIDITY, np.asarray(validity, dtype=np.int32).reshape(-1, 3))


class Shelf:
    """The documents and passages of a release, by number."""

    def __init__(self, folder: Path) -> None:
        # In place, as the rest: a release may be pruned while a bot still serves it.
        self._lines = read_array(folder / LINES, in_place=True)
        size = int(self._lines[-1])  # numpy refuses to map an empty file
        path = folder / DOCUMENTS
        self._text = np.memmap(path, dtype=np.uint8, mode="r") if size else b""
        self._spans = read_array(folder / PASSAGES, in_place=True)
        self._validity = read_array(folder / VALIDITY)
        self._first = np.searchsorted(self._spans[:, 0], np.arange(self.documents + 1))
        self._read = lru_cache(maxsize=CACHED)(self._parse)

    @classmethod
    def open(cls, folder: Path) -> Self:
        return cls(folder)

    @property
    def documents(self) -> int:
        return len(self._lines) - 1

    @property
    def passages(self) -> int:
        return len(self._spans)

    def document_of(self, passages: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Numbers of the documents of these passages."""
        return np.asarray(self._spans[passages, 0], dtype=np.int64)

    def binding(self, on: date) -> npt.NDArray[np.bool_]:
        """Which documents bind on that day, shape (documents,)."""
        status, since, until = self._validity.T
        day = on.toordinal()
        current = ~np.isin(status, _GONE)
        return np.asarray(current & (since <= day) & ((until == 0) | (until >= day)))

    def upcoming(self, on: date) -> npt.NDArray[np.bool_]:
        """Which documents will bind, but not yet, shape (documents,)."""
        status, since, _ = self._validity.T
        return np.asarray(~np.isin(status, _GONE) & (since > on.toordinal()))

    def document(self, number: int) -> Document:
        return self._read(int(number))[0]

    def passage(self, number: int) -> Passage:
        owner, start, end = (int(value) for value in self._spans[number])
        document, addresses = self._read(owner)
        ordinal = int(number - self._first[owner])
        return Passage(
            id=f"{document.id}#{ordinal}",
            document_id=document.id,
            text=document.text[start:end],
            start=start,
            end=end,
            address=addresses[ordinal],
        )

    def numbers_of(self, document: int) -> npt.NDArray[np.int64]:
        """Numbers of the passages of a document."""
        return np.arange(self._first[document], self._first[document + 1], dtype=np.int64)

    def all_documents(self) -> Iterator[Document]:
        return (self.document(number) for number in range(self.documents))

    def _parse(self, number: int) -> tuple[Document, list[tuple[str, ...]]]:
        start, end = int(self._lines[number]), int(self._lines[number + 1])
        row = json.loads(bytes(self._text[start:end]))
        addresses = [tuple(address) for address in row.pop("addresses")]
        return document_of(row), addresses


def _validity(document: Document) -> tuple[int, int, int]:
    since, until = document.effective, document.expires
    return (
        _CODES[document.status],
        since.toordinal() if since else 0,
        until.toordinal() if until else 0,
    )
