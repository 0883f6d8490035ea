"""A conversation that has another address now, such as a group that became a supergroup."""

from __future__ import annotations

from dataclasses import dataclass

from bot.types import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Relocation:
    id: int = 0  # given by the store
    version: int = 1
    channel: str
    chat: str
    to: str  # the chat that it is now

    @property
    def address(self) -> Address:
        return Address(self.channel, self.to)
