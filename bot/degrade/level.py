"""The levels, and the entries that the ladder keeps in the store. Data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class Level(StrEnum):
    """How much the bot does by itself; each level does less than the one before."""

    FULL = "full"
    QUOTATION = "quotation"  # sure answers alone, each question read by itself
    PUBLISHED = "published"  # what staff wrote, reviewed and published
    PEOPLE = "people"  # nothing is searched, every question goes to staff
    MAINTENANCE = "maintenance"  # nothing is done; questions are kept until it is over

    @property
    def rung(self) -> int:
        """0 is full."""
        return _RUNGS.index(self)

    @property
    def above(self) -> Level:
        """The next better one; full is above full."""
        return _RUNGS[max(0, self.rung - 1)]


_RUNGS: Final = tuple(Level)
LEVELS: Final[Mapping[Level, str]] = {
    Level.FULL: "everything",
    Level.QUOTATION: "quotation only",
    Level.PUBLISHED: "published answers only",
    Level.PEOPLE: "people only",
    Level.MAINTENANCE: "maintenance",
}
"""What staff call them, as bot.texts.say() takes it."""


class Cause(StrEnum):
    """Why a step was made that nobody gave a reason for; the word stands in the audit log."""

    NO_RELEASE = "no release"
    FAILING = "searches fail"
    STUCK = "searches stuck"
    NO_VECTORS = "no vectors"
    NO_RERANKER = "no reranker"
    QUIET = "quiet"
    LIFTED = "lifted"


WHYS: Final[Mapping[str, str]] = {
    Cause.NO_RELEASE: "no release is loaded",
    Cause.FAILING: "searches fail",
    Cause.STUCK: "searches do not end",
    Cause.NO_VECTORS: "the vector store is away: keywords alone are searched",
    Cause.NO_RERANKER: "the reranker fails: searches go on without it",
    Cause.QUIET: "no trouble for a while",
    Cause.LIFTED: "back to what goes by itself",
}
"""The same in words, as bot.texts.say() takes it."""


def lower(one: Level, other: Level) -> Level:
    """Whichever does less."""
    return max(one, other, key=lambda level: level.rung)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step on the ladder: by hand, or by a worker for itself (`automatic`)."""

    id: int = 0  # given by the store
    version: int = 1
    automatic: bool = False
    level: Level
    why: str
    who: str  # an agent's id, or "system"
    name: str = ""  # of the agent
    at: datetime
    until: datetime | None = None  # of a step by hand: then it is over
    over: bool = False  # its time was up, and that is in the audit log

    def is_up(self, at: datetime) -> bool:
        """Whether its time has just ended, and nobody wrote that down yet."""
        ended = self.until is not None and self.until <= at
        return ended and not self.over and self.level is not Level.FULL

    def holds(self, at: datetime) -> Level:
        """The level that it asks for at that time."""
        ended = self.over or (self.until is not None and self.until <= at)
        return Level.FULL if ended else self.level


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A question that came during maintenance, to be taken up when it is over."""

    id: int = 0  # given by the store
    version: int = 1
    message: int  # ledger id
