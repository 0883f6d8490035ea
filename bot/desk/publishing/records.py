"""What is kept beside publications: who wants no message, and which answers were given. Data."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from bot.types import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """
    A conversation that wants no message that it did not ask for.

    By a digest, so that nobody's address stays when everything else of theirs is erased.
    """

    id: int = 0  # given by the store
    version: int = 1
    conversation: str

    @classmethod
    def by(cls, address: Address) -> Self:
        digest = hashlib.sha256(f"{address.channel}:{address.chat}".encode()).hexdigest()
        return cls(conversation=digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One time that a published answer was given."""

    id: int = 0  # given by the store
    version: int = 1
    publication: int
    message: int  # ledger id of the question
    at: datetime
    helpful: bool | None = None  # what the citizen said of it
