"""
What the card of a registered request shows: never name or contact of the applicant.

Whoever is in the staff room sees the card; name and contact are for the holder alone, who asks for
them (`Casebook.applicant`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bot.desk.disclosure.duty import request_of
from bot.desk.disclosure.entry import Correction, Request, Way
from bot.desk.disclosure.pages import CHOICES
from bot.desk.disclosure.results import RULES
from bot.desk.reviews import Review, Reviewed
from bot.desk.tickets import ACTIVE, Ticket, TicketKind
from bot.store.base import Work
from bot.texts import say
from knowledge.types import Lang

PRINTED: Final = frozenset({Way.POST, Way.COUNTER})  # ways on which a letter goes on paper


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A registered request as its card knows it."""

    request: Request  # anonymous
    review: int | None = None  # the number of the letter's review, while one waits
    at: datetime  # now, at the bureau

    @property
    def today(self) -> date:
        return self.at.date()

    @property
    def correctable(self) -> bool:
        """Whether a correction may still be asked for."""
        last = self.request.correct_by
        begun = self.request.correction is not None or self.request.hearing is not None
        return not begun and (last is None or self.today <= last)


async def shown(work: Work, ticket: Ticket, *, at: datetime) -> Shown | None:
    """None for what is no registered request."""
    request = await request_of(work, ticket.id) if ticket.kind is TicketKind.DISCLOSURE else None
    if request is None:
        return None
    review = None
    if request.proposed is not None:
        waiting = await work.entries(Review).find(ticket_id=ticket.id, state=Reviewed.WAITING)
        review = waiting[-1].id if waiting else None
    return Shown(request=request.anonymous(), review=review, at=at)


def lines(of: Shown, ticket: Ticket, *, language: Lang) -> Sequence[str]:
    """Number, form and way, the day by law, and what is owed next."""
    request = of.request
    head = say(
        language,
        "Request {number}: {form}, {way}",
        number=request.registration,
        form=say(language, CHOICES[request.medium]),
        way=say(language, CHOICES[request.way]),
    )
    term = _term(of, ticket, language)
    return [line for line in (head, term, _next(of, ticket, language)) if line]


def _term(of: Shown, ticket: Ticket, language: Lang) -> str:
    """When the letter is due by law, and whether that was put off."""
    now = ticket.deadlines
    if ticket.state not in ACTIVE or not of.request.owes_letter or now.resolution is None:
        return ""
    if now.paused is not None:
        term = say(language, "By law the clock stands.")
    else:
        day = now.resolution.astimezone(of.at.tzinfo).date().isoformat()
        term = say(language, "Letter due by law on {day}", day=day)
    extended = say(language, "extended once") if now.extended else say(language, "not extended")
    return f"{term} · {extended}"


def _next(of: Shown, ticket: Ticket, language: Lang) -> str:
    request = of.request
    if request.proposed is not None:
        return say(language, "Next: a second person approves the letter, or sends it back.")
    if request.answer is not None:
        return _answered(request, of, language)
    return _owed(of, language) if ticket.state in ACTIVE else ""


def _owed(of: Shown, language: Lang) -> str:
    """On the way to the letter."""
    request = of.request
    if request.hearing is not None:
        return say(
            language,
            "Next: others are heard until {day}; then write down what they said.",
            day=request.hearing.until or "-",
        )
    if request.correction is not None and request.waits_for_correction:
        return _correction(request.correction, of.today, language)
    if of.correctable and request.correct_by is not None:
        return say(
            language,
            "Next: the letter; a correction may be asked for until {day}.",
            day=request.correct_by,
        )
    return say(language, "Next: the letter.")


def _correction(of: Correction, today: date, language: Lang) -> str:
    if of.until < today:
        text = "Next: no correction came by {day}; a letter may end the request."
        return say(language, text, day=of.until)
    return say(language, "Next: the applicant makes the request clear by {day}.", day=of.until)


def _answered(request: Request, of: Shown, language: Lang) -> str:
    assert request.answer is not None
    text = say(
        language,
        "Letter {count} went out on {day}: {result}",
        count=len(request.letters),
        day=request.answer.at.astimezone(of.at.tzinfo).date().isoformat(),
        result=say(language, RULES[request.answer.result].label),
    )
    if request.way not in PRINTED:
        return text
    paper = say(language, "On paper too: print it, seal it, and hand it over.")
    return f"{text}\n{paper}"
