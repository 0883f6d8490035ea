"""What waits, as counts and ages alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.desk.tickets import State


class Clock(StrEnum):
    """How a ticket that staff have yet to end stands against its next due time."""

    IN_TIME = "in_time"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    STANDING = "standing"  # nothing is due: it waits for the citizen


@dataclass(frozen=True, slots=True)
class Waiting:
    count: int
    since: datetime  # that of the oldest


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    messages: Mapping[str, Waiting]  # written down and not handled yet, by channel
    deliveries: Mapping[str, Waiting]  # in the outbox, by channel
    tickets: Mapping[tuple[State, Clock], int]  # that staff have yet to end; no zeros
    overdue_since: datetime | None  # the earliest due time that has passed


def clock_of(due: datetime | None, *, at: datetime, soon: datetime) -> Clock:
    if due is None:
        return Clock.STANDING
    if due < at:
        return Clock.OVERDUE
    return Clock.DUE_SOON if due < soon else Clock.IN_TIME
