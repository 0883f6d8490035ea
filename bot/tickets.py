"""The life of an escalated question. Pure: no clock, no storage, no sending."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.errors import HeldByAnother, IllegalTransition
from bot.types import Address, Reason
from knowledge.types import Lang


class State(StrEnum):
    OPEN = "open"  # waiting for staff
    CLAIMED = "claimed"  # one member of staff is on it
    ANSWERED = "answered"  # a reply went out
    CLOSED = "closed"  # done, with or without a reply


class TicketKind(StrEnum):
    CONSULTATION = "consultation"  # a question
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"


NEXT: Final[Mapping[State, frozenset[State]]] = {
    State.OPEN: frozenset({State.CLAIMED, State.CLOSED}),
    State.CLAIMED: frozenset({State.OPEN, State.ANSWERED, State.CLOSED}),
    State.ANSWERED: frozenset({State.ANSWERED, State.OPEN, State.CLOSED}),
    State.CLOSED: frozenset({State.OPEN}),
}


@dataclass(frozen=True, slots=True)
class Agent:
    """A member of staff."""

    id: str  # "telegram:4711", "terminal:wang"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A ticket before it has a number."""

    message_id: str  # of the question; one ticket a message
    asked_from: Address
    question: str
    language: Lang
    reason: Reason
    kind: TicketKind = TicketKind.CONSULTATION
    evidence: str = ""  # what the index found, for staff to read
    opened: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    id: int
    version: int = 1  # for the store's compare-and-set
    state: State = State.OPEN
    message_id: str
    asked_from: Address
    question: str
    language: Lang
    reason: Reason
    kind: TicketKind = TicketKind.CONSULTATION
    evidence: str = ""
    opened: datetime
    changed: datetime
    holder: Agent | None = None
    reply: str | None = None  # the last one


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a ticket's history."""

    ticket_id: int
    at: datetime
    who: str  # an agent's id, or "citizen"
    what: str  # "opened", "claimed", "released", "replied", "closed", "asked"
    text: str = ""


def _move(ticket: Ticket, to: State, *, at: datetime) -> Ticket:
    if to not in NEXT[ticket.state]:
        raise IllegalTransition(ticket.id, now=ticket.state, wanted=to)
    return replace(ticket, state=to, changed=at)


def require_holder(ticket: Ticket, by: Agent) -> None:
    """Raise HeldByAnother if somebody else has the ticket."""
    if ticket.holder is not None and ticket.holder.id != by.id:
        raise HeldByAnother(ticket.id, ticket.holder.name)


def claim(ticket: Ticket, *, by: Agent, at: datetime) -> Ticket:
    """Take an open ticket. Claiming what one holds already changes nothing."""
    require_holder(ticket, by)
    if ticket.state is State.CLAIMED:
        return ticket
    return replace(_move(ticket, State.CLAIMED, at=at), holder=by)


def release(ticket: Ticket, *, by: Agent, at: datetime) -> Ticket:
    require_holder(ticket, by)
    return replace(_move(ticket, State.OPEN, at=at), holder=None)


def answer(ticket: Ticket, *, reply: str, by: Agent, at: datetime) -> Ticket:
    """Reply to the citizen; an open ticket is claimed on the way."""
    if ticket.state is State.OPEN:
        ticket = claim(ticket, by=by, at=at)
    require_holder(ticket, by)
    return replace(_move(ticket, State.ANSWERED, at=at), reply=reply)


def close(ticket: Ticket, *, by: Agent, at: datetime) -> Ticket:
    require_holder(ticket, by)
    return replace(_move(ticket, State.CLOSED, at=at), holder=None)


def reopen(ticket: Ticket, *, at: datetime) -> Ticket:
    """The citizen asks again: back to the queue, or on with whoever holds it."""
    if ticket.state in {State.OPEN, State.CLAIMED}:
        return replace(ticket, changed=at)
    return replace(_move(ticket, State.OPEN, at=at), holder=None)
