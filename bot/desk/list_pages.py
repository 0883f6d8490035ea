"""Tickets in a list, with a button for the card of each. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.actions import Action, Verb
from bot.desk import cutting, notices
from bot.desk.roster import Roster
from bot.desk.tickets import Ticket
from bot.render import Page
from bot.texts import say
from bot.types import Button, Span, Style
from knowledge.types import Lang

IN_A_ROW: Final = 5  # buttons
LONGEST_QUESTION: Final = 60  # units


def new(tickets: Sequence[Ticket], *, language: Lang, roster: Roster, at: datetime) -> Page:
    """Tickets that came in one after the other."""
    head = say(language, "New: {count}. Press a number for the card.", count=len(tickets))
    return listed(head, tickets, language=language, roster=roster, at=at)


def listed(
    head: str, tickets: Sequence[Ticket], *, language: Lang, roster: Roster, at: datetime
) -> Page:
    lines = [_line(one, language, roster, at) for one in tickets]
    spans = [Span(head, Style.BOLD), *(Span(f"\n{one}") for one in lines)]
    keys = [_key(one.id) for one in tickets]
    rows = [tuple(keys[at : at + IN_A_ROW]) for at in range(0, len(keys), IN_A_ROW)]
    return Page(tuple(spans), tuple(rows))


def _key(number: int) -> Button:
    label = str(number)
    return Button(label, str(Action(Verb.CARD, number)))


def _line(ticket: Ticket, language: Lang, roster: Roster, at: datetime) -> str:
    """Its number, what is urgent about it, where it is, who has it, what it asks."""
    parts = [f"{ticket.id}"]
    if notices.is_late(ticket, at):
        parts.append(say(language, "OVERDUE"))
    elif ticket.deadlines.due is not None:
        parts.append(say(language, "by {day}", day=notices.day_of(ticket.deadlines.due, at)))
    if ticket.deadlines.presses:
        parts.append(say(language, "asked for {count} times", count=ticket.deadlines.presses))
    if ticket.department:
        parts.append(roster.name(ticket.department))
    if ticket.holder is not None:
        parts.append(ticket.holder.name)
    return " · ".join((*parts, cutting.line(ticket.question, LONGEST_QUESTION)))
