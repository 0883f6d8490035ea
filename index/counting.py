"""
How often each term occurs in each document and in each window, counted on disk.

Memory holds one batch of documents and a few bytes for each term and each row.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from index.arrays import ArrayWriter
from index.occurrences import Ints, occurrences
from index.reading import Reading, Span
from index.vocabulary import Learning

BATCH: Final = 1 << 18  # characters counted at one go

TERMS: Final = "terms.npy"  # int32 (pairs,): the terms of each row, row by row
COUNTS: Final = "counts.npy"  # unsigned (pairs,): how often the row has the term
STARTS: Final = "starts.npy"  # int64 (rows + 1,): where each row starts in these
LENGTHS: Final = "lengths.npy"  # int32 (rows,): terms in all


class Table(ExitStack):
    """Rows of terms with their counts, in a folder."""

    def __init__(self, folder: Path, counts: type[np.unsignedinteger[Any]]) -> None:
        """`counts` is as wide as they may be; a term that comes more often says no more."""
        super().__init__()
        folder.mkdir(parents=True)
        self._most = np.iinfo(counts).max
        with ExitStack() as stack:
            self._terms = stack.enter_context(ArrayWriter(folder / TERMS, np.int32))
            self._counts = stack.enter_context(ArrayWriter(folder / COUNTS, counts))
            self._starts = stack.enter_context(ArrayWriter(folder / STARTS, np.int64))
            self._lengths = stack.enter_context(ArrayWriter(folder / LENGTHS, np.int32))
            self._starts.append([0])
            self.push(stack.pop_all())
        self._frequency = np.zeros(0, dtype=np.int64)

    def add(self, rows: int, owners: Ints, terms: npt.NDArray[np.int32], counts: Ints) -> None:
        """Add so many rows; `owners` ascend and are numbered from the first of them."""
        before = len(self._terms)
        self._terms.append(terms)
        self._counts.append(np.minimum(counts, self._most))
        sizes = np.bincount(owners, minlength=rows)
        self._starts.append(before + np.cumsum(sizes))
        self._lengths.append(np.bincount(owners, weights=counts, minlength=rows))
        found = np.bincount(terms, minlength=len(self._frequency))
        found[: len(self._frequency)] += self._frequency
        self._frequency = found

    def among(self, terms: int) -> npt.NDArray[np.int64]:
        """In how many rows each of so many terms is, shape (terms,)."""
        return np.pad(self._frequency, (0, terms - len(self._frequency)))


class Counter:
    """Counts documents with their titles, and windows with titles and addresses."""

    def __init__(self, vocabulary: Learning, documents: Table, windows: Table) -> None:
        self._vocabulary = vocabulary
        self._documents = documents
        self._windows = windows
        self._waiting: list[Reading] = []
        self._size = 0

    def add(self, reading: Reading) -> None:
        self._waiting.append(reading)
        self._size += len(reading.body) + sum(map(len, reading.addresses))
        if self._size >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Count what waits."""
        batch = _Batch()
        for reading in self._waiting:
            batch.add(reading)
        self._waiting, self._size = [], 0
        found = occurrences("\n".join(batch.texts))
        numbers = self._vocabulary.learn(found.keys)
        for table, rows in (
            (self._documents, batch.documents()),
            (self._windows, batch.windows()),
        ):
            counted = found.count(rows.starts, rows.ends, rows.owners)
            table.add(rows.count, counted.owners, numbers[counted.terms], counted.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """Spans of characters, shape (spans,), and the row of each."""

    count: int
    starts: Ints
    ends: Ints
    owners: Ints

    @classmethod
    def of(cls, *parts: Ints) -> Self:
        """Rows of several spans each; `parts` has their first spans, their second ones …"""
        count = len(parts[0])
        spans = np.concatenate(parts)
        owners = np.tile(np.arange(count), len(parts))
        return cls(count=count, starts=spans[:, 0], ends=spans[:, 1], owners=owners)


class _Batch:
    """Texts of some documents as lines of one, and where in it each row stands."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._length = 0
        self._documents: list[tuple[Span, Span]] = []  # title and body
        self._passages: list[tuple[Span, Span, Span]] = []  # lead, address and body
        self._sizes: list[int] = []  # windows of each passage
        self._windows: list[Span] = []  # characters into the body

    def add(self, reading: Reading) -> None:
        title, lead, body = (
            self._line(text) for text in (reading.title, reading.lead, reading.body)
        )
        self._documents.append((title, body))
        for address, spans in zip(reading.addresses, reading.spans, strict=True):
            self._passages.append((lead, self._line(address), body))
            self._sizes.append(len(spans))
            self._windows += spans

    def documents(self) -> _Rows:
        spans = np.asarray(self._documents, dtype=np.int64).reshape(-1, 2, 2)
        return _Rows.of(spans[:, 0], spans[:, 1])

    def windows(self) -> _Rows:
        spans = np.asarray(self._passages, dtype=np.int64).reshape(-1, 3, 2)
        lead, address, body = np.repeat(spans, self._sizes, axis=0).swapaxes(0, 1)
        inside = np.asarray(self._windows, dtype=np.int64).reshape(-1, 2)
        return _Rows.of(lead, address, body[:, :1] + inside)

    def _line(self, text: str) -> Span:
        start = self._length
        self.texts.append(text)
        self._length += len(text) + 1
        return start, start + len(text)
