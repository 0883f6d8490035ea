"""
What is said about the clocks of tickets: to staff, many tickets in one message, and to citizens.

Pure. `at` is the time at the bureau: days are written as they are there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.desk.consultations import Consultation
from bot.desk.mentions import NAMES, reached, with_names
from bot.desk.roster import Member, Role, Roster
from bot.desk.tickets import ACTIVE, Ticket
from bot.render import Page
from bot.texts import say
from bot.types import RichText, Span, Style
from knowledge.types import Lang

MOST_NUMBERS: Final = 40  # in a line of a message to staff; the list has the rest


def day_of(moment: datetime, at: datetime) -> str:
    return moment.astimezone(at.tzinfo).date().isoformat()


def is_late(ticket: Ticket, at: datetime) -> bool:
    due = ticket.deadlines.due
    return ticket.state in ACTIVE and due is not None and due < at


def clock_lines(ticket: Ticket, *, language: Lang, at: datetime) -> Sequence[str]:
    """The clock of a ticket on its card: nothing where staff owe nothing."""
    if ticket.state not in ACTIVE:
        return ()
    return [line for line in (_due(ticket, language, at), _presses(ticket, language, at)) if line]


def lapsed(tickets: Sequence[Ticket], *, language: Lang) -> Page:
    """Back in the queue; the tickets are as they were before."""
    head = say(
        language,
        "Back in the queue, for nothing was done with them for too long: {count}",
        count=len(tickets),
    )
    return _listed(head, _by(tickets, lambda one: _holder(one, language)), language)


def near(tickets: Sequence[Ticket], *, language: Lang, roster: Roster, at: datetime) -> Page:
    head = say(language, "Due soon: {count}", count=len(tickets))
    return _listed(head, _by(tickets, lambda one: _owing(one, language, roster, at)), language)


def late(tickets: Sequence[Ticket], *, language: Lang, roster: Roster, at: datetime) -> Page:
    """What is overdue, for the supervisors, who are mentioned."""
    head = say(language, "Overdue: {count}", count=len(tickets))
    groups = _by(tickets, lambda one: _owing(one, language, roster, at))
    departments = [one.department for one in tickets]
    return _listed(head, groups, language, foot=_for_supervisors(departments, language, roster))


def late_consultations(
    consultations: Sequence[Consultation], *, language: Lang, roster: Roster, at: datetime
) -> Page:
    """What departments owe others an answer to, for the supervisors of those departments."""
    spans = [
        Span(say(language, "Consultations overdue: {count}", count=len(consultations)), Style.BOLD)
    ]
    for one in consultations:
        assert one.due is not None
        line = say(
            language,
            "{day} {department}: consultation {number} on No. {id}",
            day=day_of(one.due, at),
            department=roster.name(one.department),
            number=one.id,
            id=one.ticket_id,
        )
        spans.append(Span(f"\n· {line}"))
    departments = [one.department for one in consultations]
    return Page((*spans, *_for_supervisors(departments, language, roster)))


def standing(tickets: Sequence[Ticket], *, language: Lang, roster: Roster, at: datetime) -> Page:
    head = say(
        language,
        "Their clocks have stood for long; ask again, let them go on or close them: {count}",
        count=len(tickets),
    )
    groups = _by(tickets, lambda one: _owing(one, language, roster, at))
    return _listed(head, groups, language)


def pressed_late(ticket: Ticket, *, language: Lang, roster: Roster, at: datetime) -> Page:
    """The citizen asks where an overdue ticket stays."""
    head = say(language, "No. {id} is overdue, and the citizen asks for it.", id=ticket.id)
    groups = {_owing(ticket, language, roster, at): [ticket.id]}
    foot = _for_supervisors([ticket.department], language, roster)
    return _listed(head, groups, language, foot=foot)


def withdrawn(ticket: Ticket, others: Sequence[Ticket], *, language: Lang) -> Page:
    """`others` were merged into it, and wait by themselves again."""
    text = say(language, "No. {id} was withdrawn by the citizen.", id=ticket.id)
    if others:
        ids = _numbers([one.id for one in others])
        text += "\n" + say(language, "What was merged into it waits again: No. {ids}.", ids=ids)
    return Page((Span(text),))


def extended(ticket: Ticket, why: str, *, at: datetime) -> Page:
    """To the citizen: the reply is put off, until when and why."""
    assert ticket.deadlines.resolution is not None
    head = say(
        ticket.language,
        "The reply to No. {id} takes longer. You will have it by {day}.",
        id=ticket.id,
        day=day_of(ticket.deadlines.resolution, at),
    )
    reason = say(ticket.language, "Reason: {why}", why=why)
    return Page((Span(head, Style.BOLD), Span(f"\n{reason}")))


def supervisors(roster: Roster, department: str) -> Sequence[Member]:
    """Those of the department; where it has none, all."""
    found = roster.departments.get(department)
    own = [one for one in (found.members if found else ()) if Role.SUPERVISOR in one.roles]
    return own or [one for one in roster.members if Role.SUPERVISOR in one.roles]


def _due(ticket: Ticket, language: Lang, at: datetime) -> str:
    now = ticket.deadlines
    if now.paused is not None:
        return say(language, "Clock stopped on {day}", day=day_of(now.paused, at))
    if now.due is None:
        return ""
    day = day_of(now.due, at)
    if not is_late(ticket, at):
        return say(language, "Due by {day}", day=day)
    if now.escalated is None:
        return say(language, "OVERDUE since {day}", day=day)
    return say(language, "OVERDUE since {day}; the supervisor was told", day=day)


def _presses(ticket: Ticket, language: Lang, at: datetime) -> str:
    now = ticket.deadlines
    if now.pressed is None:
        return ""
    day = day_of(now.pressed, at)
    return say(language, "Asked for {count} times, last on {day}", count=now.presses, day=day)


def _by(tickets: Iterable[Ticket], name: Callable[[Ticket], str]) -> Mapping[str, Sequence[int]]:
    """The numbers of tickets by what their line begins with, in its order."""
    groups: dict[str, list[int]] = {}
    for ticket in tickets:
        groups.setdefault(name(ticket), []).append(ticket.id)
    return dict(sorted(groups.items()))


def _owing(ticket: Ticket, language: Lang, roster: Roster, at: datetime) -> str:
    """When it is due, and who has it."""
    due = ticket.deadlines.due
    who = (
        _holder(ticket, language)
        if ticket.holder or not ticket.department
        else roster.name(ticket.department)
    )
    return f"{day_of(due, at)} {who}" if due else who


def _holder(ticket: Ticket, language: Lang) -> str:
    return ticket.holder.name if ticket.holder else say(language, "nobody yet")


def _for_supervisors(departments: Iterable[str], language: Lang, roster: Roster) -> RichText:
    """A line that mentions them, so that they are told; nothing where there are none."""
    every = (one for key in dict.fromkeys(departments) for one in supervisors(roster, key))
    line = say(language, "For the supervisors: {names}", names=NAMES)
    people = reached(every)
    return with_names(f"\n{line}", people) if people else ()


def _listed(
    head: str, groups: Mapping[str, Sequence[int]], language: Lang, *, foot: RichText = ()
) -> Page:
    lines = [
        say(language, "{name}: No. {ids}", name=name, ids=_numbers(ids))
        for name, ids in groups.items()
    ]
    return Page((Span(head, Style.BOLD), *(Span(f"\n· {line}") for line in lines), *foot))


def _numbers(ids: Sequence[int]) -> str:
    more = len(ids) - MOST_NUMBERS
    return ", ".join(map(str, ids[:MOST_NUMBERS])) + (f" … +{more}" if more > 0 else "")
