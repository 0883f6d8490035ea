"""
From 64-bit keys to numbers, searched on disk.

A dict of a million strings takes a second to read and 150 MB; two sorted arrays are opened in
place, and a search touches a handful of their pages.
"""

from __future__ import annotations

import hashlib
from array import array
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from index.arrays import read_array

_KEYS: Final = "keys.npy"  # uint64 (n,), ascending
_NUMBERS: Final = "numbers.npy"  # int32 (n,)


class Lookup:
    """A key may have several numbers."""

    def __init__(self, keys: npt.NDArray[np.uint64], numbers: npt.NDArray[np.int32]) -> None:
        """`keys` ascend; `numbers` has the same shape."""
        self._keys = keys
        self._numbers = numbers

    @classmethod
    def of(cls, keys: npt.ArrayLike, numbers: npt.ArrayLike) -> Self:
        """From pairs in any order; the numbers of a key stay in the order given."""
        unordered = np.asarray(keys, dtype=np.uint64)
        order = np.argsort(unordered, kind="stable")
        return cls(unordered[order], np.asarray(numbers, dtype=np.int32)[order])

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / _KEYS, self._keys, allow_pickle=False)
        np.save(folder / _NUMBERS, self._numbers, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> Self:
        return cls(
            read_array(folder / _KEYS, in_place=True), read_array(folder / _NUMBERS, in_place=True)
        )

    def __len__(self) -> int:
        return len(self._keys)

    def all(self, key: int) -> list[int]:
        """Every number of the key."""
        wanted = np.uint64(key)
        first = int(self._keys.searchsorted(wanted))
        if first == len(self._keys) or self._keys[first] != wanted:
            return []  # so it is with most texts that are looked up
        end = int(self._keys.searchsorted(wanted, side="right"))
        return [int(number) for number in self._numbers[first:end]]

    def first(self, keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
        """The first number of each key, -1 where there is none; shape (keys,)."""
        if not len(self._keys):
            return np.full(len(keys), -1, dtype=np.int64)
        places = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        known = self._keys[places] == keys
        return np.where(known, self._numbers[places], -1).astype(np.int64)


def hashed(text: str) -> int:
    """A key for a text: 64 bits of BLAKE2b."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


class Places:
    """From texts to numbers of documents."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup

    @classmethod
    def of(cls, pairs: Pairs) -> Self:
        return cls(Lookup.of(pairs.keys, pairs.numbers))

    @classmethod
    def load(cls, folder: Path) -> Self:
        return cls(Lookup.load(folder))

    def save(self, folder: Path) -> None:
        self._lookup.save(folder)

    def __contains__(self, text: str) -> bool:
        return bool(self[text])

    def __getitem__(self, text: str) -> list[int]:
        """The numbers of the text, in ascending order; none for one that is not there."""
        return self._lookup.all(hashed(text))

    def get(self, text: str, other: list[int] | None = None) -> list[int]:
        """The numbers of the text, or `other` where there are none."""
        return self[text] or other or []


class Pairs:
    """Texts and numbers that are met one by one: 12 bytes a pair."""

    def __init__(self) -> None:
        self.keys = array("Q")
        self.numbers = array("i")

    def add(self, text: str, number: int) -> None:
        self.keys.append(hashed(text))
        self.numbers.append(number)
