"""What is done once a day by one process of several: whoever writes the day down does it. Data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """The last day on which a job was begun."""

    id: int = 0  # given by the store
    version: int = 1
    job: str
    day: date = date.min
