"""会商: what other departments are asked about a ticket. Pure data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, Self

from bot.desk.tickets import Agent

DAYS: Final = 3  # working days that a department has, if nothing else is set


class Consulted(StrEnum):
    WAITING = "waiting"
    ANSWERED = "answered"
    CANCELLED = "cancelled"  # nobody needs it any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Consultation:
    """One question to one department, with its own clock."""

    id: int = 0  # given by the store
    version: int = 1
    ticket_id: int
    department: str
    question: str
    asked_by: Agent
    asked: datetime
    due: datetime | None = None
    state: Consulted = Consulted.WAITING
    reply: str = ""
    answered_by: Agent | None = None
    answered: datetime | None = None
    escalated: datetime | None = None  # when the supervisors were told that it is overdue

    def is_late(self, at: datetime) -> bool:
        return self.state is Consulted.WAITING and self.due is not None and self.due < at

    def blank(self) -> Self:
        """What stays when the ticket's words are erased: who was asked, and how long it took."""
        return replace(self, question="", reply="")
