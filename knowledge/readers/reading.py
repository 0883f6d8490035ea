"""What a reader makes of a file that holds several documents, or that it can read in part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from knowledge.readers.base import Page


@dataclass(frozen=True, slots=True)
class Note:
    """A part of a file that is not in the library, or not as it stands in the file."""

    where: str  # "row 12", "page 3"; empty for the file itself
    problem: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One document of a file."""

    page: Page
    key: str = ""  # stable within the file; empty where the file is the document
    where: str = ""  # "row 12"


Reading: TypeAlias = Iterator[Piece | Note]
"""Raises ValueError, with a sentence for the maintainer, where nothing can be read at all."""
