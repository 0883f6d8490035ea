"""What staff read of consultations: on the card, when one is asked, and once all is said. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.actions import Action, Verb
from bot.desk.consultations import Consultation, Consulted
from bot.desk.mentions import mention, mentions
from bot.desk.notices import day_of
from bot.desk.roster import Roster
from bot.desk.tickets import Ticket
from bot.render import Page
from bot.texts import say
from bot.types import Button, Span, Style
from knowledge.types import Lang

LONGEST: Final = 160  # characters of a question and of an answer on the card


def lines(
    consultations: Sequence[Consultation], *, language: Lang, roster: Roster, at: datetime
) -> Sequence[str]:
    """For the card: a line for each that was not cancelled."""
    shown = [one for one in consultations if one.state is not Consulted.CANCELLED]
    return [line(one, language=language, roster=roster, at=at) for one in shown]


def line(one: Consultation, *, language: Lang, roster: Roster, at: datetime) -> str:
    """What was asked and until when, or what was answered and by whom."""
    department = roster.name(one.department)
    if one.answered_by is not None:
        return say(
            language,
            "{department} ({name}) answers: {reply}",
            department=department,
            name=one.answered_by.name,
            reply=_short(one.reply),
        )
    day, question = _day(one, at), _short(one.question)
    late = "{department} is asked, OVERDUE since {day}: {question}"
    if one.is_late(at):
        return say(language, late, department=department, day=day, question=question)
    due = "{department} is asked, due by {day}: {question}"
    return say(language, due, department=department, day=day, question=question)


def numbered(one: Consultation, *, language: Lang, roster: Roster, at: datetime) -> str:
    """The same in a list of many, with its number and that of its ticket."""
    return say(
        language,
        "Consultation {number}, No. {id}: {line}",
        number=one.id,
        id=one.ticket_id,
        line=line(one, language=language, roster=roster, at=at),
    )


def asked(
    ticket: Ticket,
    consultations: Sequence[Consultation],
    *,
    language: Lang,
    roster: Roster,
    at: datetime,
) -> Page:
    """To the departments that are asked, with their people named."""
    first = consultations[0]
    head = say(language, "No. {id}: {name} asks", id=ticket.id, name=first.asked_by.name)
    spans = [Span(head, Style.BOLD)]
    for one in consultations:
        found = roster.departments.get(one.department)
        number = say(language, "consultation {number}", number=one.id)
        spans.append(Span(f"\n· {roster.name(one.department)} ({number}) "))
        spans += mentions(found.members if found else ())
    spans += [
        Span("\n" + say(language, "Due by {day}", day=_day(first, at)) + "\n"),
        Span(first.question, Style.QUOTE),
        Span("\n" + say(language, "The citizen's question:") + "\n"),
        Span(ticket.question, Style.QUOTE),
    ]
    return Page(tuple(spans), tuple(_button(one, language, roster) for one in consultations))


def _button(one: Consultation, language: Lang, roster: Roster) -> tuple[Button]:
    name = roster.name(one.department)
    label = say(language, "Answer for {department}", department=name)
    return (Button(label, str(Action(Verb.ADVISE, one.id))),)


def all_said(
    ticket: Ticket, consultations: Sequence[Consultation], *, language: Lang, roster: Roster
) -> Page:
    """To the holder: nobody is asked any more, and a reply made of what they said."""
    spans = [Span(say(language, "No. {id}: all answers are in.", id=ticket.id), Style.BOLD)]
    if ticket.holder is not None:
        spans += [Span(" "), mention(roster.known(ticket.holder))]
    text = draft(consultations, language=ticket.language, roster=roster)
    if text:
        note = say(language, "A draft of the reply, to be edited:")
        spans += [Span(f"\n{note}\n"), Span(text, Style.QUOTE)]
    return Page(tuple(spans))


def draft(consultations: Sequence[Consultation], *, language: Lang, roster: Roster) -> str:
    """A reply that names who answered what, in the citizen's language; empty if nobody did."""
    return "\n".join(
        say(
            language,
            "On “{question}”, {department} answers: {reply}",
            question=one.question,
            department=roster.name(one.department),
            reply=one.reply,
        )
        for one in consultations
        if one.state is Consulted.ANSWERED
    )


def _day(one: Consultation, at: datetime) -> str:
    return day_of(one.due, at) if one.due else "—"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST else f"{flat[: LONGEST - 1]}…"
