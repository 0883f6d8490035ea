"""A hot concern: one matter that more citizens ask about than before. Pure data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Self

from bot.desk.tickets import Agent


class Course(StrEnum):
    """How far it has come."""

    NEW = "new"  # nobody has taken it
    OWNED = "owned"
    ANSWERED = "answered"  # a response is published
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Asked:
    """A day on which it was asked about."""

    day: date
    citizens: int  # conversations; one that asks twice a day counts once


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    id: int = 0  # given by the store
    version: int = 1
    state: Course = Course.NEW
    label: str  # the most central question, masked; empty once words are erased
    examples: tuple[str, ...] = ()  # the most central ones, by which it is known again
    days: tuple[Asked, ...] = ()  # oldest first
    recent: int = 0  # citizens of the last days, when it was found
    before: int = 0  # citizens of the weeks before
    probability: float = 1.0  # that chance alone brings so many; see bursts.py
    department: str = ""  # most of its tickets are there
    tickets: tuple[int, ...] = ()  # the newest ones
    found: date  # when it became hot, the last time
    due: date  # when a response is
    owner: Agent | None = None
    response: str = ""  # id of a published document, or a link
    closed: date | None = None

    @property
    def seen(self) -> date:
        """The last day that it was asked about."""
        return self.days[-1].day if self.days else self.found

    def is_late(self, today: date) -> bool:
        return self.state in {Course.NEW, Course.OWNED} and self.due < today

    def blank(self) -> Self:
        """What stays when the words of citizens are erased: the figures."""
        return replace(self, label="", examples=())
