"""What a reader makes of a file, before it is a document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from knowledge.types import Heading

Fields: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Clean text, the headings that the format marks, and what the source declares."""

    text: str
    headings: tuple[Heading, ...] = ()
    declared: Fields = field(default_factory=dict)  # names as in the front matter


Reader: TypeAlias = Callable[[bytes], Page]
"""Bytes of a file to a page. Raises ValueError with a sentence for the maintainer."""


class Lines:
    """Collects the lines of a text and remembers which of them are headings."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._headings: list[Heading] = []
        self._length = 0

    def add(self, line: str, *, level: int = 0) -> None:
        if level:
            end = self._length + len(line)
            self._headings.append(Heading(self._length, end, level))
        self._lines.append(line)
        self._length += len(line) + 1

    def page(self, declared: Fields) -> Page:
        return Page(
            text="".join(f"{line}\n" for line in self._lines),
            headings=tuple(self._headings),
            declared=declared,
        )
