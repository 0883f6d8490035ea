"""复核: replies that a second person looks at before they go out. Pure data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from bot.desk.tickets import Agent


class Reviewed(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"  # it went out
    REJECTED = "rejected"
    VOID = "void"  # another draft took its place


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One draft. It waits only while its ticket is under review; see reviewing.py."""

    id: int = 0  # given by the store
    version: int = 1
    ticket_id: int
    draft: str
    author: Agent
    submitted: datetime
    state: Reviewed = Reviewed.WAITING
    reviewer: Agent | None = None
    decided: datetime | None = None
    why: str = ""  # it was rejected

    def blank(self) -> Self:
        """What stays when the ticket's words are erased: who wrote, and who decided."""
        return replace(self, draft="", why="")
