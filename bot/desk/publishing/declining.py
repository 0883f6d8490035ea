"""
Who wants no message that they did not ask for: written down by a pseudonym, and looked up.

The numbers of accounts are so few that those of plain digests could be tried out. With a key that
is not in the database, whoever reads that learns nothing. Chats of the page are random and long:
they need no key, and what they said outlives a Telegram token that comes or goes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from bot.desk.mentions import TELEGRAM
from bot.desk.publishing.records import Declined
from bot.pseudonyms import chat_digest, keyed_chat
from bot.store.base import Work
from bot.types import Address


@dataclass(frozen=True, slots=True)
class Declining:
    """`key` is a secret that is in no database; empty where there is no Telegram."""

    key: bytes = b""

    async def note(self, work: Work, address: Address) -> None:
        if not await self.is_noted(work, address):
            await work.entries(Declined).add(Declined(conversation=self._name(address)))

    async def is_noted(self, work: Work, address: Address) -> bool:
        """Whether they want none. What was noted before there was a key has one from now on."""
        register, name = work.entries(Declined), self._name(address)
        if await register.find(conversation=name):
            return True
        before = await register.find(conversation=chat_digest(address))
        for one in before:
            await register.save(replace(one, conversation=name))
        return bool(before)

    def _name(self, address: Address) -> str:
        keyed = self.key and address.channel == TELEGRAM
        return keyed_chat(address, self.key) if keyed else chat_digest(address)


WITHOUT_KEY: Final = Declining()
