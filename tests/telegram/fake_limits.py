"""How much the fake Bot API takes: of a private chat, and in all."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Final

from tests.telegram.fake_rules import Json, Problem
from tests.telegram.fake_topics import COUNTED

SECOND_S: Final = 1.0
IN_ALL: Final = 30  # in any second
# "One message a second, short bursts are fine": how short nobody says.
BURST: Final = 20
BURST_S: Final = 10.0


class Limits:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.in_all = IN_ALL
        self.refused = 0
        self._all: deque[float] = deque()
        self._chats: defaultdict[int, deque[float]] = defaultdict(deque)

    def count(self, method: str, params: Json) -> None:
        """Raise Problem 429 for a call too many."""
        if method not in COUNTED:
            return
        try:
            chat = self._chats[int(params.get("chat_id", 0))]
        except ValueError:
            return  # there is no such chat: that is told elsewhere
        now = self.clock()
        for recent, most, within_s in ((self._all, self.in_all, SECOND_S), (chat, BURST, BURST_S)):
            while recent and now - recent[0] >= within_s:
                recent.popleft()
            if len(recent) >= most:
                self.refused += 1
                raise Problem(429, "Too Many Requests: retry after 1", retry_after=1)
        self._all.append(now)
        chat.append(now)
