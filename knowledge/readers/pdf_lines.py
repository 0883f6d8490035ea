"""Characters on a page of a PDF file to lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from knowledge.readers.layout import Line
from knowledge.readers.wrap import CLOSE

_CLOSE: Final = re.compile(rf"[{CLOSE}]")
_UNKNOWN: Final = re.compile(r"\(cid:\d+\)")
_BLANK: Final = 0.15  # of the size: a wider gap between letters is a blank that was not written
_WIDE: Final = 0.9  # the same between Chinese characters
_RAISED: Final = 0.8  # of the line's size: a smaller figure that stands higher is a note's number
_UNITS: Final = {"2": "²", "3": "³"}


@dataclass(frozen=True, slots=True)
class Glyph:
    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def lines(glyphs: Iterable[Glyph]) -> list[Line]:
    """Return the lines from top to foot."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda one: (one.middle, one.x0)):
        if rows and _beside(rows[-1], glyph):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    made = (_line(sorted(row, key=lambda one: one.x0)) for row in rows)
    return [line for line in made if line.text]


def _beside(row: Sequence[Glyph], glyph: Glyph) -> bool:
    tall = max((row[0], row[-1], glyph), key=lambda one: one.size)
    return glyph.middle - row[-1].middle < 0.35 * tall.size or (  # noqa: PLR2004
        glyph.middle - row[0].middle < 0.5 * tall.size  # noqa: PLR2004
    )


def _line(row: Sequence[Glyph]) -> Line:
    written = [glyph for glyph in row if not glyph.text.isspace()]
    sizes = Counter(glyph.size for glyph in written)
    size = max(sizes, key=lambda one: (sizes[one], one), default=0.0)
    foot = max((g.bottom for g in written if g.size == size), default=0.0)
    pieces: list[str] = []
    last: Glyph | None = None
    first = 0.0  # where the first word ends
    raised = False
    for glyph in row:
        blank = glyph.text.isspace() or _apart(last, glyph, size)
        if blank and pieces and pieces[-1] != " ":
            first = first or (last.x1 if last else 0.0)
            pieces.append(" ")
        if not glyph.text.isspace():
            if not first and last and _CLOSE.search(last.text):
                first = last.x1
            now = glyph.size < _RAISED * size and glyph.bottom < foot - 0.1 * size
            now = now and glyph.text.isdecimal()
            pieces.append(_figure(glyph.text, pieces, opens=now and not raised, closes=False))
            if raised and not now:
                pieces.insert(-1, "]")
            raised = now
            last = glyph
    raise NotImplementedError
