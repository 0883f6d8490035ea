"""The channel port."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeAlias

from bot.types import Delivery, Message, Quoted

Receive: TypeAlias = Callable[[Sequence[Message]], Awaitable[None]]
"""Called by a channel with what came in; returns once it is stored, so that the channel may
acknowledge it to the platform. Handling goes on afterwards. Duplicates are welcome."""

Quote: TypeAlias = Callable[[str, str | None], Awaitable[Quoted]]
"""Called by a channel where people may quote in any chat, with what is typed and the person's
language (BCP 47). Nothing of it is stored."""


class Channel(Protocol):
    """One platform."""

    @property
    def name(self) -> str:
        """As in Address.channel."""

    async def send(self, delivery: Delivery, /, *, edit: str | None) -> str:
        """
        Hand one delivery to the platform; return the platform's id of the message.

        `edit` is the platform id of the message whose place it takes, if there is one. A message
        that cannot be edited any more is sent anew.
        Raise Throttled, Refused (never try again) or ChannelError (try again later).
        """

    async def run(self, receive: Receive, /) -> None:
        """Take messages in until cancelled. Survives every failure of the platform."""
