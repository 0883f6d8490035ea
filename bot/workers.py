"""
What one of several workers does: what each of them does for itself, and what its leader does.

The sending to Telegram has a leader, so that the budget of the bot is kept by one. What a citizen
in a browser is told may be marked as sent by any worker: all are told, for the page may be open
at another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import structlog

from bot.channels.telegram import TelegramChannel
from bot.channels.web import WEB, WebChannel
from bot.coordination.base import Coordination
from bot.desk.desk import Desk
from bot.jobs import Job
from bot.places import TELEGRAM, staff_room
from bot.store.base import Store
from bot.types import Address

OUTBOX: Final = "outbox"  # something was put into it
ROOM_S: Final = 30.0  # between looks for where the staff room is

log = structlog.get_logger(__name__)


class Worker:
    def __init__(self, coordination: Coordination, web: WebChannel | None) -> None:
        self.coordination = coordination
        self.ours: set[str] | None = {WEB} if coordination.shared else None
        """The channels that this worker sends to now; None: to all."""
        self._web = web
        self._wake: Callable[[], None] = lambda: None
        if web is not None:
            coordination.listen(WEB, lambda chat: web.notify(Address(WEB, chat)))

    def sends_by(self, wake: Callable[[], None]) -> None:
        """`wake` makes this worker's sender look at once."""
        self._wake = wake
        self.coordination.listen(OUTBOX, lambda _text: self._hear(wake))

    def _hear(self, wake: Callable[[], None]) -> None:
        if self.ours is None or TELEGRAM in self.ours:  # to the others it is no news
            wake()

    def stored(self) -> None:
        """Something was put into the outbox: whoever sends it looks at once."""
        self._wake()
        if self.ours is not None and TELEGRAM not in self.ours:
            self.coordination.tell(OUTBOX, "")

    def sent(self, address: Address) -> None:
        """A delivery was marked as sent: whoever reads that conversation looks at once."""
        if self._web is None or address.channel != WEB:
            return
        self._web.notify(address)
        if self.ours is not None:
            self.coordination.tell(WEB, address.chat)

    async def send_to_telegram(self) -> None:
        """Be the one that sends there, until cancelled."""
        if self.ours is None:
            return
        self.ours.add(TELEGRAM)
        self._wake()
        try:
            await asyncio.Event().wait()
        finally:
            self.ours.discard(TELEGRAM)

    async def follow_room(self, find: Job) -> None:
        """Find the staff room now and then: another worker may have been told that it moved."""
        while self.ours is not None:
            await asyncio.sleep(ROOM_S)
            await find()


async def find_room(
    store: Store, desk: Desk, telegram: TelegramChannel, *, chat: str | None
) -> None:
    """Go where the staff room is; `chat` is the setting. Raise StoreError."""
    room = await staff_room(store, chat)
    if room is not None and room != desk.room:
        log.warning("room.moved")
        desk.room = room
        telegram.follow_staff(room.chat)
