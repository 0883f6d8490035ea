"""
The coordination port: what the workers of one bot agree on.

A worker is one process of `run_bot.py`. All of them share a database; nothing else connects them.
What they agree on here keeps order and saves double work. That nothing is done twice does not
rest on it: a worker may lose its part without knowing at once, and the store refuses a second
outcome of a message (Inbox.finish) and a second sender of a delivery (Outbox.take).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeAlias

from bot.types import Address

Hear: TypeAlias = Callable[[str], None]


class Coordination(Protocol):
    @property
    def shared(self) -> bool:
        """Whether there may be other workers."""

    def turn(self, address: Address, /) -> AbstractAsyncContextManager[None]:
        """Wait until no other block, here or in another worker, has this conversation."""

    async def while_leading(self, job: str, run: Callable[[], Awaitable[None]], /) -> None:
        """
        Run a job while no other worker does; return when it returns.

        Wait to become its leader. Where leadership is lost the run is cancelled, and begun anew
        by whoever leads next: this worker or another.
        """

    def tell(self, topic: str, text: str, /) -> None:
        """Tell the other workers. It may be lost: then they find out when they look next."""

    def listen(self, topic: str, hear: Hear, /) -> None:
        """Call `hear` with what other workers tell."""
