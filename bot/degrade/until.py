"""When a step is to end, as staff write it. Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from bot.desk.typed import split
from bot.errors import LevelRefused

_TIME: Final = re.compile(r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)", re.ASCII)
_DAY_AND_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d", re.ASCII)
# 24:00, 8:5, 14:30换盘, 9.30, 9点半, 2026/12/01: whoever writes that in front means an end.
_LIKE_TIME: Final = re.compile(
    r"\d{1,2}[:：]\d|\d{1,2}[.．]\d{1,2}$|\d{1,2}[点點时時](?:\d{1,2}分?|半|整)?$"
    r"|\d{4}[-/.年]\d"
)


def until_in(text: str, now: datetime) -> datetime | None:
    """
    14:30, the next one there is, or 2026-12-01 14:30; None for anything else.

    `now` is at the bureau.
    """
    text = text.strip().replace("：", ":")
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


def until_or_refused(text: str, now: datetime) -> datetime | None:
    """As until_in, where nothing but a time may stand; None for nothing. Raise LevelRefused."""
    until = until_in(text, now)
    if text.strip() and until is None:
        raise LevelRefused("{text} is no time such as 14:30 or 2026-12-01 14:30.", text=text)
    return until


def until_and_why(text: str, now: datetime) -> tuple[datetime | None, str]:
    """
    A time, or a day with a time, may come before the reason.

    Raise LevelRefused for what looks like one and is none: as a part of the reason it would leave
    the step without an end.
    """
    first, rest = split(text)
    second, behind = split(rest)
    for words, why in ((f"{first} {second}", behind), (first, rest)):
        if (until := until_in(words, now)) is not None:
            return until, why
    if _LIKE_TIME.match(first):
        return until_or_refused(
            f"{first} {second}" if _LIKE_TIME.match(second) else first, now
        ), ""
    return None, text
