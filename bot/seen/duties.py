"""What one worker does for all, watched: who does it now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from bot.coordination.base import Coordination, Hear
from bot.seen.port import Observer
from bot.types import Address


@dataclass(frozen=True, slots=True)
class SeenCoordination:
    """As bot.coordination.base.Coordination."""

    coordination: Coordination
    observer: Observer

    @property
    def shared(self) -> bool:
        return self.coordination.shared

    def turn(self, address: Address, /) -> AbstractAsyncContextManager[None]:
        return self.coordination.turn(address)

    async def while_leading(self, job: str, run: Callable[[], Awaitable[None]], /) -> None:
        async def leading() -> None:
            self.observer.leads(job, leading=True)
            try:
                await run()
            finally:
                self.observer.leads(job, leading=False)

        self.observer.leads(job, leading=False)  # it is told of while nobody leads, too
        await self.coordination.while_leading(job, leading)

    def tell(self, topic: str, text: str, /) -> None:
        self.coordination.tell(topic, text)

    def listen(self, topic: str, hear: Hear, /) -> None:
        self.coordination.listen(topic, hear)
