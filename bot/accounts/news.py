"""What the next page of a session says, once. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Of a form that went through. Stored, for the page after it may come from another worker."""

    id: int = 0  # given by the store
    version: int = 1
    session: int  # its number
    at: datetime
    words: tuple[str, ...] = ()
    received: str = ""  # the name of a draft, which the browser need not keep any more
