"""FAISS. The only module that imports it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import faiss
import numpy as np

from index.types import Rows, Scores, Vectors


class FlatIndex:
    """Exact search over all rows."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors) -> Self:
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Open the file in place; pages are read when they are needed."""
        return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))

    def save(self, path: Path) -> None:
        faiss.write_index(self._index, str(path))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def vectors(self, rows: Sequence[int]) -> Vectors:
        """The vectors of these rows, shape (len(rows), dimension)."""
        found = [self._index.reconstruct(row) for row in rows]
        return np.asarray(found, dtype=np.float32).reshape(len(found), self._index.d)

    def search(self, question: Vectors, /, *, limit: int) -> tuple[Rows, Scores]:
        limit = min(limit, len(self))
        if limit < 1:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        scores, rows = self._index.search(question, limit)
        return rows[0], scores[0]


def one_thread() -> None:
    """Set FAISS to one thread in the calling thread: our threads are the parallel part."""
    faiss.omp_set_num_threads(1)
