"""Terms to numbers, in the order in which a build meets them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from index.lookup import Lookup
from index.occurrences import Keys, keys_of


class Vocabulary:
    """The terms of a release, opened in place."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup

    @classmethod
    def load(cls, folder: Path) -> Self:
        return cls(Lookup.load(folder))

    def __len__(self) -> int:
        return len(self._lookup)

    def numbers(self, terms: Iterable[str]) -> npt.NDArray[np.int64]:
        """Number of each term, -1 for one that no document has; shape (terms,)."""
        return self._lookup.first(keys_of(terms))


class Learning:
    """A vocabulary that grows: 12 bytes a term."""

    def __init__(self) -> None:
        self._keys = np.zeros(0, dtype=np.uint64)  # ascending
        self._numbers = np.zeros(0, dtype=np.int32)

    def __len__(self) -> int:
        return len(self._keys)

    def learn(self, keys: Keys) -> npt.NDArray[np.int32]:
        """Numbers of these keys, which ascend; new ones get the next numbers."""
        places = np.searchsorted(self._keys, keys)
        known = np.zeros(len(keys), dtype=bool)
        inside = places < len(self._keys)
        known[inside] = self._keys[places[inside]] == keys[inside]
        numbers = np.empty(len(keys), dtype=np.int32)
        numbers[known] = self._numbers[places[known]]
        numbers[~known] = np.arange(len(self), len(self) + int((~known).sum()), dtype=np.int32)
        self._keys = np.insert(self._keys, places[~known], keys[~known])
        self._numbers = np.insert(self._numbers, places[~known], numbers[~known])
        return numbers

    def keys(self) -> Keys:
        """The key of each number, shape (terms,)."""
        return self._keys[np.argsort(self._numbers)]

    def save(self, folder: Path) -> None:
        Lookup(self._keys, self._numbers).save(folder)
