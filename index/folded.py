"""The folded text of every passage, so that no question has to fold it again."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Final

import numpy as np

from index.arrays import ArrayWriter, read_array

_TEXT: Final = "folded.bin"
_STARTS: Final = "folded.npy"


class Folded:
    """UTF-8 bytes of all passages in one file, read in place."""

    def __init__(self, folder: Path) -> None:
        self._starts = read_array(folder / _STARTS, in_place=True)
        size = int(self._starts[-1])
        # numpy refuses to map an empty file
        self._text = np.memmap(folder / _TEXT, dtype=np.uint8, mode="r") if size else b""

    def of(self, passage: int) -> str:
        start, end = int(self._starts[passage]), int(self._starts[passage + 1])
        return bytes(self._text[start:end]).decode()


class FoldedWriter(ExitStack):
    """Writes the texts one by one."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        with ExitStack() as stack:
            self._text = stack.enter_context((folder / _TEXT).open("wb"))
            self._starts = stack.enter_context(ArrayWriter(folder / _STARTS, np.int64))
            self._starts.append([0])
            self._size = 0  # bytes
            self.push(stack.pop_all())

    def add(self, text: str) -> None:
        self._size += self._text.write(text.encode())
        self._starts.extend([self._size])
