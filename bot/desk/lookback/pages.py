"""What staff read of the look-back: tasks with their evidence, and the years. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from bot.desk.anew import said_anew
from bot.desk.lookback.task import NOTES, Evidence, Task, Verdict
from bot.desk.lookback.years import Row
from bot.desk.roster import Roster
from bot.texts import say
from knowledge.types import Lang

VERDICTS: Final[Mapping[Verdict, str]] = {
    Verdict.SAME: "same",
    Verdict.CHANGED: "changed",
    Verdict.ENDED: "ended",
    Verdict.GONE: "gone",
    Verdict.UNREACHABLE: "unreachable",
}


def line(task: Task, *, language: Lang, roster: Roster, today: date) -> str:
    """A task in one line: whose it is, until when, and whether it is done."""
    number = say(language, "Task {id}", id=task.id)
    where = f" {roster.name(task.department)}" if task.department else ""
    due = say(language, "by {day}", day=task.due.isoformat())
    if task.done is not None:
        state = say(language, "done {day}", day=task.done.isoformat())
        late = " " + say(language, "late") if task.is_late(today) else ""
    else:
        state = say(language, "still to do")
        late = " " + say(language, "OVERDUE") if task.is_overdue(today) else ""
    return f"{number} {task.year}{where} · {due} · {state}{late} · {task.title}"


def lines(task: Task, *, language: Lang, roster: Roster, today: date) -> Sequence[str]:
    """The same, and a line for each piece of its evidence."""
    head = line(task, language=language, roster=roster, today=today)
    return [head, *(_evidence(one, language) for one in task.evidence)]


def year_line(row: Row, *, language: Lang, roster: Roster) -> str:
    """What became of the tasks of a year and a department."""
    counts = say(
        language,
        "{tasks} tasks · done in time {in_time}, late {late} · open {open}, overdue {overdue}",
        tasks=row.tasks,
        in_time=row.in_time,
        late=row.late,
        open=row.open,
        overdue=row.overdue,
    )
    where = f" {roster.name(row.department)}" if row.department else ""
    return f"{row.year}{where}: {counts}"


def note_of(one: Evidence, language: Lang) -> str:
    """What the look found; in the reader's language where it is not another site's own word."""
    return said_anew(one.note, NOTES, language)


def _evidence(one: Evidence, language: Lang) -> str:
    clause = f" {one.clause}" if one.clause else ""
    note = f": {note_of(one, language)}" if one.note else ""
    verdict = say(language, VERDICTS[one.verdict])
    looked = say(language, "{verdict} on {day}", verdict=verdict, day=one.checked.isoformat())
    return f"  {one.where}{clause} · {looked}{note}"
