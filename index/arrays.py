"""Arrays from disk, one at a time."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

# numpy reads the head of a file with ast.literal_eval, and CPython 3.11 fails with a SystemError
# ("AST constructor recursion depth mismatch") when two threads are in there at once.
_reading: Final = threading.Lock()


def read_array(path: Path, *, in_place: bool = False) -> npt.NDArray[Any]:
    """Read a .npy file; `in_place` maps it, so that pages are read when they are needed."""
    with _reading:
        array: npt.NDArray[Any] = np.load(
            path, mmap_mode="r" if in_place else None, allow_pickle=False
        )
        return array
