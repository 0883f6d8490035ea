"""
The keyword leg: BM25 over terms. The only module that imports bm25s.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), in the
form that Lucene uses.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Self

import bm25s
import numpy as np
import numpy.typing as npt

from index.types import Scores

K1: Final = 1.2
B: Final = 0.75
_TERMS: Final = "terms.json"
_ARRAYS: Final = ("data", "indices", "indptr")


class Keywords:
    """The weight of every term in every text, by columns: read in place, never copied."""

    def __init__(
        self, vocabulary: Mapping[str, int], arrays: Mapping[str, npt.NDArray[Any]], texts: int
    ) -> None:
        self._vocabulary = vocabulary
        self._data = arrays["data"]  # float32, the weight of a term in a text
        self._texts = arrays["indices"]  # int32, which text
        self._columns = arrays["indptr"]  # where the column of each term starts
        self.size = texts

    @classmethod
    def build(cls, texts: Iterable[Iterable[str]]) -> Self:
        """Count terms; each text comes as its terms, in order and with repetitions."""
        vocabulary: dict[str, int] = {}
        ids = [
            np.fromiter(
                (vocabulary.setdefault(term, len(vocabulary)) for term in text), dtype=np.int32
            )
            for text in texts
        ]
        if not vocabulary:
            empty = {"data": np.zeros(0, np.float32), "indices": np.zeros(0, np.int32)}
            return cls({}, {**empty, "indptr": np.zeros(1, np.int64)}, len(ids))
        model = bm25s.BM25(k1=K1, b=B, method="lucene")
        model.index((ids, vocabulary), show_progress=False, create_empty_token=False)
        return cls(vocabulary, model.scores, len(ids))

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        terms = json.dumps([self.size, list(self._vocabulary)], ensure_ascii=False)
        (folder / _TERMS).write_text(terms, encoding="utf-8")
        for name, array in zip(_ARRAYS, (self._data, self._texts, self._columns), strict=True):
            np.save(folder / f"{name}.npy", array, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> Self:
        size, terms = json.loads((folder / _TERMS).read_text(encoding="utf-8"))
        vocabulary = {term: number for number, term in enumerate(terms)}
        arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in _ARRAYS}
        return cls(vocabulary, arrays, size)

    def scores(self, weights: Mapping[str, float]) -> Scores:
        """Sum of weight times BM25 of each term, shape (texts,)."""
        total = np.zeros(self.size, dtype=np.float32)
        for term, weight in weights.items():
            column = self._column(term)
            if column is not None:
                total[self._texts[column]] += np.float32(weight) * self._data[column]
        return total

    def mass(self, terms: Iterable[str], weights: Mapping[str, float]) -> float:
        """
        Weight times idf of each distinct term, times what BM25 gives for one occurrence.

        A term that no text has counts as the rarest one: asking for it is evidence that the
        answer is not here.
        """
        rarest = self._idf(0)
        return float(
            sum(
                weights[term] * self._idf(self.frequency(term)) if term in weights else rarest
                for term in dict.fromkeys(terms)
            )
        )

    def _idf(self, frequency: int) -> float:
        return math.log(1 + (self.size - frequency + 0.5) / (frequency + 0.5))

    def frequency(self, term: str) -> int:
        """Number of texts that have the term."""
        column = self._column(term)
        return 0 if column is None else column.stop - column.start

    def together(self, terms: Sequence[str]) -> npt.NDArray[np.int64]:
        """In how many texts each pair of terms occurs, shape (terms, terms)."""
        columns = [self._texts[self._column(term) or slice(0)] for term in terms]
        counts = np.zeros((len(columns), len(columns)), dtype=np.int64)
        seen = np.zeros(self.size, dtype=bool)
        for row, texts in enumerate(columns):
            seen[texts] = True
            counts[row] = [np.count_nonzero(seen[other]) for other in columns]
            seen[texts] = False
        return counts

    def _column(self, term: str) -> slice | None:
        number = self._vocabulary.get(term)
        if number is None:
            return None
        return slice(int(self._columns[number]), int(self._columns[number + 1]))
