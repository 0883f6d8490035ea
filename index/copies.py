"""
Documents that are copies of one another: the same notice, republished.

Containment of character 8-grams (Broder, "On the resemblance and containment of documents",
1997), estimated on the 8-grams whose hash falls into a sample.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from index.arrays import runs
from index.points import points_in, points_of

GRAM: Final = 8  # characters
SAMPLE: Final = 16  # one 8-gram of so many is looked at
FEWEST: Final = 8  # sampled 8-grams; a shorter text tells too little
CONTAINED: Final = 0.5  # share of the shorter text that stands in the other
COMMON: Final = 30  # an 8-gram in more texts is a phrase of the trade
PAIRS: Final = 1 << 22  # counted at one go
BATCH: Final = 1 << 18  # characters sampled at one go
_SAID: Final = r"\w"  # marks and blanks are not compared
_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)

Ints: TypeAlias = npt.NDArray[np.int64]


class Sketches:
    """Samples of texts that are met one by one: 12 bytes for each 16 characters."""

    def __init__(self) -> None:
        self._grams = array("Q")
        self._sizes = array("i")
        self._waiting: list[str] = []
        self._characters = 0

    def add(self, text: str) -> None:
        self._waiting.append(text)
        self._characters += len(text)
        if self._characters >= BATCH:
            self._sample()

    def copies(self) -> npt.NDArray[np.int32]:
        """Pairs of numbers of texts of which one holds more than half of the other; (pairs, 2)."""
        self._sample()
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

    def _sample(self) -> None:
        """Take the samples of what waits: numpy is slow at one short text, and fast at many."""
        grams, sizes = _sampled(self._waiting)
        self._grams.frombytes(grams.tobytes())
        self._sizes.extend(sizes.tolist())
        self._waiting, self._characters = [], 0


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


def _sampled(texts: Sequence[str]) -> tuple[npt.NDArray[np.uint64], Ints]:
    """Hashes of the sampled 8-grams of each text, each once and ascending, and how many it has."""
    points = points_of("".join(texts))
    owners = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    kept = points_in(_SAID)[points]
    points, owners = points[kept], owners[kept]
    count = max(0, len(points) - GRAM + 1)
    grams = np.zeros(count, dtype=np.uint64)
    for place in range(GRAM):
        grams = (grams ^ points[place : place + count]) * _FACTOR
        grams ^= grams >> np.uint64(29)
    inside = owners[:count] == owners[len(owners) - count :]  # of one text from end to end
    chosen = np.flatnonzero(inside & (grams % np.uint64(SAMPLE) == 0))
    grams, owners = grams[chosen], owners[chosen]
    order = np.lexsort((grams, owners))
    grams, owners = grams[order], owners[order]
    once = np.ones(len(grams), dtype=bool)
    once[1:] = (grams[1:] != grams[:-1]) | (owners[1:] != owners[:-1])
    return grams[once], np.bincount(owners[once], minlength=len(texts))
