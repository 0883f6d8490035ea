"""A single sign-on that a browser has begun. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

VALID: Final = timedelta(minutes=10)  # from the link to the provider until they are back


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """It is finished once, by that browser, at whichever worker it comes back to."""

    id: int = 0  # given by the store
    version: int = 1
    token: str  # its digest; only the browser has the token
    going: str  # where to go on afterwards
    until: datetime
