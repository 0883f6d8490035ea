"""What staff are told of hot concerns. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from bot.actions import Action, Verb
from bot.desk import cutting
from bot.desk.concerns.concern import Concern, Course
from bot.desk.roster import Roster
from bot.render import Page
from bot.texts import say
from bot.types import Button, Span, Style
from knowledge.types import Lang

LONGEST_LABEL: Final = 60  # units
IN_A_ROW: Final = 4  # buttons
COURSES: Final[Mapping[Course, str]] = {
    Course.NEW: "new",
    Course.OWNED: "owned",
    Course.ANSWERED: "answered",
    Course.CLOSED: "closed",
}


def found(concerns: Sequence[Concern], *, language: Lang) -> Page:
    """Those that became hot today, in one message, with a button that shows each."""
    head = say(language, "Asked about more than before: {count}", count=len(concerns))
    spans = [Span(head, Style.BOLD)]
    for concern in concerns:
        line = say(
            language,
            "Concern {id}, a response is due by {day}: {recent} citizens in 7 days, {before} in "
            "the 4 weeks before",
            id=concern.id,
            day=concern.due.isoformat(),
            recent=concern.recent,
            before=concern.before,
        )
        spans += [Span(f"\n· {line}\n"), Span(concern.label, Style.QUOTE)]
    keys = list(map(button, concerns))
    rows = [tuple(keys[at : at + IN_A_ROW]) for at in range(0, len(keys), IN_A_ROW)]
    return Page(tuple(spans), tuple(rows))


def button(concern: Concern) -> Button:
    """Shows it in the staff room."""
    label = str(concern.id)
    return Button(label, str(Action(Verb.CONCERN, concern.id)))


def line(concern: Concern, *, language: Lang, today: date) -> str:
    """A concern in one line: how far it is, until when, and how many ask."""
    state = say(language, COURSES[concern.state])
    owner = f" {concern.owner.name}" if concern.owner else ""
    due = say(language, "by {day}", day=concern.due.isoformat())
    late = " " + say(language, "OVERDUE") if concern.is_late(today) else ""
    counts = say(
        language,
        "{recent} in 7 days, {before} in the 4 weeks before",
        recent=concern.recent,
        before=concern.before,
    )
    label = cutting.line(concern.label, LONGEST_LABEL) or say(language, "(words erased)")
    number = say(language, "Concern {id}", id=concern.id)
    return f"{number} {state}{owner} · {due}{late} · {counts} · {label}"


def details(concern: Concern, *, language: Lang, roster: Roster) -> Sequence[str]:
    """What citizens asked, where it is, on which days, and the response: a line for each."""
    asked, department = say(language, "asked"), say(language, "department")
    found = [f"  {asked}: {text}" for text in concern.examples]
    if concern.department:
        found.append(f"  {department}: {roster.name(concern.department)}")
    if concern.tickets:
        tickets = say(language, "tickets")
        found.append(f"  {tickets}: {', '.join(map(str, concern.tickets))}")
    found += [f"  {one.day}: {one.citizens}" for one in concern.days]
    if concern.response:
        response = say(language, "response")
        found.append(f"  {response}: {concern.response}")
    return found
