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
_TWICE: Final = 0.1  # of the size: nearer than any two letters stand
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
    made = (_line(_once(sorted(row, key=lambda one: one.x0))) for row in rows)
    return [line for line in made if line.text]


def _beside(row: Sequence[Glyph], glyph: Glyph) -> bool:
    tall = max((row[0], row[-1], glyph), key=lambda one: one.size)
    return glyph.middle - row[-1].middle < 0.35 * tall.size or (
        glyph.middle - row[0].middle < 0.5 * tall.size
    )


def _once(row: Sequence[Glyph]) -> list[Glyph]:
    """Drop the second print of a character, by which some programs make it bold."""
    kept: list[Glyph] = []
    for glyph in row:
        last = kept[-1] if kept else None
        if not last or last.text != glyph.text or glyph.x0 - last.x0 > _TWICE * glyph.size:
            kept.append(glyph)
    return kept


def _line(row: Sequence[Glyph]) -> Line:
    written = [glyph for glyph in row if not glyph.text.isspace()]
    if not written:
        return Line("", 0, 0, 0, 0, 0)
    sizes = Counter(glyph.size for glyph in written)
    size = max(sizes, key=lambda one: (sizes[one], one))
    foot = max(glyph.bottom for glyph in written if glyph.size == size)
    return Line(
        text=_text(row, size, foot),
        x0=written[0].x0,
        x1=written[-1].x1,
        top=min(glyph.top for glyph in written if glyph.size == size),
        bottom=foot,
        size=size,
        first=_first(row, size),
    )


def _text(row: Sequence[Glyph], size: float, foot: float) -> str:
    text = figures = ""
    last: Glyph | None = None
    for glyph in row:
        raised = _is_raised(glyph, size, foot)
        blank = glyph.text.isspace() or (_apart(last, glyph, size) and not raised)
        if figures and (blank or not raised):
            text, figures = text + _note(text, figures), ""
        if blank and not text.endswith(" "):
            text += " "
        if raised:
            figures += glyph.text
        elif not glyph.text.isspace():
            text += glyph.text
            last = glyph
        if raised:
            last = glyph
    text += _note(text, figures) if figures else ""
    return _UNKNOWN.sub("\ufffd", text).strip()


def _is_raised(glyph: Glyph, size: float, foot: float) -> bool:
    small = glyph.size < _RAISED * size and glyph.bottom < foot - 0.1 * size
    return small and glyph.text.isdecimal()


def _note(before: str, figures: str) -> str:
    """6 July 2018[1], not 6 July 20181; but m² stays."""
    if before.endswith("m") and figures in _UNITS:
        return _UNITS[figures]
    return f"[{figures}] " if not before.strip() else f"[{figures}]"


def _apart(last: Glyph | None, glyph: Glyph, size: float) -> bool:
    if last is None or glyph.text.isspace():
        return False
    close = _CLOSE.search(last.text) or _CLOSE.search(glyph.text)
    return glyph.x0 - last.x1 > (_WIDE if close else _BLANK) * size


def _first(row: Sequence[Glyph], size: float) -> float:
    """Return how much room the first word takes at the end of another line."""
    begun: Glyph | None = None
    last: Glyph | None = None
    for glyph in row:
        if begun and last and (glyph.text.isspace() or _apart(last, glyph, size)):
            break
        if not glyph.text.isspace():
            begun, last = begun or glyph, glyph
            if _CLOSE.search(glyph.text):
                return last.x1 - begun.x0
    return last.x1 - begun.x0 + 0.25 * size if begun and last else 0.0
