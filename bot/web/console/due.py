"""When a ticket is due, in words that need no calendar. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bot.desk.tickets import ACTIVE, Ticket
from bot.texts import say
from knowledge.types import Lang

WEEK: Final = 7  # days: what is further off is named by its date alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    words: str
    moment: str  # ISO 8601, for programs
    is_late: bool = False
    is_near: bool = False  # today or tomorrow


def due_of(ticket: Ticket, *, at: datetime, language: Lang) -> Due | None:
    """The next thing due; None where staff owe nothing. `at` is now, at the bureau."""
    if ticket.state not in ACTIVE:
        return None
    paused = ticket.deadlines.paused
    if paused is not None:
        since = paused.astimezone(at.tzinfo)
        words = say(language, "Clock stopped on {day}", day=since.date().isoformat())
        return Due(words=words, moment=since.isoformat())
    moment = ticket.deadlines.due
    if moment is None:
        return None
    due = moment.astimezone(at.tzinfo)
    return Due(
        words=due_words(due, at=at, language=language),
        moment=due.isoformat(timespec="minutes"),
        is_late=due < at,
        is_near=(due.date() - at.date()).days <= 1,
    )


def due_words(due: datetime, *, at: datetime, language: Lang) -> str:
    """Both times are of the bureau's zone."""
    days, time = (due.date() - at.date()).days, f"{due:%H:%M}"
    if due < at:
        return _late(days, due.date(), time, language)
    if days == 0:
        return say(language, "due today {time}", time=time)
    if days == 1:
        return say(language, "due tomorrow {time}", time=time)
    day = due.date().isoformat()
    if days < WEEK:
        return say(language, "due in {count} days, {day}", count=days, day=day)
    return say(language, "due on {day}", day=day)


def _late(days: int, day: date, time: str, language: Lang) -> str:
    if days == 0:
        return say(language, "overdue since {time} today", time=time)
    if days == -1:
        return say(language, "overdue since yesterday {time}", time=time)
    return say(language, "overdue for {count} days, since {day}", count=-days, day=day)
