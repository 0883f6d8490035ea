"""Bars of one ink with their numbers beside them: they read in print and without colours."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from knowledge.report.figures import Count

ROW: Final = 24  # height in units of the picture
LABEL: Final = 150  # width left of the bars
BARS: Final = 230  # width of the longest bar
NUMBER: Final = 50  # width right of it
_CELLS: Final = 20  # half-width characters that fit beside a bar


@dataclass(frozen=True, slots=True)
class Bar:
    label: str  # shortened to fit
    name: str
    count: int
    top: int
    width: float


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    label: int
    bars: tuple[Bar, ...]


def bars(counts: Sequence[Count]) -> Picture:
    most = max((one.count for one in counts), default=1) or 1
    made = tuple(
        Bar(
            label=fitting(one.name),
            name=one.name,
            count=one.count,
            top=row * ROW,
            width=round(max(BARS * one.count / most, 1 if one.count else 0), 1),
        )
        for row, one in enumerate(counts)
    )
    return Picture(LABEL + BARS + NUMBER, max(len(made), 1) * ROW, LABEL, made)


def fitting(name: str) -> str:
    """Cut the name to what fits; a Chinese character is as wide as two letters."""
    cells, cut = 0, ""
    for character in name:
        cells += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if cells > _CELLS:
            return f"{cut}…"
        cut += character
    return cut
