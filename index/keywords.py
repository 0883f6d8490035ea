"""
The keyword leg: BM25 over terms, read in place.

Documents are scored by term, all at once; windows by row, only those of documents that are worth
a closer look. postings.py writes what is read here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_matrix

from index.arrays import read_array
from index.counting import COUNTS, STARTS, TERMS
from index.postings import IDF, NORMS, SIZE, TEXTS, WEIGHTS
from index.types import Scores
from index.vocabulary import Vocabulary

K1: Final = 1.2  # of documents
WINDOW_K1: Final = 0.8  # a term that comes twice in two sentences says little more
CACHED: Final = 10_000  # terms whose places are remembered: a question asks for each many times
FIRST: Final = 1024
VOCABULARY: Final = "terms"  # the folder of the vocabulary, in that of the documents

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

_NO_WEIGHTS: Final = np.zeros(0, dtype=np.float32)
_NO_TEXTS: Final = np.zeros(0, dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Bags:
    """Bags of weighted terms."""

    terms: Ints  # (terms,): numbers of those that are in any bag
    weights: npt.NDArray[np.float64]  # (terms, bags)
    size: int  # of the whole vocabulary


class Columns:
    """Weights of documents, by term: read in place, never copied."""

    def __init__(self, folder: Path) -> None:
        self._vocabulary = Vocabulary.load(folder / VOCABULARY)
        self._starts = read_array(folder / STARTS, in_place=True)
        self._texts = read_array(folder / TEXTS, in_place=True)
        self._weights = read_array(folder / WEIGHTS, in_place=True)
        self.size = int(read_array(folder / SIZE))
        self._number = lru_cache(maxsize=CACHED)(self._look_up)
        self._column = lru_cache(maxsize=CACHED)(self._find)

    @classmethod
    def load(cls, folder: Path) -> Self:
        return cls(folder)

    def __contains__(self, term: str) -> bool:
        return self.frequency(term) > 0

    def scores(self, weights: Mapping[str, float]) -> Scores:
        """Sum of weight times BM25 of each term, shape (documents,)."""
        found = [(self._column(term), weight) for term, weight in weights.items()]
        columns = [column for column, _ in found]
        sizes = [column.stop - column.start for column in columns]
        matrix = csc_matrix(
            (
                np.concatenate([_NO_WEIGHTS, *(self._weights[column] for column in columns)]),
                np.concatenate([_NO_TEXTS, *(self._texts[column] for column in columns)]),
                np.cumsum([0, *sizes], dtype=np.int32),
            ),
            shape=(self.size, len(columns)),
        )
        return np.asarray(matrix @ np.asarray([weight for _, weight in found], dtype=np.float32))

    def bags(self, bags: Sequence[Mapping[str, float]]) -> Bags:
        """The bags without the terms that no document has."""
        names = list(dict.fromkeys(term for bag in bags for term in bag))
        numbers = self.numbers(names)
        weights = np.asarray([[bag.get(name, 0.0) for bag in bags] for name in names])
        known = numbers >= 0
        return Bags(numbers[known], weights.reshape(-1, len(bags))[known], len(self._vocabulary))

    def frequency(self, term: str) -> int:
        """Number of documents that have the term."""
        column = self._column(term)
        return int(column.stop - column.start)

    def holders(self, term: str) -> npt.NDArray[np.int32]:
        """Numbers of the documents that have the term, ascending."""
        return np.asarray(self._texts[self._column(term)])

    def numbers(self, terms: Sequence[str]) -> Ints:
        """The number of each term, -1 for one that no document has; shape (terms,)."""
        return np.fromiter(map(self._number, terms), dtype=np.int64, count=len(terms))

    def among(self, term: str, allowed: npt.NDArray[np.bool_]) -> bool:
        """Whether any of the allowed documents has the term."""
        texts = self.holders(term)
        # Mostly the first is, or one of the first, and a frequent term has a million.
        return len(texts) > 0 and bool(
            allowed[texts[0]] or allowed[texts[:FIRST]].any() or allowed[texts[FIRST:]].any()
        )

    def idf(self, frequency: int) -> float:
        return math.log(1 + (self.size - frequency + 0.5) / (frequency + 0.5))

    def together(self, terms: Sequence[str]) -> npt.NDArray[np.float64]:
        """In how many documents each pair of terms occurs, shape (terms, terms)."""
        # A bit for each document: one word of the machine compares 64 of them.
        present = np.zeros((len(terms), -(-self.size // 64) * 64), dtype=bool)
        for row, term in zip(present, terms, strict=True):
            row[self.holders(term)] = True
        bits = np.packbits(present, axis=1).view(np.uint64)
        both = np.zeros((len(terms), len(terms)))
        for first, one in enumerate(bits):
            both[first, first:] = np.bitwise_count(bits[first:] & one).sum(axis=1, dtype=np.int64)
        return np.maximum(both, both.T)

    def _look_up(self, term: str) -> int:
        return int(self._vocabulary.numbers([term])[0])

    def _find(self, term: str) -> slice:
        number = self._number(term)
        if number < 0:
            return slice(0, 0)
        return slice(int(self._starts[number]), int(self._starts[number + 1]))


class Rows:
    """Weights of windows, by row: only the rows that are asked for are read."""

    def __init__(self, folder: Path) -> None:
        self._starts = read_array(folder / STARTS, in_place=True)
        self._terms = read_array(folder / TERMS, in_place=True)
        self._counts = read_array(folder / COUNTS, in_place=True)
        self._norms = read_array(folder / NORMS, in_place=True)
        self._idf = read_array(folder / IDF, in_place=True)

    @classmethod
    def load(cls, folder: Path) -> Self:
        return cls(folder)

    def scores(self, rows: Ints, bags: Bags) -> Floats:
        """Weighted sums of BM25, shape (rows, bags)."""
        found = self._matches(rows, bags)
        counts = self._counts[found.place].astype(np.float32)
        norms = np.repeat(self._norms[rows], found.sizes)
        bm25 = self._idf[bags.terms][found.term] * (counts / (counts + norms))
        return found.summed(bm25[:, None] * bags.weights[found.term])

    def shares(self, rows: Ints, mass: Bags) -> Floats:
        """Sums of the mass of the terms that occur, shape (rows, bags)."""
        found = self._matches(rows, mass)
        return found.summed(mass.weights[found.term])

    def having(self, rows: Ints, terms: Ints) -> npt.NDArray[np.bool_]:
        """Whether any of the rows has each of the terms (-1: none has), shape (terms,)."""
        has = np.zeros(len(self._idf) + 1, dtype=bool)
        has[self._read(self._starts[rows], self._starts[rows + 1])] = True
        return has[terms]

    def _matches(self, rows: Ints, bags: Bags) -> _Matches:
        """Where terms of the bags occur."""
        starts, ends = self._starts[rows], self._starts[rows + 1]
        if not len(rows) or not len(bags.terms):
            nothing = np.zeros(0, dtype=np.int64)
            return _Matches(np.zeros(len(rows), dtype=np.int64), nothing, nothing)
        # A byte for each term of the vocabulary stays in the cache of a core.
        wanted = np.zeros(bags.size, dtype=np.min_scalar_type(len(bags.terms)))
        wanted[bags.terms] = np.arange(1, len(bags.terms) + 1)
        found = wanted[self._read(starts, ends)]
        hits = np.flatnonzero(found != 0)
        until = np.cumsum(ends - starts)
        sizes = np.diff(np.searchsorted(hits, until), prepend=0)
        place = hits + np.repeat(ends - until, sizes)
        return _Matches(sizes, found[hits].astype(np.int64) - 1, place)

    def _read(self, starts: Ints, ends: Ints) -> npt.NDArray[np.intp]:
        """
        The terms of runs, one run after the other; there must be a run.

        At once as the type that numpy takes for places, else it converts them again. And the
        windows of a document lie side by side: they are read at one go.
        """
        apart = np.flatnonzero(starts[1:] != ends[:-1])
        first, last = np.append(0, apart + 1), np.append(apart, len(starts) - 1)
        spans = zip(starts[first].tolist(), ends[last].tolist(), strict=True)
        read = [self._terms[start:end] for start, end in spans]
        return np.concatenate(read, dtype=np.intp)


@dataclass(frozen=True, slots=True)
class _Matches:
    """Terms that occur in rows, row by row."""

    sizes: Ints  # (rows,): how many each row has
    term: Ints  # (matches,): which of the terms
    place: Ints  # (matches,): where on disk

    def summed(self, values: npt.NDArray[np.float64]) -> Floats:
        """Sums of the values, shape (matches, bags), of each row, shape (rows, bags)."""
        rows = np.repeat(np.arange(len(self.sizes)), self.sizes)
        count = len(self.sizes)
        sums = [np.bincount(rows, weights=column, minlength=count) for column in values.T]
        return np.asarray(sums, dtype=np.float32).reshape(values.shape[1], count).T
