"""All that is known of a ticket, as a text file: nothing is shortened. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from bot.desk import cards, history
from bot.desk.roster import Roster
from bot.desk.tickets import Event, Ticket
from bot.texts import say
from knowledge.types import Lang


def whole(
    ticket: Ticket, events: Sequence[Event], *, language: Lang, roster: Roster, zone: tzinfo
) -> str:
    """The question, every passage in full, the similar tickets, the history."""
    head = "".join(span.text for span in cards.head(ticket, language, zone))
    parts = [head.strip(), ticket.question, ticket.evidence.text]
    for number, lead in enumerate(ticket.evidence.leads, start=1):
        source = f"{number}. {lead.title} {lead.address}".rstrip()
        parts.append("\n".join(one for one in (source, lead.quote, lead.source) if one))
    for one in ticket.evidence.similar:
        name = say(language, "No. {id}", id=one.ticket_id)
        parts.append(f"{name} {one.question}\n→ {one.reply}")
    parts.append("\n".join(_event(event, language, roster, zone) for event in events))
    return "\n\n".join(part for part in parts if part) + "\n"


def _event(event: Event, language: Lang, roster: Roster, zone: tzinfo) -> str:
    who = history.who(event.who, roster, language)
    what, why = history.what(event.what, language), history.why(event.why, language)
    said = " · ".join(one for one in (why, event.text) if one)
    return f"{event.at.astimezone(zone):%Y-%m-%d %H:%M} {who} {what} {said}".rstrip()
