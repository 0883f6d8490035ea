"""Out of office: who is away, and when. Pure data; out_of_office.py writes it down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Whole days, the last one included."""

    id: int = 0  # given by the store
    version: int = 1
    agent: str  # a member's id
    since: date
    until: date
    note: str = ""

    def covers(self, day: date) -> bool:
        return self.since <= day <= self.until
