"""A page of a long list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Leaf(Generic[T]):
    lines: Sequence[T]
    count: int  # of the whole list
    page: int  # from 1
    last: int  # page; at least 1


def leaf(found: Sequence[T], page: int, *, lines: int) -> Leaf[T]:
    """That page, `lines` long at most; the first or the last one where there is no such page."""
    last = max(1, -(-len(found) // lines))
    page = min(max(page, 1), last)
    return Leaf(found[(page - 1) * lines : page * lines], len(found), page, last)
