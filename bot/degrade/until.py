"""When a step is to end, as staff write it. Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

_TIME: Final = re.compile(r"(?P<hour>[01]?\d|2[0-3])[:：](?P<minute>[0-5]\d)", re.ASCII)
_DAY_AND_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d", re.ASCII)


def until_in(text: str, now: datetime) -> datetime | None:
    """
    14:30, the next one there is, or 2026-12-01 14:30; None for anything else.

    `now` is at the bureau.
    """
    text = text.strip()
    if found := _TIME.fullmatch(text):
        at = now.replace(
            hour=int(found["hour"]), minute=int(found["minute"]), second=0, microsecond=0
        )
        return at if at > now else at + timedelta(days=1)
    if not _DAY_AND_TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=now.tzinfo)
    except ValueError:
        return None
