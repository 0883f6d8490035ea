"""Texts as arrays of code points: what is asked of millions of characters is asked at one go."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Points: TypeAlias = npt.NDArray[np.uint32]  # shape (characters,)

_ALL: Final = 0x110000  # code points of Unicode


def points_of(text: str) -> Points:
    """The code point of each character."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


@cache
def points_in(characters: str) -> npt.NDArray[np.bool_]:
    """Whether each code point is in that class of characters of `re`; shape (code points,)."""
    table = np.zeros(_ALL, dtype=bool)
    for found in re.finditer(f"[{characters}]+", "".join(map(chr, range(_ALL)))):
        table[slice(*found.span())] = True
    return table
