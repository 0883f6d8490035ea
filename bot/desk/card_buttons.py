"""What can be done to a ticket from its card, by its state. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.actions import Action, Verb
from bot.desk.disclosure.card import Shown
from bot.desk.roster import OPEN, Roster
from bot.desk.tickets import (
    ACTIVE,
    HELD,
    QUEUED,
    Evidence,
    Lead,
    State,
    Ticket,
    TicketKind,
)
from bot.texts import say
from bot.types import Button
from knowledge.types import Lang

LEAST_LIKELY: Final = 0.01  # that a passage answers; what is shown as 0 % helps nobody
MOST_PASSAGES: Final = 5  # that have a button
_ASKING: Final = frozenset({State.CLAIMED, State.CONSULTING})  # who may consult others
Row = tuple[Button, ...]


def passages(evidence: Evidence) -> Sequence[tuple[int, Lead]]:
    """Those that staff may want to see, with their places from 1: of the rest none is near."""
    return [
        (place, lead)
        for place, lead in enumerate(evidence.leads, start=1)
        if lead.offered or lead.probability is None or lead.probability >= LEAST_LIKELY
    ]


def buttons(
    ticket: Ticket, *, language: Lang, roster: Roster = OPEN, request: Shown | None = None
) -> tuple[Row, ...]:
    """`request` is what is registered of a request for information: it ends with a letter."""
    rows: Sequence[Row]
    if request is not None and request.request.owes_letter and ticket.state in ACTIVE:
        return tuple(row for row in _owing(ticket, request, language, roster) if row)
    match ticket.state:
        case State.OPEN | State.TRIAGED:
            rows = (*_waiting(ticket, language, roster), _replacing(ticket, request, language))
        case State.CLAIMED | State.ASKED | State.CONSULTING | State.REVIEWING:
            rows = (*_held(ticket, language, roster), _replacing(ticket, request, language))
        case State.ANSWERED | State.RATED:
            rows = (
                (*_again(ticket, request, language), _close(ticket, language)),
                _whole(ticket, language),
            )
        case State.ARCHIVED:
            reopen = Button(say(language, "Open again"), str(Action(Verb.REOPEN, ticket.id)))
            rows = (
                (reopen, *_replacing(ticket, request, language)),
                _whole(ticket, language),
            )
        case State.WITHDRAWN | State.MERGED:
            rows = (_whole(ticket, language),)
    return tuple(row for row in rows if row)


def _again(ticket: Ticket, request: Shown | None, language: Lang) -> Row:
    """One more word to the citizen; after a letter another letter, too."""
    if request is None:
        return (Button(say(language, "Reply again"), str(Action(Verb.REPLY, ticket.id))),)
    write = Button(say(language, "Write again"), str(Action(Verb.REPLY, ticket.id)))
    return (write, *_replacing(ticket, request, language))


def _replacing(ticket: Ticket, request: Shown | None, language: Lang) -> Row:
    """Where a letter is out, whatever became of its ticket since."""
    if request is None or request.request.answer is None:
        return ()
    return (Button(say(language, "Replace the letter"), str(Action(Verb.ANEW, ticket.id))),)


def _owing(ticket: Ticket, of: Shown, language: Lang, roster: Roster) -> Sequence[Row]:
    """Of a request whose letter is owed: what would be refused is not there."""

    def button(label: str, verb: Verb) -> Button:
        return Button(say(language, label), str(Action(verb, ticket.id)))

    request = of.request
    waits = ticket.state in QUEUED
    verb = Verb.DECIDE if request.answer is None else Verb.ANEW
    hearing = request.hearing is not None
    able = ticket.state in {State.CLAIMED, State.ASKED}
    correctable = of.correctable and (able or waits)
    anew = Button(say(language, "Reply with a letter"), str(Action(verb, ticket.id)))
    asks = (
        *((button("Ask for a correction", Verb.CORRECT),) if correctable else ()),
        *((button("Ask citizen", Verb.ASK),) if able else ()),
        *((button("Hear others", Verb.HEAR),) if ticket.deadlines.paused is None else ()),
        *((button("What they said", Verb.HEARD),) if hearing else ()),
    )
    consults = ticket.state in _ASKING and len(roster.departments) > 1
    return (
        _approving(of, language),
        (*((button("Claim", Verb.CLAIM),) if waits else ()), *(() if hearing else (anew,))),
        asks,
        (
            *_elsewhere(ticket, language, roster),
            *((button("Consult", Verb.CONSULT),) if consults else ()),
        ),
        () if hearing or request.waits_for_correction else _clock(ticket, language),
        (
            *(() if waits else (button("Release", Verb.RELEASE),)),
            *(() if waits else (button("Take over", Verb.TAKE_OVER),)),
            *_whole(ticket, language),
        ),
    )


def _approving(of: Shown, language: Lang) -> Row:
    """A letter that waits for a second person."""
    if of.review is None:
        return ()
    return (
        Button(say(language, "Approve letter"), str(Action(Verb.APPROVE, of.review))),
        Button(say(language, "Send back"), str(Action(Verb.REJECT, of.review))),
    )


def _waiting(ticket: Ticket, language: Lang, roster: Roster) -> Sequence[Row]:
    claim = Button(say(language, "Claim"), str(Action(Verb.CLAIM, ticket.id)))
    return (
        (claim, _close(ticket, language)),
        _passages(ticket, language),
        (*_elsewhere(ticket, language, roster), *_whole(ticket, language)),
    )


def _held(ticket: Ticket, language: Lang, roster: Roster) -> Sequence[Row]:
    def button(label: str, verb: Verb) -> Button:
        return Button(say(language, label), str(Action(verb, ticket.id)))

    ask = button("Ask citizen", Verb.ASK)
    consult = (button("Consult", Verb.CONSULT),) if len(roster.departments) > 1 else ()
    able = ticket.state in {State.CLAIMED, State.ASKED}
    return (
        (button("Reply", Verb.REPLY), *((ask,) if able else ()), button("Draft", Verb.DRAFT)),
        _passages(ticket, language),
        (*_elsewhere(ticket, language, roster), *(consult if ticket.state in _ASKING else ())),
        _clock(ticket, language),
        (
            button("Release", Verb.RELEASE),
            button("Take over", Verb.TAKE_OVER),
            _close(ticket, language),
            *_whole(ticket, language),
        ),
    )


def _close(ticket: Ticket, language: Lang) -> Button:
    return Button(say(language, "Close"), str(Action(Verb.CLOSE, ticket.id)))


def publish(ticket: Ticket, language: Lang) -> Row:
    """Where its reply may become an answer for everybody."""
    action = Action(Verb.PUBLISH, ticket.id)
    return (Button(say(language, "Propose to publish"), str(action)),)


def _whole(ticket: Ticket, language: Lang) -> Row:
    return (Button(say(language, "Everything"), str(Action(Verb.WHOLE, ticket.id))),)


def _passages(ticket: Ticket, language: Lang) -> Row:
    """One for each passage on the card, by its number there."""
    return tuple(
        Button(say(language, "Use {number}", number=n), str(Action(Verb.QUOTE, ticket.id, n)))
        for n, _ in passages(ticket.evidence)[:MOST_PASSAGES]
    )


def _elsewhere(ticket: Ticket, language: Lang, roster: Roster) -> Row:
    """To another department, or into another ticket: not what ends with a letter."""
    give = Button(say(language, "Transfer"), str(Action(Verb.TRANSFER, ticket.id)))
    giving = () if roster.is_open else (give,)
    if ticket.kind is TicketKind.DISCLOSURE:
        return giving
    duplicate = ticket.evidence.duplicate
    into = Action(Verb.MERGE, ticket.id, duplicate)
    merge = (
        Button(say(language, "Merge"), str(into))
        if duplicate is None
        else Button(say(language, "Merge into {id}", id=duplicate), str(into))
    )
    return (*giving, merge)


def _clock(ticket: Ticket, language: Lang) -> Row:
    """Only requests for disclosure have a clock that may be stopped or put off by law."""
    if ticket.kind is not TicketKind.DISCLOSURE or ticket.state not in HELD:
        return ()
    now = ticket.deadlines
    pause = Button(say(language, "Stop the clock"), str(Action(Verb.PAUSE, ticket.id)))
    resume = Button(say(language, "Start the clock"), str(Action(Verb.RESUME, ticket.id)))
    extend = Button(say(language, "Extend"), str(Action(Verb.EXTEND, ticket.id)))
    return (resume if now.paused else pause, *(() if now.extended else (extend,)))
