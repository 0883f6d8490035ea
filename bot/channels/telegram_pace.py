"""
How much Telegram is sent: in all, to one person, to one group; edits included.

Telegram's own figures (core.telegram.org/bots/faq): about thirty messages a second in all, one a
second in a chat with short bursts, twenty a minute in a group. We stay a little below, for a call
counts when it arrives, which is later than it left here. Asked before each call, so that a 429 is
rare.

A 429 does not say whether it is for the chat or for the whole bot. python-telegram-bot's own
limiter stops everything for each; others only try that call again. Here its chat waits, in the
outbox, and everything once several chats were told so within a moment: no chat alone did that.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from telegram.error import RetryAfter

from bot.fairness import Bucket, take

MOST: Final = 20  # calls a group takes in a WINDOW
WINDOW: Final = timedelta(minutes=1)
SLACK: Final = timedelta(seconds=1)
LOOK_S: Final = 0.5
REMEMBERED: Final = 10_000  # chats; a bucket that was not used for long is full anyway
THROTTLED_CHATS: Final = 3  # told to wait within TOGETHER_S: then all wait
TOGETHER_S: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """So many at once after a pause, and so many a second."""

    burst: int
    per_s: float

    def after(self, bucket: Bucket | None, at_s: float) -> Bucket | None:
        """The bucket with one call more; None where there is no room for it."""
        bucket = bucket or Bucket(self.burst, at_s)
        left, wait_s = take(bucket, size=self.burst, per_s=self.per_s, at_s=at_s)
        return None if wait_s else left


OVERALL: Final = Budget(burst=5, per_s=24)  # less than thirty in any second
_BURST_S: Final = 0.2  # of a higher budget may leave at once
PERSON: Final = Budget(burst=10, per_s=1)

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Pace:
    def __init__(
        self,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        tick: Callable[[], float] = time.monotonic,
        *,
        per_s: int = int(OVERALL.per_s),
    ) -> None:
        """
        `clock` counts for groups, `tick`, in s, for all that is shorter. `per_s` is how many
        messages a second this bot may send in all: Telegram grants some bots more than others.
        """
        self._overall = Budget(burst=max(OVERALL.burst, int(per_s * _BURST_S)), per_s=per_s)
        self._clock = clock
        self._tick = tick
        self._calls: defaultdict[str, deque[datetime]] = defaultdict(deque)
        self._people: OrderedDict[str, Bucket] = OrderedDict()
        self._all: Bucket | None = None
        self._line = asyncio.Lock()  # whoever came first leaves first
        self._throttled: dict[str, float] = {}  # when Telegram last said so, by chat
        self._all_stopped_s = 0.0  # until then

    def is_free(self, chat: str) -> bool:
        """Whether a chat may be sent something now; the little wait of all is left out."""
        now = self._tick()
        if now < self._all_stopped_s:
            return False
        if _is_group(chat):
            return len(self._recent(chat)) < MOST
        return PERSON.after(self._people.get(chat), now) is not None

    async def take(self, chat: str) -> None:
        """
        Wait until a call may be made there, and count it.

        Raise RetryAfter at once where everything stands still: who waits here holds a place that
        other platforms need as well.
        """
        while not self.is_free(chat):
            self._refuse_if_stopped()
            await asyncio.sleep(LOOK_S)
        self._count(chat)
        async with self._line:
            while (left := self._overall.after(self._all, self._tick())) is None:  # noqa: ASYNC110 - for time to pass
                await asyncio.sleep(1 / self._overall.per_s)
            self._refuse_if_stopped()
            self._all = left

    def throttled(self, chat: str, pause_s: float) -> None:
        """Telegram asked for a pause when that chat was sent something."""
        now = self._tick()
        lately = {one: at for one, at in self._throttled.items() if now - at < TOGETHER_S}
        self._throttled = {**lately, chat: now}
        if len(self._throttled) >= THROTTLED_CHATS:
            self._all_stopped_s = max(self._all_stopped_s, now + pause_s)
            log.warning("telegram_all_throttled", pause_s=pause_s)

    def _refuse_if_stopped(self) -> None:
        left_s = self._all_stopped_s - self._tick()
        if left_s > 0:
            raise RetryAfter(timedelta(seconds=left_s))

    def _count(self, chat: str) -> None:
        if _is_group(chat):
            self._calls[chat].append(self._clock())
            return
        left = PERSON.after(self._people.pop(chat, None), self._tick())
        assert left is not None  # is_free said so, and nobody came between
        self._people[chat] = left
        if len(self._people) > REMEMBERED:
            self._people.popitem(last=False)

    def _recent(self, chat: str) -> deque[datetime]:
        calls, now = self._calls[chat], self._clock()
        # A clock that was set back must not stop a group for as long.
        while calls and not timedelta() <= now - calls[0] < WINDOW + SLACK:
            calls.popleft()
        return calls


def _is_group(chat: str) -> bool:
    """Telegram's ids of groups are negative."""
    return chat.startswith("-")
