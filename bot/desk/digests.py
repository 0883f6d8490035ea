"""A digest: one message that lists new tickets, in place of a card for each. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The one that grows; see board.py."""

    id: int = 0  # given by the store
    version: int = 1
    tickets: tuple[int, ...]
    begun: datetime

    @property
    def key(self) -> str:
        return f"digest:{self.id}"
