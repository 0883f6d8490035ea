"""Arrays on disk: read one at a time, written row by row."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

# numpy reads the head of a file with ast.literal_eval, and CPython 3.11 fails with a SystemError
# ("AST constructor recursion depth mismatch") when two threads are in there at once.
WAITING: Final = 4096  # rows that are written together
_reading: Final = threading.Lock()


def read_array(path: Path, *, in_place: bool = False) -> npt.NDArray[Any]:
    """Read a .npy file; `in_place` maps it, so that pages are read when they are needed."""
    with _reading:
        array: npt.NDArray[Any] = np.load(
            path, mmap_mode="r" if in_place else None, allow_pickle=False
        )
        return np.asarray(array)  # a plain view: each look into a memmap costs microseconds


class ArrayWriter(AbstractContextManager["ArrayWriter"]):
    """
    A .npy file that grows: memory holds what is appended at one time.

    numpy leaves room in the head for the number of rows, which is known at the end only.
    """

    def __init__(self, path: Path, dtype: npt.DTypeLike, *, width: int | None = None) -> None:
        """Rows are values, or with `width` runs of so many values."""
        self._dtype = np.dtype(dtype)
        self._inner = () if width is None else (width,)
        self._rows = 0
        self._waiting: list[int | tuple[int, ...]] = []
        self._file = path.open("wb")
        try:
            self._head()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None:
        with self._file:
            if kind is None:
                self._flush()
                self._file.seek(0)
                self._head()

    def __len__(self) -> int:
        return self._rows + len(self._waiting)

    def append(self, values: npt.ArrayLike) -> None:
        """Write many rows."""
        self._flush()
        rows = np.ascontiguousarray(values, dtype=self._dtype).reshape(-1, *self._inner)
        self._file.write(rows.data)
        self._rows += len(rows)

    def extend(self, rows: Iterable[int | tuple[int, ...]]) -> None:
        """Add a few rows, which are written with many others: a write takes longer than a row."""
        self._waiting.extend(rows)
        if len(self._waiting) >= WAITING:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            rows, self._waiting = self._waiting, []
            self.append(rows)

    def _head(self) -> None:
        np.lib.format.write_array_header_1_0(
            self._file,
            {
                "descr": np.lib.format.dtype_to_descr(self._dtype),
                "fortran_order": False,
                "shape": (self._rows, *self._inner),
            },
        )


def runs(starts: npt.NDArray[np.int64], sizes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Numbers of all members of runs, one run after the other: start, start + 1, and so on."""
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 0
    offsets = np.repeat(starts - (ends - sizes), sizes)
    return np.asarray(np.arange(total, dtype=np.int64) + offsets)
