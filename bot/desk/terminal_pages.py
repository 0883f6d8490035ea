"""What staff read in a terminal: cards, histories and lists as plain lines. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Final

from bot.desk import cards, consultation_pages, history, notices, review_pages
from bot.desk.consultations import Consultation
from bot.desk.disclosure.card import Shown
from bot.desk.reviewing import Looked
from bot.desk.roster import Roster
from bot.desk.tickets import Event, Ticket
from bot.render import Page
from bot.texts import say
from bot.types import RichText, Style
from knowledge.types import Lang

LONGEST: Final = 60  # characters of a question in a list


def listed(tickets: Sequence[Ticket], *, language: Lang, at: datetime) -> str:
    lines = (
        "  ".join(
            part
            for part in (
                _head(one, language, at.tzinfo or UTC),
                " · ".join(notices.clock_lines(one, language=language, at=at)),
                _flat(one),
            )
            if part
        )
        for one in tickets
    )
    return "\n".join(lines) or say(language, "No tickets wait.")


def card(
    ticket: Ticket,
    consultations: Sequence[Consultation],
    *,
    language: Lang,
    roster: Roster,
    at: datetime,
    request: Shown | None = None,
) -> str:
    """`request` is what is registered of a request for information."""
    consulted = consultation_pages.lines(consultations, language=language, roster=roster, at=at)
    clock = notices.clock_lines(ticket, language=language, at=at)
    page = cards.card(
        ticket,
        language=language,
        roster=roster,
        clock=clock,
        consulted=consulted,
        request=request,
        zone=at.tzinfo or UTC,
    )
    text = plain(page.body)
    return text.replace(say(language, "To answer, reply to this message."), "").rstrip()


def story(
    events: Sequence[Event], *, language: Lang, roster: Roster, zone: tzinfo
) -> Iterator[str]:
    """Times are told in `zone`."""
    for event in events:
        at = event.at.astimezone(zone)
        who = history.who(event.who, roster, language)
        what, why = history.what(event.what, language), history.why(event.why, language)
        words = " ".join(part for part in (event.text, why and f"({why})") if part)
        yield f"  {at:%Y-%m-%d %H:%M} {who} {what} {words}".rstrip()


def consultations(
    owed: Sequence[Consultation], *, language: Lang, roster: Roster, at: datetime
) -> str:
    """What departments owe an answer to."""
    lines = (
        consultation_pages.numbered(one, language=language, roster=roster, at=at) for one in owed
    )
    return "\n".join(lines) or say(language, "No department is asked anything.")


def reviews(waiting: Sequence[Looked], *, language: Lang) -> str:
    lines = (review_pages.line(one.ticket, one.review, language=language) for one in waiting)
    return "\n".join(lines) or say(language, "No reply waits for a review.")


def review(page: Page) -> str:
    """A draft for review: what is word for word a passage's stands in **these marks**."""
    return "".join(_marked(span.text, span.style) for span in page.body)


def plain(body: RichText) -> str:
    return "".join(span.text for span in body)


def _marked(text: str, style: Style) -> str:
    mark = "**" if style is Style.BOLD and not text.isspace() else ""
    return f"{mark}{text}{mark}"


def _head(ticket: Ticket, language: Lang, zone: tzinfo) -> str:
    number = say(language, "No. {id}", id=ticket.id)
    kind = say(language, cards.TICKET_KINDS[ticket.kind])
    state = say(language, cards.STATES[ticket.state])
    holder = f" · {ticket.holder.name}" if ticket.holder else ""
    opened = ticket.opened.astimezone(zone)
    return f"{number:<9} {opened:%m-%d %H:%M} {kind} · {state}{holder}"


def _flat(ticket: Ticket) -> str:
    return " ".join(ticket.question.split())[:LONGEST]
