"""
Documents that are copies of one another: the same notice, republished.

Containment of character 8-grams (Broder, "On the resemblance and containment of documents",
1997), estimated on the 8-grams whose hash falls into a sample.
"""

from __future__ import annotations

import re
from array import array
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from index.arrays import runs

GRAM: Final = 8  # characters
SAMPLE: Final = 16  # one 8-gram of so many is looked at
FEWEST: Final = 8  # sampled 8-grams; a shorter text tells too little
CONTAINED: Final = 0.5  # share of the shorter text that stands in the other
COMMON: Final = 30  # an 8-gram in more texts is a phrase of the trade
PAIRS: Final = 1 << 22  # counted at one go
_BLANK: Final = re.compile(r"\W+")
_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)

Ints: TypeAlias = npt.NDArray[np.int64]


class Sketches:
    """Samples of texts that are met one by one: 12 bytes for each 16 characters."""

    def __init__(self) -> None:
        self._grams = array("Q")
        self._sizes = array("i")

    def add(self, text: str) -> None:
        grams = _sketch(text)
        self._grams.frombytes(grams.tobytes())
        self._sizes.append(len(grams))

    def copies(self) -> npt.NDArray[np.int32]:
        """Pairs of numbers of texts of which one holds more than half of the other; (pairs, 2)."""
        sizes = np.asarray(self._sizes, dtype=np.int64)
        owners = np.repeat(np.arange(len(sizes)), sizes)
        order = np.argsort(np.asarray(self._grams, dtype=np.uint64), kind="stable")
        grams, owners = np.asarray(self._grams, dtype=np.uint64)[order], owners[order]
        heads = np.flatnonzero(np.concatenate([[True], grams[1:] != grams[:-1]])[: len(grams)])
        holders = np.diff(np.append(heads, len(grams)))
        shared = (holders > 1) & (holders <= COMMON)
        one, other, count = _counted(owners, heads[shared], holders[shared], len(sizes))
        least = np.maximum(FEWEST, np.minimum(sizes[one], sizes[other]))
        same = count > CONTAINED * least
        return np.stack([one[same], other[same]], axis=1).astype(np.int32)


def _counted(owners: Ints, heads: Ints, holders: Ints, texts: int) -> tuple[Ints, Ints, Ints]:
    """Pairs of texts that share 8-grams, and how many; each head begins a run of holders."""
    known, counts = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    pairs = np.cumsum(holders * (holders - 1) // 2)
    start = 0
    while start < len(heads):
        before = pairs[start - 1] if start else 0
        end = max(start + 1, int(np.searchsorted(pairs, before + PAIRS, side="right")))
        first, second = _members(heads[start:end], holders[start:end])
        found, often = np.unique(owners[first] * texts + owners[second], return_counts=True)
        known, inverse = np.unique(np.concatenate([known, found]), return_inverse=True)
        counts = np.bincount(inverse, weights=np.concatenate([counts, often])).astype(np.int64)
        start = end
    return known // max(1, texts), known % max(1, texts), counts


def _members(heads: Ints, sizes: Ints) -> tuple[Ints, Ints]:
    """Places of all pairs within runs: the earlier one, and the later one."""
    place = runs(heads, sizes)
    later = np.repeat(heads + sizes, sizes) - place - 1  # members behind each
    return np.repeat(place, later), runs(place + 1, later)


def _sketch(text: str) -> npt.NDArray[np.uint64]:
    """Hashes of the sampled 8-grams, each once."""
    points = np.frombuffer(_BLANK.sub("", text).encode("utf-32-le"), dtype="<u4").astype(np.uint64)
    if len(points) < GRAM:
        return np.zeros(0, dtype=np.uint64)
    grams = np.zeros(len(points) - GRAM + 1, dtype=np.uint64)
    for place in range(GRAM):
        grams = (grams ^ points[place : place + len(grams)]) * _FACTOR
        grams ^= grams >> np.uint64(29)
    return np.unique(grams[grams % np.uint64(SAMPLE) == 0])
