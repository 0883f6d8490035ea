"""The folded text of every document, for looking up exact runs without folding again."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final, Self

import numpy as np

from index.arrays import read_array

_TEXT: Final = "folded.bin"
_STARTS: Final = "folded.npy"


class Folded:
    """UTF-8 bytes of all documents in one file, read in place."""

    def __init__(self, folder: Path) -> None:
        self._starts = read_array(folder / _STARTS)
        size = int(self._starts[-1])
        # numpy refuses to map an empty file
        self._text = np.memmap(folder / _TEXT, dtype=np.uint8, mode="r") if size else b""

    @classmethod
    def write(cls, folder: Path, texts: Iterable[str]) -> Self:
        starts = [0]
        with (folder / _TEXT).open("wb") as file:
            for text in texts:
                file.write(text.encode())
                starts.append(file.tell())
        np.save(folder / _STARTS, np.asarray(starts, dtype=np.int64))
        return cls(folder)

    def of(self, document: int) -> bytes:
        start, end = int(self._starts[document]), int(self._starts[document + 1])
        return bytes(self._text[start:end])
