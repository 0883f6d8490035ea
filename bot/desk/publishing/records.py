"""What is kept beside publications: who wants no message, and which answers were given. Data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """
    A conversation that wants no message that it did not ask for.

    By a pseudonym, so that nobody's address stays when everything else of theirs is erased; see
    declining.py.
    """

    id: int = 0  # given by the store
    version: int = 1
    conversation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One time that a published answer was given."""

    id: int = 0  # given by the store
    version: int = 1
    publication: int
    message: int  # ledger id of the question
    at: datetime
    helpful: bool | None = None  # what the citizen said of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Of a published answer, the uses whose questions are erased: how many, and nothing else."""

    id: int = 0  # given by the store
    version: int = 1
    publication: int
    given: int = 0
    helpful: int = 0
    unhelpful: int = 0

    def plus(self, use: Use) -> Self:
        return replace(
            self,
            given=self.given + 1,
            helpful=self.helpful + (use.helpful is True),
            unhelpful=self.unhelpful + (use.helpful is False),
        )
