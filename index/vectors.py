"""FAISS. The only module that imports it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

import faiss
import numpy as np

from index.equal import Equal
from index.types import Rows, Scores, Vectors

FLAT: Final = 50_000  # rows up to which each is compared: 4 ms at 256 dimensions
# Above it a graph: Malkov and Yashunin, "Efficient and Robust Approximate Nearest Neighbor Search
# Using Hierarchical Navigable Small World Graphs" (2018). On 94,422 passages of the builtin
# encoder and 400 questions, recall@50 against flat, time of a question, time to build:
#   flat 1.000, 7.3 ms    graph, looking at 128, 256, 384: 0.981, 0.990, 0.994; 0.3 to 1 ms; 20 s
#   IVF1024 fp16, 192 to 320 lists: 0.980 to 0.987; 1.1 to 1.5 ms; 13 s (questions lie apart from
#   passages, so that a fifth of the lists must be read)
#   graph with fp16 or 8 bits: 0.991 or 0.989 at 256, in 0.4 or 0.2 ms; not taken, because vectors
#   that are used again must be exact, and would be kept a second time
# On 980,745 made passages the graph at 384, 768, 1024: 0.964, 0.979, 0.985; 1.2, 2.3, 3.3 ms.
LINKS: Final = 32  # of a row to others
CANDIDATES: Final = 40  # looked at while a row is added
LOOKED_AT: Final = 1024  # in a search
BLOCK: Final = 1 << 14  # rows added at one go


class FaissIndex:
    """An index in memory or in a file, with its vectors as they were given."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    def save(self, path: Path) -> None:
        faiss.write_index(self._index, str(path))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def vectors(self, rows: Sequence[int]) -> Vectors:
        """The vectors of these rows, shape (len(rows), dimension)."""
        found = [self._index.reconstruct(row) for row in rows]
        return np.asarray(found, dtype=np.float32).reshape(len(found), self._index.d)

    def search(self, question: Vectors, /, *, limit: int) -> tuple[Rows, Scores]:
        return self._nearest(question, min(limit, len(self)))

    def _nearest(self, question: Vectors, limit: int) -> tuple[Rows, Scores]:
        if limit < 1:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        scores, rows = self._index.search(question, limit)
        found = rows[0] >= 0  # a graph may lead to fewer rows than there are
        return rows[0][found], scores[0][found]


class FlatIndex(FaissIndex):
    """Exact search over all rows."""

    @classmethod
    def build(cls, vectors: Vectors) -> Self:
        rows = np.arange(len(vectors))
        return cls(_filled(faiss.IndexFlatIP(vectors.shape[1]), vectors, rows))

    @classmethod
    def load(cls, path: Path) -> Self:
        return cls(_opened(path))


class GraphIndex(FaissIndex):
    """
    Search along a graph of near rows.

    Equal rows are one row of the graph: they would link to each other only, and cut off the rest.
    """

    def __init__(self, index: faiss.Index, equal: Equal) -> None:
        super().__init__(index)
        self._equal = equal

    @classmethod
    def build(cls, vectors: Vectors) -> Self:
        """By one thread: with several, no two graphs would be the same."""
        index = faiss.IndexHNSWFlat(vectors.shape[1], LINKS, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = CANDIDATES
        index.hnsw.efSearch = LOOKED_AT
        equal = Equal.of(vectors)
        threads = faiss.omp_get_max_threads()
        faiss.omp_set_num_threads(1)
        try:
            return cls(_filled(index, vectors, equal.first), equal)
        finally:
            faiss.omp_set_num_threads(threads)

    @classmethod
    def load(cls, path: Path) -> Self:
        return cls(_opened(path), Equal.load(path))

    def save(self, path: Path) -> None:
        super().save(path)
        self._equal.save(path)

    def __len__(self) -> int:
        return len(self._equal.group)

    def vectors(self, rows: Sequence[int]) -> Vectors:
        return super().vectors(self._equal.group[list(rows)].tolist())

    def search(self, question: Vectors, /, *, limit: int) -> tuple[Rows, Scores]:
        groups, scores = self._nearest(question, min(limit, len(self._equal.starts) - 1))
        rows, sizes = self._equal.rows(groups)
        return rows[:limit], np.repeat(scores, sizes)[:limit]


def build_index(vectors: Vectors) -> FaissIndex:
    """The kind of index that fits so many rows, shape (rows, dimension)."""
    kind = FlatIndex if len(vectors) <= FLAT else GraphIndex
    return kind.build(vectors)


def load_index(path: Path) -> FaissIndex:
    """Open what was saved in place; pages are read when they are needed."""
    kind = GraphIndex if Equal.is_saved(path) else FlatIndex
    return kind.load(path)


def one_thread() -> None:
    """Set FAISS to one thread in the calling thread: our threads are the parallel part."""
    faiss.omp_set_num_threads(1)


def _opened(path: Path) -> faiss.Index:
    return faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)


def _filled(index: faiss.Index, vectors: Vectors, rows: Rows) -> faiss.Index:
    for start in range(0, len(rows), BLOCK):
        index.add(np.ascontiguousarray(vectors[rows[start : start + BLOCK]]))
    return index
