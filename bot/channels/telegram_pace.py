"""
How much a group is sent: Telegram takes twenty messages a minute from a bot, edits included.

Asked before each call, so that a 429, which stops everything for a while, stays rare. Chats with
one person have no such rule.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

MOST: Final = 20  # calls a group takes in a WINDOW
WINDOW: Final = timedelta(minutes=1)
# A call counts when it arrives, which is later than it left here.
SLACK: Final = timedelta(seconds=1)
LOOK_S: Final = 0.5


class Pace:
    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._calls: defaultdict[str, deque[datetime]] = defaultdict(deque)

    def is_free(self, chat: str) -> bool:
        """Whether a chat may be sent something now."""
        return not _is_group(chat) or len(self._recent(chat)) < MOST

    async def take(self, chat: str) -> None:
        """Wait until a call may be made there, and count it."""
        while not self.is_free(chat):  # noqa: ASYNC110 - for time to pass, which is no event
            await asyncio.sleep(LOOK_S)
        if _is_group(chat):
            self._calls[chat].append(self._clock())

    def _recent(self, chat: str) -> deque[datetime]:
        calls, now = self._calls[chat], self._clock()
        # A clock that was set back must not stop a group for as long.
        while calls and not timedelta() <= now - calls[0] < WINDOW + SLACK:
            calls.popleft()
        return calls


def _is_group(chat: str) -> bool:
    """Telegram's ids of groups are negative."""
    return chat.startswith("-")
