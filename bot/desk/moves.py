"""
What may happen to a ticket: one table of moves, and the moves themselves.

Pure: no clock, no storage, no sending. A move either gives the ticket as it is afterwards, or
raises a TicketError (IllegalTransition, HeldByAnother, ReasonMissing) and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum, auto
from typing import Final

from bot.desk.tickets import ACTIVE, DONE, HELD, QUEUED, Agent, State, Ticket, TicketKind
from bot.errors import (
    DisclosureRefused,
    HeldByAnother,
    IllegalTransition,
    ReasonMissing,
    ReviewRefused,
)


class Move(StrEnum):
    """What is done to a ticket; the word stands in the audit log."""

    OPEN = "opened"
    TRIAGE = "triaged"  # given to a department
    TRANSFER = "transferred"  # to another department
    RETURN = "returned"  # not for this department: back to where it is sorted
    CLAIM = "claimed"
    TAKE_OVER = "taken over"  # by a supervisor, from whoever holds it
    RELEASE = "released"  # by its holder
    LAPSE = "lapsed"  # the holder did nothing for too long
    CONSULT = "consulting"  # other departments are asked
    CONSULTED = "consulted"  # the last of them has answered
    ASK = "asked back"  # the citizen is asked
    SUBMIT = "submitted"  # a reply, for review; another one takes its place
    REJECT = "rejected"  # that reply
    ANSWER = "replied"
    CLOSE = "closed"  # by staff
    MERGE = "merged"
    SPLIT = "split off"  # what it was merged into is withdrawn: it waits by itself again
    ARCHIVE = "archived"  # by time
    REOPEN = "opened again"  # by staff: what is closed is to be answered anew
    ADD = "asked"  # the citizen adds something
    RATE = "rated"
    PRESS = "pressed"  # 催办: the citizen asks where it stays
    WITHDRAW = "withdrawn"
    PAUSE = "paused"  # the clock
    RESUME = "resumed"
    EXTEND = "extended"


class Who(StrEnum):
    """Whose move it is."""

    HOLDER = auto()  # whoever holds it; where nobody does, anybody
    ANYBODY = auto()  # of staff
    SUPERVISOR = auto()
    REVIEWER = auto()  # and not who wrote the reply
    CITIZEN = auto()
    SYSTEM = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    sources: frozenset[State]
    to: State | None = None  # None: it stays where it is; OPEN: back to its queue
    who: Who = Who.HOLDER
    reason: bool = False  # whether one must be given


MOVES: Final[Mapping[Move, Rule]] = {
    Move.TRIAGE: Rule(sources=QUEUED, to=State.TRIAGED, who=Who.ANYBODY),
    Move.TRANSFER: Rule(sources=ACTIVE, to=State.TRIAGED, reason=True),
    Move.RETURN: Rule(sources=ACTIVE, to=State.OPEN, reason=True),
    Move.CLAIM: Rule(sources=QUEUED, to=State.CLAIMED),
    Move.TAKE_OVER: Rule(sources=HELD, to=State.CLAIMED, who=Who.SUPERVISOR, reason=True),
    Move.RELEASE: Rule(sources=HELD, to=State.OPEN),
    Move.LAPSE: Rule(sources=HELD, to=State.OPEN, who=Who.SYSTEM),
    Move.CONSULT: Rule(sources=frozenset({State.CLAIMED, State.CONSULTING}), to=State.CONSULTING),
    Move.CONSULTED: Rule(sources=frozenset({State.CONSULTING}), to=State.CLAIMED, who=Who.ANYBODY),
    Move.ASK: Rule(sources=frozenset({State.CLAIMED, State.ASKED}), to=State.ASKED),
    Move.SUBMIT: Rule(sources=ACTIVE | {State.ANSWERED, State.RATED}, to=State.REVIEWING),
    Move.REJECT: Rule(
        sources=frozenset({State.REVIEWING}), to=State.CLAIMED, who=Who.REVIEWER, reason=True
    ),
    Move.ANSWER: Rule(sources=ACTIVE | {State.ANSWERED, State.RATED}, to=State.ANSWERED),
    Move.CLOSE: Rule(sources=ACTIVE | {State.ANSWERED, State.RATED}, to=State.ARCHIVED),
    Move.MERGE: Rule(sources=ACTIVE, to=State.MERGED),
    Move.SPLIT: Rule(sources=frozenset({State.MERGED}), to=State.OPEN, who=Who.SYSTEM),
    Move.ARCHIVE: Rule(
        sources=frozenset({State.ANSWERED, State.RATED}), to=State.ARCHIVED, who=Who.SYSTEM
    ),
    Move.REOPEN: Rule(
        sources=frozenset({State.ARCHIVED}), to=State.CLAIMED, who=Who.ANYBODY, reason=True
    ),
    Move.ADD: Rule(sources=frozenset(State) - {State.MERGED}, who=Who.CITIZEN),
    Move.RATE: Rule(
        sources=frozenset({State.ANSWERED, State.RATED, State.ARCHIVED}),
        to=State.RATED,
        who=Who.CITIZEN,
    ),
    Move.PRESS: Rule(sources=ACTIVE, who=Who.CITIZEN),
    Move.WITHDRAW: Rule(sources=ACTIVE, to=State.WITHDRAWN, who=Who.CITIZEN),
    Move.PAUSE: Rule(sources=ACTIVE, reason=True),
    Move.RESUME: Rule(sources=ACTIVE),
    Move.EXTEND: Rule(sources=ACTIVE, reason=True),
}


def apply(
    ticket: Ticket, move: Move, *, at: datetime, by: Agent | None = None, why: str = ""
) -> Ticket:
    """
    The ticket after a move.

    `by` is the member of staff, None for the citizen and for the system. Roles are the desk's
    to look at (desk.py): this is about what the ticket itself allows.
    """
    rule = MOVES[move]
    if ticket.state not in rule.sources:
        raise IllegalTransition(ticket.id, now=ticket.state, wanted=move)
    if rule.who is Who.HOLDER and by is not None:
        require_holder(ticket, by)
    if rule.reason and not why.strip():
        raise ReasonMissing(ticket.id)
    state = ticket.state if rule.to is None else _placed(ticket, rule.to)
    return _let_go(replace(ticket, state=state, changed=at))


def require_holder(ticket: Ticket, by: Agent) -> None:
    """Raise HeldByAnother if somebody else has the ticket."""
    if ticket.holder is not None and ticket.holder.id != by.id:
        raise HeldByAnother(ticket.id, ticket.holder.name)


def claim(ticket: Ticket, *, by: Agent, at: datetime) -> Ticket:
    """Take a ticket from the queue. Claiming what one holds already changes nothing."""
    require_holder(ticket, by)
    if ticket.state is State.CLAIMED:
        return ticket
    return replace(apply(ticket, Move.CLAIM, at=at, by=by), holder=by, assigned=None)


def answer(ticket: Ticket, *, reply: str, by: Agent, at: datetime) -> Ticket:
    """Reply to the citizen; what nobody holds is theirs then."""
    answered = apply(ticket, Move.ANSWER, at=at, by=by)
    return replace(answered, holder=by, assigned=None, reply=reply)


def submit(ticket: Ticket, *, by: Agent, at: datetime) -> Ticket:
    """A reply is to be reviewed; what nobody holds is theirs then."""
    return replace(apply(ticket, Move.SUBMIT, at=at, by=by), holder=by, assigned=None)


def give(
    ticket: Ticket, department: str, *, at: datetime, by: Agent | None = None, why: str = ""
) -> Ticket:
    """To a department: sorted for the first time, or handed on, which needs a reason."""
    given = apply(ticket, giving(ticket), at=at, by=by, why=why)
    return replace(given, department=department, assigned=None)


def giving(ticket: Ticket) -> Move:
    """The move that giving it to a department is."""
    known = ticket.department or ticket.holder is not None
    return Move.TRANSFER if known else Move.TRIAGE


def hand_back(ticket: Ticket, *, at: datetime, by: Agent | None, why: str) -> Ticket:
    """It is not for this department: back to where tickets are sorted."""
    returned = apply(ticket, Move.RETURN, at=at, by=by, why=why)
    return replace(returned, state=State.OPEN, department="", assigned=None)


def take_over(ticket: Ticket, *, by: Agent, at: datetime, why: str) -> Ticket:
    """A supervisor takes it from whoever holds it."""
    return replace(apply(ticket, Move.TAKE_OVER, at=at, by=by, why=why), holder=by)


def reopen(ticket: Ticket, *, by: Agent, at: datetime, why: str) -> Ticket:
    """What is closed is theirs again: the reply was wrong, or a court wants another one."""
    return replace(apply(ticket, Move.REOPEN, at=at, by=by, why=why), holder=by)


def merge(ticket: Ticket, into: Ticket, *, by: Agent | None, at: datetime) -> Ticket:
    """
    Raise IllegalTransition where the other one is the same, or nobody answers it, and
    DisclosureRefused for a request for information: whoever makes one is owed a letter.
    """
    for one in (ticket, into):
        if one.kind is TicketKind.DISCLOSURE:
            raise DisclosureRefused(
                "No. {id} is a request for information; it is merged with nothing.", id=one.id
            )
    silent = into.state in {State.MERGED, State.WITHDRAWN}
    closed = into.state is State.ARCHIVED and not into.reply
    if into.id == ticket.id or silent or closed:
        raise IllegalTransition(into.id, now=into.state, wanted=Move.MERGE)
    return replace(apply(ticket, Move.MERGE, at=at, by=by), merged_into=into.id)


def share_care(ticket: Ticket, into: Ticket) -> Ticket:
    """
    The other one after a merge: a second person looks at the reply to both of them.

    Raise ReviewRefused where it was answered without one.
    """
    if not ticket.sensitive or into.sensitive:
        return into
    if into.state not in ACTIVE:
        raise ReviewRefused(
            "No. {other} was answered without a second person, whom No. {id} needs.",
            id=ticket.id,
            other=into.id,
        )
    return replace(into, sensitive=True)


def split(ticket: Ticket, *, at: datetime) -> Ticket:
    """What it was merged into will not be answered: back to its queue."""
    return replace(apply(ticket, Move.SPLIT, at=at), merged_into=None)


def add(ticket: Ticket, *, at: datetime) -> Ticket:
    """
    The citizen adds something: on with whoever holds it, or back to the queue.

    Who answered before is asked to take it again.
    """
    added = apply(ticket, Move.ADD, at=at)
    if ticket.state is State.ASKED:
        return replace(added, state=State.CLAIMED)
    if ticket.state in ACTIVE:
        return added
    queued = replace(added, state=_placed(ticket, State.OPEN), holder=None, lease=None)
    return replace(queued, assigned=ticket.holder or ticket.assigned)


def rate(
    ticket: Ticket, *, at: datetime, understood: bool | None = None, solved: bool | None = None
) -> Ticket:
    """What the citizen says of the reply; one of the two may be said later."""
    return replace(
        apply(ticket, Move.RATE, at=at),
        understood=ticket.understood if understood is None else understood,
        solved=ticket.solved if solved is None else solved,
    )


def _placed(ticket: Ticket, to: State) -> State:
    """A queue is the department's, where there is one."""
    return State.TRIAGED if to is State.OPEN and ticket.department else to


def _let_go(ticket: Ticket) -> Ticket:
    """Nobody holds what waits in a queue or is done; whoever answered last stays known."""
    if ticket.state in HELD or ticket.state in {State.ANSWERED, State.RATED}:
        return ticket
    assigned = None if ticket.state in DONE else ticket.assigned
    return replace(ticket, holder=None, lease=None, assigned=assigned)
