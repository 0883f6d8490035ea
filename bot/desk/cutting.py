"""Texts that must fit: cut at the end of a sentence where there is one. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.types import RichText, Span

MORE: Final = "…"
EARLIEST: Final = 0.5  # of the room; a sentence that ends before leaves too much out
_END: Final = re.compile(r"[。！？；]|[.!?;](?=\s)|\n")


def units(text: str) -> int:
    """How long chat platforms take it to be: in UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text)


def cut(text: str, most: int) -> str:
    """At most `most` (> 1) units of a text; what is left out is told by three dots."""
    if units(text) <= most:
        return text
    kept = _first(text, most - units(MORE))
    ends = [found.end() for found in _END.finditer(kept) if found.end() >= EARLIEST * len(kept)]
    return (kept[: ends[-1]] if ends else kept).rstrip() + MORE


def line(text: str, most: int) -> str:
    """The same in one line."""
    return cut(" ".join(text.split()), most)


def fitted(spans: Sequence[Span], most: int) -> RichText:
    """The spans as far as there is room."""
    found: list[Span] = []
    left = most
    for span in spans:
        if units(span.text) > left:
            return (*found, replace(span, text=cut(span.text, left))) if left > 1 else tuple(found)
        found.append(span)
        left -= units(span.text)
    return tuple(found)


def _first(text: str, most: int) -> str:
    kept = text[:most]
    while units(kept) > most:
        kept = kept[:-1]
    return kept
