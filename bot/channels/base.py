"""The channel port."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from bot.types import Address, Delivery, Message, Quoted

Receive: TypeAlias = Callable[[Sequence[Message]], Awaitable[None]]
"""Called by a channel with what came in; returns once it is stored, so that the channel may
acknowledge it to the platform. Handling goes on afterwards. Duplicates are welcome."""

Quote: TypeAlias = Callable[[str, str | None], Awaitable[Quoted]]
"""Called by a channel where people may quote in any chat, with what is typed and the person's
language (BCP 47). Nothing of it is stored."""


class Places(Protocol):
    """
    What a platform gave places of its own to, kept over restarts.

    Raise ChannelError when it cannot be kept: what was to be sent is tried again.
    """

    async def moved(self, address: Address, to: Address, /) -> None:
        """A conversation has another address now. Told again, it changes nothing."""

    async def thread(self, ticket_id: int, /) -> str | None:
        """The topic of a ticket in the staff room."""

    async def opened(self, ticket_id: int, thread: str, /) -> None:
        """It has another one now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfit:
    """What came in and cannot be taken: nothing that a person wrote."""

    channel: str
    update_id: str  # the platform's number of it
    kind: str  # what the platform calls it, such as "edited_message"
    error: str  # the name of the error that it meets


class Parking(Protocol):
    """Where that is written down, so that it does not keep up what came after it."""

    async def reach(self) -> None:
        """Raise unless something could be written down now."""

    async def park(self, unfit: Unfit, /) -> None:
        """Told again, it changes nothing. Raise where it cannot be written down."""


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
