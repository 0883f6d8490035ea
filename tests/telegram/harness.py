"""The adapter between a fake server and a pretended core."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress

from bot.channels.telegram import TelegramChannel
from bot.types import Message
from tests.telegram.fake_api import FakeTelegram
from tests.telegram.fake_updates import Changes

STAFF = -100200


class Inbox:
    """Keeps what it receives; a test may order it to fail."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.failures: list[Exception] = []  # raised by the next calls, one each
        self.calls = 0
        self._changes = Changes()

    async def __call__(self, messages: Sequence[Message]) -> None:
        self.calls += 1
        self._changes.touch()
        if self.failures:
            raise self.failures.pop(0)
        self.messages.extend(messages)
        self._changes.touch()

    async def has(self, number: int) -> list[Message]:
        """Wait until that many messages came in; return all."""
        await self._changes.until(lambda: len(self.messages) >= number)
        return self.messages

    async def called(self, times: int) -> None:
        await self._changes.until(lambda: self.calls >= times)


def channel_to(server: FakeTelegram, *, token: str | None = None) -> TelegramChannel:
    return TelegramChannel(
        token or server.token,
        base_url=server.url,
        staff_chat=str(STAFF),
        poll_s=5,
        first_pause_s=0.001,
    )


@asynccontextmanager
async def running(
    channel: TelegramChannel, receive: Callable[[Sequence[Message]], Awaitable[None]]
) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(channel.run(receive))
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
