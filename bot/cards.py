"""What staff see of a ticket: one card, edited in place. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.actions import Action, Verb
from bot.render import NAMES, Page
from bot.texts import say
from bot.tickets import State, Ticket, TicketKind
from bot.types import Button, Citation, Outcome, Reason, RichText, Span, Style
from index.types import Found
from knowledge.types import Lang

LONGEST_EVIDENCE: Final = 160  # characters of a passage on a card
MOST_LINES: Final = 3  # passages that came near
STATES: Final = {
    State.OPEN: "waiting",
    State.CLAIMED: "being handled",
    State.ANSWERED: "answered",
    State.CLOSED: "closed",
}
TICKET_KINDS: Final = {
    TicketKind.CONSULTATION: "question",
    TicketKind.COMPLAINT: "complaint",
    TicketKind.SUGGESTION: "suggestion",
}
REASONS: Final = {
    Reason.NOTHING_FOUND: "nothing found",
    Reason.UNSURE: "not sure enough",
    Reason.NONE_FITTED: "wanted none of the passages offered",
    Reason.OUTDATED: "only outdated documents",
    Reason.NO_SUCH_CLAUSE: "no such clause in the document named",
    Reason.NOT_READY: "search not available",
    Reason.ASKED_FOR_PERSON: "asked for a person",
    Reason.FAILED: "an error on our side",
}


def plain(text: str) -> RichText:
    return (Span(text),)


def key(ticket_id: int) -> str:
    return f"ticket:{ticket_id}"


def card(ticket: Ticket, *, language: Lang) -> Page:
    """The card of a ticket as it stands now."""
    state = say(language, STATES[ticket.state])
    holder = f" · {ticket.holder.name}" if ticket.holder else ""
    reason = say(language, REASONS.get(ticket.reason, ticket.reason))
    spoken = say(language, NAMES[ticket.language])
    number = say(language, "No. {id}", id=ticket.id)
    kind = say(language, TICKET_KINDS[ticket.kind])
    spans = [
        Span(f"{number} · {kind} · {state}{holder}", Style.BOLD),
        Span(f"\n{reason} · {spoken} · {ticket.opened:%Y-%m-%d %H:%M} UTC\n"),
        Span(ticket.question, Style.QUOTE),
    ]
    if ticket.evidence:
        spans.append(Span(f"\n{ticket.evidence}"))
    if ticket.reply:
        spans += [Span("\n" + say(language, "Reply:") + "\n"), Span(ticket.reply, Style.QUOTE)]
    if ticket.state in {State.OPEN, State.CLAIMED}:
        spans.append(Span("\n" + say(language, "To answer, reply to this message.")))
    return Page(tuple(spans), _buttons(ticket, language))


def _buttons(ticket: Ticket, language: Lang) -> tuple[tuple[Button, ...], ...]:
    def button(label: str, verb: Verb) -> Button:
        return Button(say(language, label), str(Action(verb, ticket.id)))

    match ticket.state:
        case State.OPEN:
            return ((button("Claim", Verb.CLAIM), button("Close", Verb.CLOSE)),)
        case State.CLAIMED:
            reply, release = button("Reply", Verb.REPLY), button("Release", Verb.RELEASE)
            return ((reply, release, button("Close", Verb.CLOSE)),)
        case State.ANSWERED:
            return ((button("Reply again", Verb.REPLY), button("Close", Verb.CLOSE)),)
        case State.CLOSED:
            return ()


def follow_up(ticket: Ticket, text: str, *, language: Lang) -> Page:
    """The citizen added something to a ticket; the card above has the rest."""
    head = say(language, "No. {id}: the citizen adds", id=ticket.id)
    return Page((Span(head, Style.BOLD), Span("\n"), Span(text, Style.QUOTE)))


def evidence(
    outcome: Outcome,
    *,
    language: Lang,
    near: tuple[str, ...] = (),
    offered: tuple[Citation, ...] = (),
) -> str:
    """What the index found, in a few lines, for whoever answers."""
    seen = [_line(citation) for citation in offered]
    lines = [_line(citation) for citation in outcome.citations]
    lines += [line for line in near if line not in lines]
    parts = (
        _list(say(language, "Passages that the citizen was offered:"), seen),
        _list(say(language, "Nearest passages:"), lines[:MOST_LINES]),
    )
    return "\n".join(part for part in parts if part)


def _list(head: str, lines: Sequence[str]) -> str:
    return head + "".join(f"\n· {line}" for line in lines) if lines else ""


def _line(citation: Citation) -> str:
    return f"{citation.title} {citation.address}: {_short(citation.quote)}"


def near_misses(found: Found | None) -> tuple[str, ...]:
    """What came nearest to an answer, with how likely it seemed."""
    return tuple(
        f"{hit.probability:.0%} {hit.document.title} {' '.join(hit.passage.address)}: "
        f"{_short(hit.passage.text)}"
        for hit in (found.hits[:MOST_LINES] if found else ())
    )


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST_EVIDENCE else flat[: LONGEST_EVIDENCE - 1] + "…"
