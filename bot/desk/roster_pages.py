"""What staff read of the roster: who works where, what they may do, and who is there. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.desk.absences import Absence
from bot.desk.notices import day_of
from bot.desk.roster import Department, Member, Role, Roster
from bot.desk.workdays import Calendar
from bot.texts import say
from knowledge.types import Lang

ROLE_NAMES: Final[Mapping[Role, str]] = {
    Role.AGENT: "agent",
    Role.REVIEWER: "reviewer",
    Role.SUPERVISOR: "supervisor",
    Role.MAINTAINER: "maintainer",
}


def lines(of: Roster, *, language: Lang) -> Iterator[str]:
    """The roster as it is understood, all of it."""
    if of.is_open:
        yield without(language)
    for department in of.departments.values():
        yield f"{department.name} ({department.key}) · {department.hours}"
        for head, words in (
            (say(language, "topics"), department.topics),
            (say(language, "issuers"), department.issuers),
            (say(language, "sensitive"), department.sensitive),
        ):
            if words:
                yield f"  {head}: {', '.join(words)}"
        yield from (f"  {_member(one, language)}" for one in department.members)
        if not department.members:
            yield _nobody(language)
    if of.others:
        yield say(language, "Of no department")
        yield from (f"  {_member(one, language)}" for one in of.others)


def present(
    of: Roster,
    *,
    language: Lang,
    at: datetime,
    calendar: Calendar,
    absences: Sequence[Absence],
) -> Sequence[str]:
    """A text for each department: whether it is open at that time, and who of it is there."""
    away = {one.agent: one for one in absences if one.covers(at.date())}
    found = [_department(one, language, at, calendar, away) for one in of.departments.values()]
    if of.others:
        head = say(language, "Of no department")
        found.append("\n".join((head, *_people(of.others, language, away))))
    return found


def duty(department: Department, *, language: Lang, at: datetime, calendar: Calendar) -> str:
    """Whether a department is open at that time, and else until when it is not."""
    opens = department.hours.next(at, calendar)
    if opens is not None and opens <= at:
        return say(language, "on duty")
    if opens is None:
        return say(language, "off duty")
    when = f"{day_of(opens, at)} {opens:%H:%M}"
    return say(language, "off duty until {when}", when=when)


def roles(member: Member, language: Lang) -> str:
    return ", ".join(say(language, ROLE_NAMES[role]) for role in sorted(member.roles))


def without(language: Lang) -> str:
    text = "There is no roster (set ROSTER, see docs/desk.md): staff may do everything."
    return say(language, text)


def absence_line(absence: Absence, of: Roster) -> str:
    """Who is away, when, and what colleagues may know of it."""
    name = next((one.name for one in of.members if one.id == absence.agent), absence.agent)
    note = f" · {absence.note}" if absence.note else ""
    return f"{name}: {absence.since} – {absence.until}{note}"


def _department(
    department: Department,
    language: Lang,
    at: datetime,
    calendar: Calendar,
    away: Mapping[str, Absence],
) -> str:
    state = duty(department, language=language, at=at, calendar=calendar)
    head = f"{department.name} ({department.key}) · {state}"
    people = list(_people(department.members, language, away))
    return "\n".join((head, *(people or [_nobody(language)])))


def _people(
    members: Collection[Member], language: Lang, away: Mapping[str, Absence]
) -> Iterator[str]:
    for one in members:
        line = f"  {one.name} · {roles(one, language)}"
        if one.id in away:
            day = away[one.id].until
            line += " · " + say(language, "away until {day}", day=day)
        yield line


def _nobody(language: Lang) -> str:
    return "  " + say(language, "nobody")


def _member(member: Member, language: Lang) -> str:
    spoken = f" · {', '.join(sorted(member.languages))}" if member.languages else ""
    ids = ", ".join((member.id, *member.also))
    return f"{member.name} ({ids}) · {roles(member, language)}{spoken}"
