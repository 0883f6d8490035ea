"""FAISS. The only module that imports it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

import faiss
import numpy as np

from index.errors import ReleaseMismatch
from index.types import Rows, Scores, Vectors

FLAT: Final = 20_000  # rows up to which each is compared: 1.2 ms at 256 dimensions
# Above it a code of half a byte for two dimensions is compared first, and the best of those by
# their vectors: product quantisation, Jégou et al. (2011), in tables that stay in registers,
# André et al., "Quicker ADC" (2019). A random rotation spreads over all pairs of dimensions what
# LSA has in its first ones.
PAIR: Final = 2  # dimensions that share a code
TRAINED: Final = 4096  # rows that the codes are learnt from; FAISS takes no more for 16 codes
LOOKED_AT: Final = 8  # times as many by their codes as are wanted,
LEAST: Final = 400  # and no fewer than these
SEED: Final = 1234
BLOCK: Final = 1 << 14  # rows added at one go


class FaissIndex:
    """An index in memory or in a file, with its vectors as they were given."""

    away: Final = False

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
        count = min(limit, len(self))
        if count < 1:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        return self._nearest(question, count)

    def _nearest(self, question: Vectors, count: int) -> tuple[Rows, Scores]:
        scores, rows = self._index.search(question, count)
        return rows[0], scores[0]


class FlatIndex(FaissIndex):
    """Exact search over all rows."""

    @classmethod
    def build(cls, vectors: Vectors) -> Self:
        return cls(_filled(faiss.IndexFlatIP(vectors.shape[1]), vectors))


class CodedIndex(FaissIndex):
    """Search over short codes of all rows, then over the vectors of the best of them."""

    _index: faiss.IndexRefineFlat

    @classmethod
    def build(cls, vectors: Vectors) -> Self:
        """By one thread: with several, the last bits of sums hang on how they are split."""
        dimension = vectors.shape[1]
        pairs = -(-dimension // PAIR)
        rotation = faiss.RandomRotationMatrix(dimension, pairs * PAIR)
        codes = faiss.IndexPQFastScan(pairs * PAIR, pairs, 4, faiss.METRIC_INNER_PRODUCT)
        with _one_thread():
            rotation.init(SEED)
            coded = faiss.IndexPreTransform(rotation, codes)
            coded.train(np.ascontiguousarray(vectors[_spread(len(vectors))]))
            return cls(_filled(faiss.IndexRefineFlat(coded), vectors))

    def _nearest(self, question: Vectors, count: int) -> tuple[Rows, Scores]:
        looked_at = min(max(LOOKED_AT * count, LEAST), len(self))
        how = faiss.IndexRefineSearchParameters()
        how.k_factor = looked_at / count
        scores, rows = self._index.search(question, count, params=how)
        if (rows < 0).any():  # to a question without words all codes are the same
            scores, rows = self._index.refine_index.search(question, count)
        return rows[0], scores[0]


def build_index(vectors: Vectors) -> FaissIndex:
    """The kind of index that fits so many rows, shape (rows, dimension)."""
    kind = FlatIndex if len(vectors) <= FLAT else CodedIndex
    return kind.build(vectors)


def load_index(path: Path) -> FaissIndex:
    """
    Open what was saved in place; vectors are read when they are needed.

    Raise ReleaseMismatch for a kind that an earlier version wrote.
    """
    index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
    if isinstance(index, faiss.IndexFlat):
        return FlatIndex(index)
    if isinstance(index, faiss.IndexRefineFlat):
        return CodedIndex(index)
    raise ReleaseMismatch(
        "vector index",
        expected="flat or coded",
        found=type(index).__name__,
        mend="build it again",
    )


def one_thread() -> None:
    """Set FAISS to one thread in the calling thread: our threads are the parallel part."""
    faiss.omp_set_num_threads(1)


@contextmanager
def _one_thread() -> Iterator[None]:
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)


def _spread(rows: int) -> Rows:
    """TRAINED rows from the first to the last, some of them again if there are fewer."""
    return np.arange(TRAINED, dtype=np.int64) * rows // TRAINED


def _filled(index: faiss.Index, vectors: Vectors) -> faiss.Index:
    for start in range(0, len(vectors), BLOCK):
        index.add(np.ascontiguousarray(vectors[start : start + BLOCK]))
    return index
