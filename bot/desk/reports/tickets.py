"""Counts tickets: those opened in the period, and those that wait now. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.desk.reports.durations import Durations, working_days
from bot.desk.reports.figures import TOTAL, Figure, Section, share
from bot.desk.tickets import State, Ticket
from bot.desk.workdays import Calendar

# Their citizens had no answer by this ticket, and wait for none by it.
ELSEWHERE = frozenset({State.MERGED, State.WITHDRAWN})


@dataclass(slots=True)
class _Scope:
    """All tickets, or those of one kind or department."""

    opened: int = 0
    answered: int = 0
    first: Durations = field(default_factory=Durations)
    resolution: Durations = field(default_factory=Durations)
    understood: Counter[bool] = field(default_factory=Counter)
    solved: Counter[bool] = field(default_factory=Counter)

    def figures(self, section: Section, item: str) -> Iterator[Figure]:
        figures = (
            ("opened", self.opened),
            ("answered", self.answered),
            *self.first.figures("first_word"),
            *self.resolution.figures("answer"),
            ("rated", self.solved.total()),
            ("understood_share", share(self.understood[True], self.understood.total())),
            ("solved_share", share(self.solved[True], self.solved.total())),
        )
        for name, value in figures:
            yield Figure(section, item, name, value)


class OpenedTickets:
    """Those opened in the period, with what has come of them by now."""

    def __init__(self, calendar: Calendar, *, at: datetime) -> None:
        """`at` is now, in the bureau's own zone."""
        self._calendar = calendar
        self._at = at
        self._kinds: dict[str, _Scope] = {TOTAL: _Scope()}
        self._departments: dict[str, _Scope] = {}
        self._days: Counter[str] = Counter()
        self._languages: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()

    def take(self, ticket: Ticket) -> None:
        opened = ticket.opened.astimezone(self._at.tzinfo)
        self._days[opened.date().isoformat()] += 1
        self._languages[ticket.language] += 1
        self._reasons[ticket.reason] += 1
        for scope in (
            self._kinds[TOTAL],
            self._kinds.setdefault(ticket.kind, _Scope()),
            self._departments.setdefault(ticket.department, _Scope()),
        ):
            self._count(scope, ticket, opened)

    def figures(self, department: Callable[[str], str]) -> Iterator[Figure]:
        """`department` gives the name of one by its key."""
        for item, scope in self._kinds.items():
            yield from scope.figures(Section.TICKETS, item)
        for section, counts in (
            (Section.TICKETS_BY_DAY, dict(sorted(self._days.items()))),
            (Section.TICKETS_BY_LANGUAGE, self._languages),
            (Section.REASONS, dict(self._reasons.most_common())),
        ):
            yield from counted(section, counts, "opened")
        for key, scope in sorted(self._departments.items()):
            yield from scope.figures(Section.DEPARTMENTS, department(key))

    def _count(self, scope: _Scope, ticket: Ticket, opened: datetime) -> None:
        scope.opened += 1
        scope.answered += ticket.reply is not None
        if ticket.understood is not None:
            scope.understood[ticket.understood] += 1
        if ticket.solved is not None:
            scope.solved[ticket.solved] += 1
        if ticket.state in ELSEWHERE:
            return
        now = ticket.deadlines
        self._last(scope.first, opened, now.first, now.responded)
        answered = now.resolved if ticket.reply is not None else None
        self._last(scope.resolution, opened, now.resolution, answered)

    def _last(
        self, durations: Durations, opened: datetime, due: datetime | None, done: datetime | None
    ) -> None:
        if done is not None:
            days = working_days(self._calendar, opened, done.astimezone(self._at.tzinfo))
            durations.add(days, in_time=due is None or done <= due)
        elif due is not None and due < self._at:
            durations.missed()


class WaitingTickets:
    """The backlog: what staff owe now, whenever it was opened."""

    def __init__(self, calendar: Calendar, *, at: datetime) -> None:
        self._calendar = calendar
        self._at = at
        self._ages: dict[str, Durations] = {}
        self._oldest: dict[str, float] = {}

    def take(self, ticket: Ticket) -> None:
        age = working_days(self._calendar, ticket.opened.astimezone(self._at.tzinfo), self._at)
        due = ticket.deadlines.due
        for item in (TOTAL, ticket.department):
            ages = self._ages.setdefault(item, Durations())
            ages.add(age, in_time=due is None or due >= self._at)
            self._oldest[item] = max(age, self._oldest.get(item, 0.0))

    def figures(self, department: Callable[[str], str]) -> Iterator[Figure]:
        for key, ages in sorted(self._ages.items(), key=lambda one: (one[0] != TOTAL, one[0])):
            item = TOTAL if key == TOTAL else department(key)
            yield Figure(Section.BACKLOG, item, "waiting", len(ages))
            yield Figure(Section.BACKLOG, item, "oldest_days", round(self._oldest[key], 2))
            for name, value in ages.figures("age"):
                yield Figure(Section.BACKLOG, item, name, value)


def counted(section: Section, counts: Mapping[str, int], name: str) -> Iterator[Figure]:
    return (Figure(section, item, name, count) for item, count in counts.items())
