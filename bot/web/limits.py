"""How much one conversation may send."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

REMEMBERED: Final = 10_000  # conversations; whoever was quiet longest is forgotten first


@dataclass(frozen=True, slots=True)
class Bucket:
    """A token bucket: holds at most `size` tokens, one message takes one."""

    tokens: float
    at_s: float  # monotonic


def take(bucket: Bucket, *, size: int, per_s: float, at_s: float) -> tuple[Bucket, int]:
    """Return the bucket afterwards, and 0, or the whole seconds until a token is there."""
    tokens = min(float(size), bucket.tokens + (at_s - bucket.at_s) * per_s)
    if tokens >= 1:
        return Bucket(tokens - 1, at_s), 0
    return Bucket(tokens, at_s), max(1, math.ceil((1 - tokens) / per_s))


class Limiter:
    def __init__(self, *, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._size = per_minute
        self._clock = clock
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def wait_s(self, chat: str) -> int:
        """Count a message; return 0, or how long to wait, in which case it does not count."""
        now = self._clock()
        bucket = self._buckets.pop(chat, Bucket(self._size, now))
        bucket, wait_s = take(bucket, size=self._size, per_s=self._size / 60, at_s=now)
        self._buckets[chat] = bucket
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return wait_s
