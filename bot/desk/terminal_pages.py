"""What staff read in a terminal: cards, histories and lists as plain lines. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from bot.desk import cards, consultation_pages, notices
from bot.desk.consultations import Consultation
from bot.desk.reviewing import Looked
from bot.desk.roster import Roster
from bot.desk.tickets import Event, Ticket
from bot.render import Page
from bot.texts import say as text_of
from bot.types import RichText, Style
from knowledge.types import Lang

LONGEST: Final = 60  # characters of a question in a list


def listed(tickets: Sequence[Ticket], at: datetime) -> str:
    lines = (
        "  ".join(part for part in (_head(one), " · ".join(_clock(one, at)), _flat(one)) if part)
        for one in tickets
    )
    return "\n".join(lines) or "No tickets wait."


def card(
    ticket: Ticket, consultations: Sequence[Consultation], roster: Roster, at: datetime
) -> str:
    consulted = consultation_pages.lines(consultations, language=Lang.EN, roster=roster, at=at)
    page = cards.card(
        ticket, language=Lang.EN, roster=roster, clock=_clock(ticket, at), consulted=consulted
    )
    text = plain(page.body)
    return text.replace(text_of(Lang.EN, "To answer, reply to this message."), "").rstrip()


def history(events: Sequence[Event]) -> Iterator[str]:
    for event in events:
        words = " ".join(part for part in (event.text, event.why and f"({event.why})") if part)
        yield f"  {event.at:%Y-%m-%d %H:%M} {event.who} {event.what} {words}".rstrip()


def consultations(owed: Sequence[Consultation], roster: Roster, at: datetime) -> str:
    """What departments owe an answer to."""
    lines = (
        f"Consultation {one.id}, No. {one.ticket_id}: "
        + consultation_pages.line(one, language=Lang.EN, roster=roster, at=at)
        for one in owed
    )
    return "\n".join(lines) or "No department is asked anything."


def reviews(waiting: Sequence[Looked]) -> str:
    lines = (
        f"Review {one.review.id}, No. {one.ticket.id} by {one.review.author.name}: "
        f"{_flat(one.ticket)}"
        for one in waiting
    )
    return "\n".join(lines) or "No reply waits for a review."


def review(page: Page) -> str:
    """A draft for review: what is word for word a passage's stands in **these marks**."""
    return "".join(_marked(span.text, span.style) for span in page.body)


def plain(body: RichText) -> str:
    return "".join(span.text for span in body)


def _marked(text: str, style: Style) -> str:
    mark = "**" if style is Style.BOLD and not text.isspace() else ""
    return f"{mark}{text}{mark}"


def _clock(ticket: Ticket, at: datetime) -> Sequence[str]:
    return notices.clock_lines(ticket, language=Lang.EN, at=at)


def _head(ticket: Ticket) -> str:
    holder = f" {ticket.holder.name}" if ticket.holder else ""
    return f"No. {ticket.id:<5} {ticket.opened:%m-%d %H:%M} {ticket.kind} {ticket.state}{holder}"


def _flat(ticket: Ticket) -> str:
    return " ".join(ticket.question.split())[:LONGEST]
