"""An update of a platform that could not be taken. Data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    id: int = 0  # given by the store
    version: int = 1
    channel: str
    update_id: str  # the platform's number of it
    kind: str  # what the platform calls it
    error: str = ""  # the name of the error that it met
    at: datetime
