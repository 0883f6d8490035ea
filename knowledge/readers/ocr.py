"""Reads pictures of pages where the extra [ocr] is installed. The only module of rapidocr."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import Any

from knowledge.readers.layout import Line


def available() -> bool:
    return find_spec("rapidocr") is not None


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR  # noqa: PLC0415 - takes seconds, and is often not installed

    return RapidOCR(params={"Global.log_level": "error"})


def read_picture(picture: Any, *, scale: float) -> list[Line]:
    """Return the lines of an RGB array of a page; `scale` is points in a pixel."""
    found = _engine()(picture)
    if found.boxes is None or found.txts is None:
        return []
    seen = [
        (text, [x for x, _ in box.tolist()], [y for _, y in box.tolist()])
        for box, text in zip(found.boxes, found.txts, strict=True)
    ]
    heights = sorted(max(ys) - min(ys) for _, _, ys in seen)
    size = heights[len(heights) // 2] * scale  # the size that a box tells varies by its letters
    lines = [
        Line(
            text=text,
            x0=min(xs) * scale,
            x1=max(xs) * scale,
            top=min(ys) * scale,
            bottom=max(ys) * scale,
            size=size,
            first=size,
        )
        for text, xs, ys in seen
    ]
    return sorted(lines, key=lambda line: (round(line.top / size), line.x0))
