"""Citizens who chat in their browser. What they are told lies in the store; this only wakes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import uuid4

from bot.channels.base import Receive
from bot.errors import ChannelError
from bot.types import Address, Delivery, Message

WEB: Final = "web"


class NotListening(ChannelError):
    """Nobody takes messages in yet, or any more: ask the browser to come again."""


class WebChannel:
    """
    The channel port over browsers.

    A browser reads its deliveries from the store as soon as they are marked sent, so `send`
    cannot fail: it names the message and wakes whoever reads that conversation.
    """

    name: Final = WEB

    def __init__(self) -> None:
        self._receive: Receive | None = None
        self._readers: dict[str, set[asyncio.Event]] = {}

    @property
    def listening(self) -> bool:
        return self._receive is not None

    @property
    def readers(self) -> int:
        """How many pages are open."""
        return sum(map(len, self._readers.values()))

    async def run(self, receive: Receive, /) -> None:
        self._receive = receive
        try:
            await asyncio.Event().wait()
        finally:
            self._receive = None

    async def send(self, delivery: Delivery, /, *, edit: str | None) -> str:
        """Browsers put an edited message in place by its key, so `edit` is of no use here."""
        del edit
        self.notify(delivery.to)
        return f"w{uuid4().hex}"

    async def accept(self, message: Message) -> None:
        """Return once the message is stored; raise NotListening."""
        if self._receive is None:
            raise NotListening
        await self._receive([message])

    def notify(self, address: Address) -> None:
        """
        Wake the readers of a conversation, because a delivery to it is marked sent.

        `send` wakes them too, but before the mark is committed; they look again soon after
        any wake-up, so this saves them a moment, no more.
        """
        if address.channel == self.name:
            for woken in self._readers.get(address.chat, ()):
                woken.set()

    @contextmanager
    def reading(self, chat: str) -> Iterator[asyncio.Event]:
        """Give an event that is set whenever there may be something new for `chat`."""
        woken = asyncio.Event()
        readers = self._readers.setdefault(chat, set())
        readers.add(woken)
        try:
            yield woken
        finally:
            readers.discard(woken)
            if not readers:
                self._readers.pop(chat, None)
