"""The register of requests as staff look through it, and as a file. Pure; never who asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.desk import cards
from bot.desk.disclosure import card
from bot.desk.disclosure.card import Shown
from bot.desk.disclosure.casebook import Case
from bot.desk.disclosure.pages import CHOICES
from bot.desk.disclosure.results import RULES
from bot.desk.reports.written import rows_as_csv
from bot.desk.tickets import ACTIVE, Agent
from bot.texts import say
from knowledge.types import Lang


class Part(StrEnum):
    """Which requests of the register."""

    OWED = "owed"  # a letter, or another word
    LATE = "late"  # of those, after the day that the law gives
    MINE = "mine"
    DONE = "done"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A request in words."""

    number: str
    ticket: int
    received: date
    wanted: str
    applicant: str  # which kind
    state: str
    due: date | None  # by law; None: no letter is owed, or the clock stands
    is_late: bool
    next: Sequence[str]
    result: str
    holder: str


def belongs(case: Case, part: Part, agent: Agent, *, at: datetime) -> bool:
    active = case.ticket.state in ACTIVE
    match part:
        case Part.OWED:
            return active
        case Part.LATE:
            return _is_late(case, at)
        case Part.MINE:
            return active and case.ticket.holder is not None and case.ticket.holder.id == agent.id
        case Part.DONE:
            return not active
        case Part.ALL:
            return True


def line(case: Case, *, at: datetime, language: Lang) -> Line:
    """`at` is now, at the bureau."""
    request, ticket = case.request, case.ticket
    due = _due(case)
    told = card.lines(Shown(request=request, at=at), ticket, language=language)
    return Line(
        number=request.registration,
        ticket=ticket.id,
        received=request.received.astimezone(at.tzinfo).date(),
        wanted=ticket.question,
        applicant=say(language, CHOICES[request.applicant]),
        state=say(language, cards.STATES[ticket.state]),
        due=due and due.astimezone(at.tzinfo).date(),
        is_late=_is_late(case, at),
        next=told[1:],  # the first says number, form and way
        result=say(language, RULES[request.answer.result].label) if request.answer else "",
        holder=ticket.holder.name if ticket.holder else "",
    )


def as_csv(lines: Sequence[Line], *, language: Lang) -> str:
    """A line for each request."""
    heads = (
        say(language, "Request"),
        say(language, "No."),
        say(language, "Received"),
        say(language, "What is wanted"),
        say(language, "Who asks"),
        say(language, "State"),
        say(language, "Due by law"),
        say(language, "Next"),
        say(language, "Result"),
        say(language, "Holder"),
    )
    rows = (
        (
            one.number,
            one.ticket,
            one.received.isoformat(),
            one.wanted,
            one.applicant,
            one.state,
            one.due.isoformat() if one.due else "",
            " ".join(one.next),
            one.result,
            one.holder,
        )
        for one in lines
    )
    return rows_as_csv(heads, rows)


def _due(case: Case) -> datetime | None:
    deadlines = case.ticket.deadlines
    owed = case.ticket.state in ACTIVE and case.request.owes_letter
    return deadlines.resolution if owed and deadlines.paused is None else None


def _is_late(case: Case, at: datetime) -> bool:
    due = _due(case)
    return due is not None and due < at
