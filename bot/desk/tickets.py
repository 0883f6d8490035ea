"""A ticket: what a citizen put before staff, and how far it has come. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.types import Address, Reason
from knowledge.types import Lang


class State(StrEnum):
    OPEN = "open"  # waits for a department
    TRIAGED = "triaged"  # waits for somebody of its department
    CLAIMED = "claimed"  # one member of staff is on it
    CONSULTING = "consulting"  # its holder waits for other departments
    ASKED = "asked"  # its holder waits for the citizen
    REVIEWING = "reviewing"  # a second person looks at the reply before it goes out
    ANSWERED = "answered"  # a reply went out
    RATED = "rated"  # the citizen said what the reply was worth
    ARCHIVED = "archived"  # done, with or without a reply
    WITHDRAWN = "withdrawn"  # the citizen does not want it any more
    MERGED = "merged"  # the same as another one, where it is answered


QUEUED: Final = frozenset({State.OPEN, State.TRIAGED})
HELD: Final = frozenset({State.CLAIMED, State.CONSULTING, State.ASKED, State.REVIEWING})
ACTIVE: Final = QUEUED | HELD  # staff owe something
DONE: Final = frozenset(State) - ACTIVE


class TicketKind(StrEnum):
    CONSULTATION = "consultation"  # a question
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    DISCLOSURE = "disclosure"  # 依申请公开: a request for information that is not published


@dataclass(frozen=True, slots=True)
class Agent:
    """A member of staff."""

    id: str  # "telegram:4711", "terminal:wang"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A passage that may help whoever answers."""

    passage_id: str
    document_id: str
    title: str
    address: str  # "第二章 第十四条"
    quote: str  # word for word
    issuer: str = ""
    source: str = ""
    probability: float | None = None  # that it answers the question; None: not judged
    offered: bool = False  # the citizen was shown it, and it was not enough


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarTicket:
    """A ticket about the like, with its answer."""

    ticket_id: int
    question: str  # the beginning
    reply: str  # the beginning
    score: float  # 0 to 1; see similar.py


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Which department a ticket seems to be for."""

    department: str  # its key in the roster
    why: str  # as staff read it
    certain: bool = False  # a rule of the roster says so, and no other one speaks against it


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was known when the ticket was opened."""

    leads: tuple[Lead, ...] = ()  # best first
    release: str = ""
    text: str = ""  # of tickets from before leads were kept
    suggested: Suggestion | None = None
    similar: tuple[SimilarTicket, ...] = ()  # answered ones, the most alike first
    duplicate: int | None = None  # another citizen's ticket that asks the same, and waits
    opens: str = ""  # nobody of its department was there; when somebody is, at the bureau


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """
    What is due when, and what came of it. Times are aware.

    A clock that stands (`paused`) has no due times: what was left of them is added again when
    it goes on. See clocks.py.
    """

    first: datetime | None = None  # the first word of a person
    next: datetime | None = None  # a word to a citizen who wrote again
    resolution: datetime | None = None  # the answer
    responded: datetime | None = None  # when the first word went out
    resolved: datetime | None = None  # when the first answer went out
    paused: datetime | None = None  # since when nothing is due
    extended: datetime | None = None  # when the resolution was put off, which is done once
    warned: datetime | None = None  # when staff were told that a due time comes near
    escalated: datetime | None = None  # when the supervisor was told that it has passed
    presses: int = 0  # how often the citizen asked where it stays
    pressed: datetime | None = None  # when last

    @property
    def due(self) -> datetime | None:
        """The next thing due; None if nothing is."""
        if self.paused is not None:
            return None
        first = None if self.responded or self.resolved else self.first
        resolution = None if self.resolved else self.resolution
        return min((at for at in (first, self.next, resolution) if at), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A ticket before it has a number."""

    message_id: str  # of the question; one ticket a message
    asked_from: Address
    question: str
    language: Lang
    reason: Reason
    kind: TicketKind = TicketKind.CONSULTATION
    evidence: Evidence = Evidence()
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
    evidence: Evidence = Evidence()
    opened: datetime
    changed: datetime
    department: str = ""  # its key in the roster; empty: none yet
    sensitive: bool = False  # a second person sees the reply first
    holder: Agent | None = None
    assigned: Agent | None = None  # who is asked to take it; anybody of the department may
    lease: datetime | None = None  # until when the holder keeps it without a move
    reply: str | None = None  # the last one
    merged_into: int | None = None
    thread: str | None = None  # the platform's id of its own topic in the staff room
    understood: bool | None = None  # what the citizen said of the reply
    solved: bool | None = None
    deadlines: Deadlines = Deadlines()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the audit log."""

    ticket_id: int | None = None  # None: about no ticket
    at: datetime
    who: str  # an agent's id, "citizen", or "system"
    what: str  # a move of moves.py, or another thing that was done
    why: str = ""
    text: str = ""  # what was said or written
