"""Which rows of vectors are equal."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from index.arrays import read_array, runs
from index.types import Vectors

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Equal:
    """Groups of equal rows, in the order of their first rows."""

    group: npt.NDArray[np.int32]  # (rows,): the group of each row
    order: npt.NDArray[np.int32]  # (rows,): the rows, group after group
    starts: Ints  # (groups + 1,): where each group starts in `order`

    @classmethod
    def of(cls, vectors: Vectors) -> Self:
        """Rows are equal if their bytes are, told by a hash of 64 bits."""
        hashes = np.fromiter((_hash(row) for row in vectors), dtype=np.uint64, count=len(vectors))
        _, first, found = np.unique(hashes, return_index=True, return_inverse=True)
        rank = np.empty(len(first), dtype=np.int32)
        rank[np.argsort(first)] = np.arange(len(first), dtype=np.int32)
        group = rank[found]
        sizes = np.bincount(group, minlength=len(first))
        return cls(
            group=group,
            order=np.argsort(group, kind="stable").astype(np.int32),
            starts=np.concatenate([[0], np.cumsum(sizes)]),
        )

    @property
    def first(self) -> Ints:
        """The first row of each group."""
        return self.order[self.starts[:-1]].astype(np.int64)

    def rows(self, groups: Ints) -> tuple[Ints, Ints]:
        """The rows of these groups, one group after the other, and how many each has."""
        starts = self.starts[groups]
        sizes = self.starts[groups + 1] - starts
        return self.order[runs(starts, sizes)].astype(np.int64), sizes

    def save(self, path: Path) -> None:
        """Write three files beside `path`."""
        for name in self.__slots__:
            np.save(_beside(path, name), getattr(self, name), allow_pickle=False)

    @classmethod
    def load(cls, path: Path) -> Self:
        found = {name: read_array(_beside(path, name), in_place=True) for name in cls.__slots__}
        return cls(**found)

    @classmethod
    def is_saved(cls, path: Path) -> bool:
        return _beside(path, "group").is_file()


def _beside(path: Path, name: str) -> Path:
    return path.with_name(f"{path.stem}.{name}.npy")


def _hash(row: npt.NDArray[np.float32]) -> int:
    return int.from_bytes(hashlib.blake2b(row.tobytes(), digest_size=8).digest(), "little")
