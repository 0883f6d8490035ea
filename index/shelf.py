"""
Documents and passages on disk, read when they are asked for.

documents.jsonl  one document a line, with the addresses of its passages
documents.npy    int64 (documents + 1,): where each line starts, and the end
passages.npy     int32 (passages, 3): number of the document, first and last character
validity.npy     when each document is in force (validity.py)

A passage's text is the document's own: there is one copy of every character.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, overload

import numpy as np
import numpy.typing as npt

from index.arrays import ArrayWriter, read_array, runs
from index.validity import Days, Validity
from knowledge.codec import document_of, row_of
from knowledge.types import Document, Passage

DOCUMENTS: Final = "documents.jsonl"
LINES: Final = "documents.npy"
PASSAGES: Final = "passages.npy"
CACHED: Final = 512  # documents kept parsed


class ShelfWriter(ExitStack):
    """Writes documents one by one; the passages of one document are one run."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._count = 0
        self._size = 0  # bytes
        self._days = Days()
        with ExitStack() as stack:
            self._text = stack.enter_context((folder / DOCUMENTS).open("wb"))
            self._lines = stack.enter_context(ArrayWriter(folder / LINES, np.int64))
            self._spans = stack.enter_context(ArrayWriter(folder / PASSAGES, np.int32, width=3))
            self._lines.append([0])
            self.push(stack.pop_all())

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None:
        super().__exit__(kind, error, trace)
        if kind is None:
            self._days.save(self._folder)

    def add(self, document: Document, passages: Sequence[Passage]) -> None:
        addresses = [passage.address for passage in passages]
        row = json.dumps(row_of(document) | {"addresses": addresses}, ensure_ascii=False)
        self._size += self._text.write(row.encode() + b"\n")
        self._lines.extend([self._size])
        self._spans.extend((self._count, passage.start, passage.end) for passage in passages)
        self._days.add(document)
        self._count += 1


class Shelf:
    """The documents and passages of a release, by number."""

    def __init__(self, folder: Path) -> None:
        # In place, as the rest: a release may be pruned while a bot still serves it.
        self._lines = read_array(folder / LINES, in_place=True)
        size = int(self._lines[-1])  # numpy refuses to map an empty file
        path = folder / DOCUMENTS
        self._text = np.memmap(path, dtype=np.uint8, mode="r") if size else b""
        self._spans = read_array(folder / PASSAGES, in_place=True)
        validity = Validity(folder)
        self.binding = validity.binding  # on a day, shape (documents,)
        self.bound = validity.bound
        self.gone = validity.gone
        self._first = np.searchsorted(self._spans[:, 0], np.arange(self.documents + 1))
        self._read = lru_cache(maxsize=CACHED)(self._parse)
        self._whole = lru_cache(maxsize=CACHED)(self._text_of)

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

    def text(self, number: int) -> str:
        """The text of a passage: a fraction of the work of `passage`."""
        owner, start, end = self._spans[number].tolist()
        return self._whole(owner)[start:end]

    def numbers_of(self, document: int) -> npt.NDArray[np.int64]:
        """Numbers of the passages of a document."""
        return np.arange(self._first[document], self._first[document + 1], dtype=np.int64)

    def numbers_of_all(self, documents: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Numbers of the passages of these documents, one document after the other."""
        first = self._first[documents]
        return runs(first, self._first[documents + 1] - first)

    def all_documents(self) -> Iterator[Document]:
        return (self.document(number) for number in range(self.documents))

    def _row(self, number: int) -> dict[str, Any]:
        start, end = int(self._lines[number]), int(self._lines[number + 1])
        row: dict[str, Any] = json.loads(bytes(self._text[start:end]))
        return row

    def _text_of(self, number: int) -> str:
        return str(self._row(number)["text"])

    def _parse(self, number: int) -> tuple[Document, list[tuple[str, ...]]]:
        row = self._row(number)
        addresses = [tuple(address) for address in row.pop("addresses")]
        return document_of(row), addresses


class Texts(Sequence[str]):
    """The texts of all passages, each read when it is asked for."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def __len__(self) -> int:
        return self._shelf.passages

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        numbers = range(len(self))[place]  # raises IndexError, and knows negative places
        if isinstance(numbers, int):
            return self._shelf.text(numbers)
        return [self._shelf.text(number) for number in numbers]
