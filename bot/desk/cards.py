"""What staff see of a ticket: one card, edited in place. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from typing import Final

from bot.desk import cutting
from bot.desk.card_buttons import buttons, passages
from bot.desk.cutting import cut, fitted, units
from bot.desk.disclosure.card import Shown, lines
from bot.desk.mentions import mention
from bot.desk.roster import OPEN, Roster
from bot.desk.tickets import (
    QUEUED,
    Evidence,
    Lead,
    SimilarTicket,
    State,
    Ticket,
    TicketKind,
)
from bot.render import NAMES, Page
from bot.texts import say
from bot.types import Citation, Outcome, Reason, RichText, Span, Style
from index.types import Found
from knowledge.types import Lang

LONGEST_CARD: Final = 4096  # units; Telegram's limit of a message
LONGEST_EVIDENCE: Final = 160  # units of a passage on a card
LONGEST_TOPIC: Final = 60  # units of a question
LONGEST_SOURCE: Final = 100  # units of a title with the clause
MOST_LEADS: Final = 3  # passages that came near
STATES: Final = {
    State.OPEN: "waiting",
    State.TRIAGED: "waiting in its department",
    State.CLAIMED: "being handled",
    State.CONSULTING: "waiting for other departments",
    State.ASKED: "waiting for the citizen",
    State.REVIEWING: "reply under review",
    State.ANSWERED: "answered",
    State.RATED: "answered and rated",
    State.ARCHIVED: "closed",
    State.WITHDRAWN: "withdrawn",
    State.MERGED: "merged with another one",
}
TICKET_KINDS: Final = {
    TicketKind.CONSULTATION: "question",
    TicketKind.COMPLAINT: "complaint",
    TicketKind.SUGGESTION: "suggestion",
    TicketKind.DISCLOSURE: "disclosure request",
}
REASONS: Final = {
    Reason.NOTHING_FOUND: "nothing found",
    Reason.UNSURE: "not sure enough",
    Reason.NONE_FITTED: "wanted none of the passages offered",
    Reason.OUTDATED: "only outdated documents",
    Reason.NO_SUCH_CLAUSE: "no such clause in the document named",
    Reason.CONFLICT: "two documents in force disagree",
    Reason.NOT_READY: "search not available",
    Reason.ASKED_FOR_PERSON: "asked for a person",
    Reason.LOW_RATING: "the answer was no help",
    Reason.FAILED: "an error on our side",
}


@dataclass(frozen=True, slots=True)
class Room:
    """How much of the long parts a card shows, in units."""

    question: int
    reply: int


ROOMY: Final = Room(1600, 1000)
NARROW: Final = Room(600, 300)  # where that is too long


def plain(text: str) -> RichText:
    return (Span(text),)


def key(ticket_id: int) -> str:
    return f"ticket:{ticket_id}"


def topic(ticket: Ticket, language: Lang) -> str:
    """The name of its topic in a forum."""
    number = say(language, "No. {id}", id=ticket.id)
    return f"{number} · {cutting.line(ticket.question, LONGEST_TOPIC)}"


def card(
    ticket: Ticket,
    *,
    language: Lang,
    roster: Roster = OPEN,
    clock: Sequence[str] = (),
    consulted: Sequence[str] = (),
    request: Shown | None = None,
    zone: tzinfo = UTC,
) -> Page:
    """
    The card of a ticket as it stands now: at most LONGEST_CARD units, and its buttons.

    `clock` says when it is due (notices.clock_lines), `consulted` what other departments are asked
    (consultation_pages.lines), `request` what is registered of a request for information; times
    are told in `zone`.
    """
    owed = request is not None and request.request.owes_letter
    top, foot = head(ticket, language, zone), () if owed else _foot(ticket, language)
    registered = lines(request, ticket, language=language) if request else ()
    middle = [
        *_department(ticket, language, roster),
        *(Span(f"\n{line}") for line in registered),
        *(Span(f"\n{line}", Style.BOLD) for line in clock),
        *(Span(f"\n{line}") for line in consulted),
        *(Span(f"\n{part}") for part in evidence_lines(_known(ticket), language=language)),
    ]
    room = ROOMY
    body = (*top, *_question(ticket, room), *middle, *_reply(ticket, room, language))
    if _units((*body, *foot)) > LONGEST_CARD:
        room = NARROW
        body = (*top, *_question(ticket, room), *middle, *_reply(ticket, room, language))
    cuts = units(ticket.question) > room.question or units(ticket.reply or "") > room.reply
    if cuts or _units((*body, *foot)) > LONGEST_CARD:
        note = say(language, "Shortened; “Everything” has the rest.")
        foot = (Span(f"\n{note}", Style.ITALIC), *foot)
    body = (*fitted(body, LONGEST_CARD - _units(foot)), *foot)
    keys = buttons(ticket, language=language, roster=roster, request=request)
    return Page(body, keys)


def _known(ticket: Ticket) -> Evidence:
    """A request for information is merged with nothing, whatever asks the same."""
    if ticket.kind is not TicketKind.DISCLOSURE:
        return ticket.evidence
    return replace(ticket.evidence, duplicate=None)


def _foot(ticket: Ticket, language: Lang) -> RichText:
    if ticket.state not in QUEUED | {State.CLAIMED}:
        return ()
    return (Span("\n" + say(language, "To answer, reply to this message.")),)


def _units(body: RichText) -> int:
    return sum(units(span.text) for span in body)


def head(ticket: Ticket, language: Lang, zone: tzinfo) -> Sequence[Span]:
    """Number, kind and state, then why staff have it."""
    state = say(language, STATES[ticket.state])
    holder = f" · {ticket.holder.name}" if ticket.holder else ""
    reason = say(language, REASONS.get(ticket.reason, ticket.reason))
    spoken = say(language, NAMES[ticket.language])
    number = say(language, "No. {id}", id=ticket.id)
    kind = say(language, TICKET_KINDS[ticket.kind])
    opened = f"{ticket.opened.astimezone(zone):%Y-%m-%d %H:%M}{' UTC' if zone is UTC else ''}"
    return (
        Span(f"{number} · {kind} · {state}{holder}", Style.BOLD),
        Span(f"\n{reason} · {spoken} · {opened}\n"),
    )


def _question(ticket: Ticket, room: Room) -> Sequence[Span]:
    return (Span(cut(ticket.question, room.question), Style.QUOTE),)


def _reply(ticket: Ticket, room: Room, language: Lang) -> Sequence[Span]:
    if not ticket.reply:
        return ()
    return (
        Span("\n" + say(language, "Reply:") + "\n"),
        Span(cut(ticket.reply, room.reply), Style.QUOTE),
    )


def _department(ticket: Ticket, language: Lang, roster: Roster) -> Sequence[Span]:
    """Where it is, or seems to belong, and who is asked to take it."""
    suggested = ticket.evidence.suggested
    found = []
    if ticket.department:
        found.append(Span(f"\n{roster.name(ticket.department)}"))
    elif suggested is not None and ticket.state is State.OPEN:
        text = "Probably for {department}: {why}"
        name = roster.name(suggested.department)
        found.append(Span("\n" + say(language, text, department=name, why=suggested.why)))
    return [*found, *_asked(ticket, language, roster)] if ticket.state in QUEUED else found


def _asked(ticket: Ticket, language: Lang, roster: Roster) -> Sequence[Span]:
    """A mention, where the platform can: whoever is asked is told."""
    if ticket.assigned is not None:
        who = mention(roster.known(ticket.assigned))
        return [Span("\n" + say(language, "Asked to take it:") + " "), who]
    opens = ticket.evidence.opens if ticket.state is State.TRIAGED else ""
    if opens:
        text = "Nobody is there until {time}."
        return [Span("\n" + say(language, text, time=opens))]
    return []


def follow_up(ticket: Ticket, text: str, *, language: Lang) -> Page:
    """The citizen added something to a ticket; the card above has the rest."""
    head = say(language, "No. {id}: the citizen adds", id=ticket.id)
    return Page((Span(head, Style.BOLD), Span("\n"), Span(text, Style.QUOTE)))


def evidence(
    outcome: Outcome,
    *,
    near: Sequence[Lead] = (),
    offered: Sequence[Citation] = (),
) -> Evidence:
    """What the index knew, for whoever answers: what the citizen saw, then what came near."""
    shown = [replace(_lead(citation), offered=True) for citation in offered]
    found = [_lead(citation) for citation in outcome.citations]
    known = {lead.passage_id for lead in found}
    found += [lead for lead in near if lead.passage_id not in known]
    return Evidence(leads=(*shown, *found[:MOST_LEADS]), release=outcome.release)


def near_misses(found: Found | None) -> tuple[Lead, ...]:
    """What came nearest to an answer, with how likely it seemed."""
    return tuple(
        Lead(
            passage_id=hit.passage.id,
            document_id=hit.document.id,
            title=hit.document.title,
            address=" ".join(hit.passage.address),
            quote=hit.passage.text,
            issuer=hit.document.issuer,
            source=hit.document.source,
            probability=hit.probability,
        )
        for hit in (found.hits[:MOST_LEADS] if found else ())
    )


def evidence_lines(of: Evidence, *, language: Lang) -> Sequence[str]:
    """The evidence in a few lines; as it was written where it is from an older version."""
    if of.text:
        return [of.text]
    lines = [(lead, f"{number}. {_line(lead)}") for number, lead in passages(of)]
    shown = [line for lead, line in lines if lead.offered]
    found = [line for lead, line in lines if not lead.offered]
    parts = (
        _list(say(language, "Passages that the citizen was shown:"), shown),
        _list(say(language, "Nearest passages:"), found),
        _list(
            say(language, "Answered before:"),
            [f"· {_answered(one, language)}" for one in of.similar],
        ),
        _duplicate(of, language),
    )
    return [part for part in parts if part]


def _lead(citation: Citation) -> Lead:
    return Lead(
        passage_id=citation.passage_id,
        document_id=citation.document_id,
        title=citation.title,
        address=citation.address,
        quote=citation.quote,
        issuer=citation.issuer,
        source=citation.source,
    )


def _list(head: str, lines: Sequence[str]) -> str:
    return head + "".join(f"\n{line}" for line in lines) if lines else ""


def _line(lead: Lead) -> str:
    likely = "" if lead.probability is None else f"{lead.probability:.0%} "
    source = cut(f"{lead.title} {lead.address}".strip(), LONGEST_SOURCE)
    return f"{likely}{source}: {_short(bare(lead.quote, lead.title, lead.address))}"


def bare(quote: str, title: str, address: str) -> str:
    """
    The quote without the title and headings that it begins with: they stand before it already.

    All of it where nothing else would be left: a clause may be its own heading.
    """
    left = quote.lstrip().removeprefix(title)
    for word in address.split():
        left = left.lstrip().removeprefix(word)
    return left if any(map(str.isalnum, left)) else quote


def _answered(one: SimilarTicket, language: Lang) -> str:
    number = say(language, "No. {id}", id=one.ticket_id)
    return f"{number} {_short(one.question)} → {_short(one.reply)}"


def _duplicate(of: Evidence, language: Lang) -> str:
    if of.duplicate is None:
        return ""
    return say(language, "No. {id} asks the same and waits; merge them.", id=of.duplicate)


def _short(text: str) -> str:
    return cutting.line(text, LONGEST_EVIDENCE)
