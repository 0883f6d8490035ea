"""One worker, which has nobody to agree with: for SQLite, and for what is kept in memory."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

from bot.coordination.base import Hear
from bot.coordination.turns import Turns
from bot.types import Address


class Alone:
    shared = False

    def __init__(self) -> None:
        self._turns = Turns()

    def turn(self, address: Address, /) -> AbstractAsyncContextManager[None]:
        return self._turns.of(address)

    async def while_leading(self, job: str, run: Callable[[], Awaitable[None]], /) -> None:
        del job
        await run()

    def tell(self, topic: str, text: str, /) -> None:
        """Nobody is there."""

    def listen(self, topic: str, hear: Hear, /) -> None:
        """Nobody tells anything."""
