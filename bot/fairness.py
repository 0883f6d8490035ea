"""
Nobody's messages keep others waiting, and nobody's floods reach staff. Pure but for the memory of
who wrote when.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.desk.tickets import ACTIVE, Ticket
from knowledge.fold import fold

REMEMBERED: Final = 10_000  # people; whoever was quiet longest is forgotten first
MOST_TICKETS: Final = 10  # of one conversation within an hour; nobody needs as many, floods do
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast one person's messages are taken."""

    per_minute: int
    burst: int  # at once, after a while without any


@dataclass(frozen=True, slots=True)
class Bucket:
    """A token bucket: holds at most `size` tokens, one message takes one."""

    tokens: float
    at_s: float


def take(bucket: Bucket, *, size: int, per_s: float, at_s: float) -> tuple[Bucket, int]:
    """Return the bucket afterwards, and 0, or the whole seconds until a token is there."""
    at_s = max(at_s, bucket.at_s)  # platforms may report messages out of order
    tokens = min(float(size), bucket.tokens + (at_s - bucket.at_s) * per_s)
    if tokens >= 1:
        return Bucket(tokens - 1, at_s), 0
    return Bucket(tokens, at_s), max(1, math.ceil((1 - tokens) / per_s))


class Limiter:
    """A bucket for each of those who wrote last."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def wait_s(self, who: str, *, at_s: float) -> int:
        """Count a message; return 0, or how long to wait, in which case it does not count."""
        bucket = self._buckets.pop(who, Bucket(self._pace.burst, at_s))
        per_s = self._pace.per_minute / 60
        bucket, wait_s = take(bucket, size=self._pace.burst, per_s=per_s, at_s=at_s)
        self._buckets[who] = bucket
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return wait_s


def same_question(own: Sequence[Ticket], question: str) -> Ticket | None:
    """The ticket that waits with these very words, if there is one."""
    asked = fold(question).strip()
    waiting = (ticket for ticket in own if ticket.state in ACTIVE)
    return next((t for t in waiting if fold(t.question).strip() == asked), None)


def opened_lately(own: Sequence[Ticket], *, at: datetime) -> int:
    """How many were opened within the hour before."""
    return sum(ticket.opened > at - HOUR for ticket in own)
