"""
Counts on disk to the tables that are searched.

BM25 as Lucene has it: idf * n / (n + k1 * (1 - b + b * length / mean length)), where
idf = ln(1 + (N - df + 0.5) / (df + 0.5)). Robertson and Zaragoza, "The Probabilistic Relevance
Framework: BM25 and Beyond" (2009).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from index.arrays import ArrayWriter, read_array
from index.counting import COUNTS, LENGTHS, STARTS, TERMS

B: Final = 0.75
BLOCK: Final = 1 << 23  # pairs of a row and a term in memory at one time

TEXTS: Final = "texts.npy"  # int32 (pairs,): the rows that have each term, term by term
WEIGHTS: Final = "weights.npy"  # float32 (pairs,): BM25 of those
IDF: Final = "idf.npy"  # float32 (terms,)
NORMS: Final = "norms.npy"  # float32 (rows,)
SIZE: Final = "size.npy"  # int64 (): how many rows there are

Floats = npt.NDArray[np.float32]


def write_columns(
    counted: Path, folder: Path, frequency: npt.NDArray[np.int64], *, k1: float
) -> None:
    """
    Write weights by term, to be read term by term.

    `frequency` tells of each term, in ascending order of its number, in how many rows it is. The
    rows are read once for each block of terms: so memory is bounded, and what is written is
    written in order.
    """
    folder.mkdir(parents=True, exist_ok=True)
    starts = np.concatenate([[0], np.cumsum(frequency)])
    np.save(folder / STARTS, starts, allow_pickle=False)
    norms, idf = _norms(counted, k1=k1), _idf(counted, frequency)
    with (
        ArrayWriter(folder / TEXTS, np.int32) as texts,
        ArrayWriter(folder / WEIGHTS, np.float32) as weights,
    ):
        for first, end in _blocks(starts):
            matrix = _some_terms(counted, first, end).tocsc()
            texts.append(matrix.indices)
            term_idf = np.repeat(idf[first:end], np.diff(matrix.indptr))
            weights.append(term_idf * (matrix.data / (matrix.data + norms[matrix.indices])))
    np.save(folder / SIZE, np.asarray(len(norms)), allow_pickle=False)


def write_rows(
    counted: Path, folder: Path, frequency: npt.NDArray[np.int64], *, k1: float
) -> None:
    """Move the counts where they stay, with what makes weights of them."""
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / NORMS, _norms(counted, k1=k1), allow_pickle=False)
    np.save(folder / IDF, _idf(counted, frequency), allow_pickle=False)
    for name in (STARTS, TERMS, COUNTS):
        (counted / name).rename(folder / name)


def _blocks(starts: npt.NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Runs of terms that have at most BLOCK pairs together, or are one term."""
    first, terms = 0, len(starts) - 1
    while first < terms:
        end = int(np.searchsorted(starts, starts[first] + BLOCK, side="right")) - 1
        end = min(max(end, first + 1), terms)
        yield first, end
        first = end


def _some_terms(counted: Path, first: int, end: int) -> csr_matrix:
    """Counts of the terms first to end of all rows, shape (rows, end - first)."""
    starts = read_array(counted / STARTS, in_place=True)
    terms = read_array(counted / TERMS, in_place=True)
    counts = read_array(counted / COUNTS, in_place=True)
    rows = len(starts) - 1
    sizes = np.zeros(rows, dtype=np.int64)
    found: list[npt.NDArray[np.int32]] = []
    often: list[Floats] = []
    for begin in range(0, len(terms), BLOCK):
        some = terms[begin : begin + BLOCK]
        here = np.flatnonzero((some >= first) & (some < end))
        found.append(some[here] - np.int32(first))
        often.append(counts[begin : begin + BLOCK][here].astype(np.float32))
        places = np.searchsorted(here + begin, starts)  # of each row's start among those
        sizes += np.diff(places)
    data = np.concatenate([*often, np.zeros(0, dtype=np.float32)])
    indices = np.concatenate([*found, np.zeros(0, dtype=np.int32)])
    indptr = np.concatenate([[0], np.cumsum(sizes)])
    return csr_matrix((data, indices, indptr), shape=(rows, end - first))


def _norms(counted: Path, *, k1: float) -> Floats:
    lengths = read_array(counted / LENGTHS).astype(np.float64)
    mean = lengths.mean() if len(lengths) else 0.0
    relative = lengths / mean if mean else lengths
    return np.asarray(k1 * (1 - B + B * relative), dtype=np.float32)


def _idf(counted: Path, frequency: npt.NDArray[np.int64]) -> Floats:
    rows = len(read_array(counted / LENGTHS, in_place=True))
    return np.asarray(np.log(1 + (rows - frequency + 0.5) / (frequency + 0.5)), dtype=np.float32)
