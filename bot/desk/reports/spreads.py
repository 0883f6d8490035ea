"""
How long things took in whole working days, as terms are counted, and how old the backlog is. Pure.

The day on which something comes does not count, so what is done on it took 0 days, and what took
no more days than the term was in time, unless its clock stood for a while.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from bot.desk.clocks import Terms
from bot.desk.reports.overview import Table
from bot.desk.reports.tickets import ELSEWHERE
from bot.desk.tickets import Ticket, TicketKind
from bot.desk.workdays import Calendar

MISSED: Final = "overdue"  # in place of the days: the term has passed, and nothing was done
COLUMNS: Final = ("kind", "after_days", "tickets", "term_days")
# Working days that a ticket has waited; the last ones have no end.
AGES: Final = ((0, 0), (1, 1), (2, 2), (3, 5), (6, 10), (11, 20), (21, None))


class Spread:
    """Of the first word, or of the answer."""

    def __init__(
        self,
        calendar: Calendar,
        terms: Callable[[TicketKind], int],
        *,
        at: datetime,
    ) -> None:
        """`terms` are working days; `at` is now, in the bureau's own zone."""
        self._calendar = calendar
        self._terms = terms
        self._at = at
        self._days: dict[TicketKind, Counter[int]] = {}
        self._missed: Counter[TicketKind] = Counter()

    def take(self, ticket: Ticket, *, due: datetime | None, done: datetime | None) -> None:
        if ticket.state in ELSEWHERE:
            return
        if done is not None:
            zone = self._at.tzinfo
            first, last = ticket.opened.astimezone(zone), done.astimezone(zone)
            days = self._calendar.between(first.date(), last.date())
            self._days.setdefault(ticket.kind, Counter())[min(days, self._last(ticket.kind))] += 1
        elif due is not None and due < self._at:
            self._missed[ticket.kind] += 1

    def table(self) -> Table:
        """For each kind that there is, every number of days up to twice its term, or longer."""
        rows = []
        for kind in TicketKind:
            if kind not in self._days and not self._missed[kind]:
                continue
            counts, term, last = (
                self._days.get(kind, Counter()),
                self._terms(kind),
                self._last(kind),
            )
            for days in range(last + 1):
                label = f"{days}+" if days == last else str(days)
                rows.append((str(kind), label, counts[days], term))
            rows.append((str(kind), MISSED, self._missed[kind], term))
        return Table(COLUMNS, tuple(rows))

    def _last(self, kind: TicketKind) -> int:
        """As many days, and all above: twice the term, with a few more of a short one."""
        term = self._terms(kind)
        return max(2 * term, term + 3)


class Spreads:
    """Of tickets that were opened in the period."""

    def __init__(
        self, calendar: Calendar, terms: Mapping[TicketKind, Terms], *, at: datetime
    ) -> None:
        self.first = Spread(calendar, lambda kind: terms[kind].first, at=at)
        self.answer = Spread(calendar, lambda kind: terms[kind].resolution, at=at)

    def take(self, ticket: Ticket) -> None:
        now = ticket.deadlines
        self.first.take(ticket, due=now.first, done=now.responded)
        answered = now.resolved if ticket.reply is not None else None
        self.answer.take(ticket, due=now.resolution, done=answered)


class Ages:
    """Of what waits now."""

    def __init__(self, calendar: Calendar, *, at: datetime) -> None:
        self._calendar = calendar
        self._at = at
        self._counts: Counter[tuple[int, bool]] = Counter()  # place in AGES, whether overdue

    def take(self, ticket: Ticket) -> None:
        opened = ticket.opened.astimezone(self._at.tzinfo).date()
        days = self._calendar.between(opened, self._at.date())
        place = next(n for n, (_, last) in enumerate(AGES) if last is None or days <= last)
        due = ticket.deadlines.due
        self._counts[place, due is not None and due < self._at] += 1

    def table(self) -> Table:
        rows = [
            (_age(*ages), self._counts[place, False], self._counts[place, True])
            for place, ages in enumerate(AGES)
        ]
        return Table(("age_days", "in_time", "overdue"), tuple(rows))


def _age(first: int, last: int | None) -> str:
    if last is None:
        return f"{first}+"
    return str(first) if first == last else f"{first}–{last}"
