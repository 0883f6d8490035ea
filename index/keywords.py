"""
The keyword leg: BM25 over terms. The only module that imports bm25s.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), in the
form that Lucene uses. Documents are scored by term, all at once; windows by row, only those of
documents that are worth a closer look.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, Self

import bm25s
import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_matrix, csr_matrix

from index.arrays import read_array
from index.types import Scores

K1: Final = 1.2  # of documents
WINDOW_K1: Final = 0.8  # a term that comes twice in two sentences says little more
B: Final = 0.75
_TERMS: Final = "terms.json"

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


class Vocabulary:
    """Terms to numbers."""

    def __init__(self, numbers: dict[str, int] | None = None) -> None:
        self.numbers: dict[str, int] = {} if numbers is None else numbers

    def __len__(self) -> int:
        return len(self.numbers)

    def learn(self, terms: Iterable[str]) -> npt.NDArray[np.int32]:
        numbers = self.numbers
        return np.fromiter(
            (numbers.setdefault(term, len(numbers)) for term in terms), dtype=np.int32
        )

    def save(self, folder: Path) -> None:
        text = json.dumps(list(self.numbers), ensure_ascii=False)
        (folder / _TERMS).write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        terms = json.loads((folder / _TERMS).read_text(encoding="utf-8"))
        return cls({term: number for number, term in enumerate(terms)})


def bm25(texts: Sequence[npt.NDArray[np.int32]], terms: int, *, k1: float = K1) -> csc_matrix:
    """Weights of every term in every text, shape (texts, terms); texts as numbers of terms."""
    model = bm25s.BM25(k1=k1, b=B, method="lucene")
    if terms == 0:
        return csc_matrix((len(texts), 0), dtype=np.float32)
    names = {str(number): number for number in range(terms)}
    model.index((list(texts), names), show_progress=False, create_empty_token=False)
    parts = (model.scores[name] for name in ("data", "indices", "indptr"))
    return csc_matrix(tuple(parts), shape=(len(texts), terms))


class Columns:
    """Weights of documents, by term: read in place, never copied."""

    def __init__(self, vocabulary: Vocabulary, matrix: csc_matrix) -> None:
        self._vocabulary = vocabulary
        self._data = matrix.data
        self._texts = matrix.indices
        self._starts = matrix.indptr
        self._matrix = matrix
        self.size = int(matrix.shape[0])

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._vocabulary.save(folder)
        _save(self._matrix, folder)

    @classmethod
    def load(cls, folder: Path) -> Self:
        vocabulary = Vocabulary.load(folder)
        return cls(vocabulary, csc_matrix(_load(folder), shape=_shape(folder)))

    def __contains__(self, term: str) -> bool:
        return self.frequency(term) > 0

    def scores(self, weights: Mapping[str, float]) -> Scores:
        """Sum of weight times BM25 of each term, shape (documents,)."""
        total = np.zeros(self.size, dtype=np.float32)
        for term, weight in weights.items():
            column = self._column(term)
            total[self._texts[column]] += np.float32(weight) * self._data[column]
        return total

    def bags(self, bags: Sequence[Mapping[str, float]]) -> csc_matrix:
        """Bags of weighted terms as columns, shape (terms, bags)."""
        numbers = self._vocabulary.numbers
        entries = [
            (numbers[term], column, value)
            for column, bag in enumerate(bags)
            for term, value in bag.items()
            if term in numbers
        ]
        rows, columns, values = zip(*entries, strict=True) if entries else ((), (), ())
        data = np.asarray(values, dtype=np.float32)
        return csc_matrix((data, (rows, columns)), shape=(len(numbers), len(bags)))

    def frequency(self, term: str) -> int:
        """Number of documents that have the term."""
        column = self._column(term)
        return int(column.stop - column.start)

    def among(self, term: str, allowed: npt.NDArray[np.bool_]) -> bool:
        """Whether any of the allowed documents has the term."""
        return bool(allowed[self._texts[self._column(term)]].any())

    def idf(self, frequency: int) -> float:
        return math.log(1 + (self.size - frequency + 0.5) / (frequency + 0.5))

    def together(self, terms: Sequence[str]) -> npt.NDArray[np.float64]:
        """In how many documents each pair of terms occurs, shape (terms, terms)."""
        columns = [self._texts[self._column(term)] for term in terms]
        starts = np.cumsum([0, *(len(column) for column in columns)])
        texts = np.concatenate([*columns, np.zeros(0, dtype=np.int32)])
        ones = np.ones(len(texts), dtype=np.float32)
        present = csr_matrix((ones, texts, starts), shape=(len(terms), self.size))
        return np.asarray((present @ present.T).toarray(), dtype=np.float64)

    def _column(self, term: str) -> slice:
        number = self._vocabulary.numbers.get(term)
        if number is None:
            return slice(0, 0)
        return slice(int(self._starts[number]), int(self._starts[number + 1]))


class Rows:
    """Weights of windows, by row: only the rows that are asked for are read."""

    def __init__(self, matrix: csr_matrix) -> None:
        self._matrix = matrix

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        _save(self._matrix, folder)

    @classmethod
    def load(cls, folder: Path) -> Self:
        return cls(csr_matrix(_load(folder), shape=_shape(folder)))

    def scores(self, rows: Ints, weights: csc_matrix) -> Floats:
        """Weighted sums of BM25, shape (rows, bags); `weights` has shape (terms, bags)."""
        return np.asarray((self._matrix[rows] @ weights).toarray(), dtype=np.float32)

    def shares(self, rows: Ints, mass: csc_matrix) -> Floats:
        """Sums of the mass of the terms that occur, shape (rows, bags)."""
        some = self._matrix[rows]
        some.data = np.ones_like(some.data)
        return np.asarray((some @ mass).toarray(), dtype=np.float32)


def _save(matrix: csc_matrix | csr_matrix, folder: Path) -> None:
    np.save(folder / "data.npy", matrix.data, allow_pickle=False)
    np.save(folder / "indices.npy", matrix.indices, allow_pickle=False)
    np.save(folder / "indptr.npy", matrix.indptr, allow_pickle=False)
    np.save(folder / "shape.npy", np.asarray(matrix.shape), allow_pickle=False)


def _load(folder: Path) -> tuple[npt.NDArray[np.float32], ...]:
    names = ("data", "indices", "indptr")
    return tuple(read_array(folder / f"{name}.npy", in_place=True) for name in names)


def _shape(folder: Path) -> tuple[int, int]:
    rows, columns = read_array(folder / "shape.npy").tolist()
    return rows, columns
