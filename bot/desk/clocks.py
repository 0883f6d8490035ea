"""
What is due when: the clocks of a ticket. Pure.

Terms are whole working days. The day on which something comes does not count, and a term ends with
its last day, at the bureau. While a clock stands nothing is due; when it goes on, as many working
days are left as there were.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Final, Self

from bot.desk.moves import Move
from bot.desk.tickets import ACTIVE, DONE, Deadlines, State, Ticket, TicketKind
from bot.desk.workdays import CHINA, Calendar
from bot.errors import ClockRefused

# Not the next midnight: whoever writes the day of a due time then writes the right one.
END: Final = time(23, 59, 59)
QUARTER: Final = 4  # staff are warned when this part of a term is left
LONGEST: Final = 250  # working days of a term: a year


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Working days that staff have."""

    first: int = 1  # until the first word
    next: int = 1  # until a word to a citizen who wrote again
    resolution: int = 2  # until the answer
    extension: int = 0  # more of them, once; 0: none

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "1/1/20", or "1/1/20/20" with an extension. Raise ValueError."""
        parts = [part.strip() for part in text.split("/")]
        if len(parts) not in {3, 4} or not all(part.isdecimal() for part in parts):
            raise ValueError(
                "write the working days until the first word, the next word and the answer, and "
                "those of an extension if there is one, such as 1/1/2 or 1/1/20/20"
            )
        first, following, resolution, extension = map(int, [*parts, "0"][:4])
        if not all(0 < days <= LONGEST for days in (first, following, resolution)):
            raise ValueError(f"terms are from 1 to {LONGEST} working days")
        if first > resolution or extension > LONGEST:
            raise ValueError(
                f"the first word is due no later than the answer, and an extension is at most "
                f"{LONGEST} working days"
            )
        return cls(first=first, next=following, resolution=resolution, extension=extension)


TERMS: Final[Mapping[TicketKind, Terms]] = MappingProxyType(
    {
        TicketKind.CONSULTATION: Terms(),
        TicketKind.COMPLAINT: Terms(resolution=5),
        TicketKind.SUGGESTION: Terms(resolution=10),
        # 政府信息公开条例 (2019), article 33: 20 working days, and once 20 more.
        TicketKind.DISCLOSURE: Terms(resolution=20, extension=20),
    }
)


@dataclass(frozen=True, slots=True)
class Clocks:
    """Every `at` is aware, in the bureau's own zone: its days are what counts."""

    terms: Mapping[TicketKind, Terms] = field(default_factory=lambda: TERMS)
    calendar: Calendar = CHINA

    def opened(self, kind: TicketKind, at: datetime) -> Deadlines:
        terms = self.terms[kind]
        return Deadlines(
            first=self.due(at, terms.first), resolution=self.due(at, terms.resolution)
        )

    def moved(self, before: Ticket, move: Move, after: Ticket, at: datetime) -> Deadlines:
        """
        The deadlines after a move.

        Raise ClockRefused for a pause, its end or an extension that the clock does not allow.
        """
        now = self._moved(before, move, after, at)
        if now.due == before.deadlines.due:
            return now
        return replace(now, warned=None, escalated=None)  # they were about another due time

    def lapses(self, lease: datetime, at: datetime) -> datetime:
        """When a lease ends: nobody loses a ticket on a day that is not worked."""
        end = lease.astimezone(at.tzinfo)
        return datetime.combine(self.calendar.reached(end.date()), end.timetz())

    def near(self, ticket: Ticket, at: datetime) -> bool:
        """
        Whether a due time comes near: a quarter of its term is left, or it is the last day.

        The quarter is rounded down, so a term of a few days is warned of on its last day.
        """
        due = ticket.deadlines.due
        if due is None:
            return False
        return self._left(at, due, at) <= self._term(ticket, due) // QUARTER

    def horizon(self, at: datetime) -> datetime:
        """No due time behind this is near."""
        longest = max(one.resolution + one.extension for one in self.terms.values())
        return self.due(at, longest // QUARTER + 1)

    def _moved(self, before: Ticket, move: Move, after: Ticket, at: datetime) -> Deadlines:
        steps: Mapping[Move, Callable[[Ticket, datetime], Deadlines]] = {
            Move.ADD: self._added,
            Move.ANSWER: _answered,
            Move.ASK: _asked_back,
            Move.EXTEND: self._extended,
            Move.PAUSE: _paused,
            Move.PRESS: _pressed,
            Move.REOPEN: self._reopened,
            Move.RESUME: self._let_go_on,
            Move.SPLIT: _unended,
            Move.SUBMIT: self._submitted,
        }
        if move in steps:
            return steps[move](before, at)
        if after.state in DONE:
            return _ended(before, at)
        # Nobody waits for the citizen any more: it is with staff again.
        return self._resumed(before.deadlines, at) if _stands(before) else before.deadlines

    def _added(self, before: Ticket, at: datetime) -> Deadlines:
        """The citizen wrote: a word is due, and where all was done, an answer again."""
        terms, now = self.terms[before.kind], before.deadlines
        if _stands(before):
            now = self._resumed(now, at)
        now = replace(now, next=now.next or self.due(at, terms.next))
        if before.state in ACTIVE:
            return now
        # Nobody said a word before it was done: then that word is due now.
        first = now.first if now.responded else now.next
        return replace(now, first=first, resolution=self.due(at, terms.resolution), resolved=None)

    def _reopened(self, before: Ticket, at: datetime) -> Deadlines:
        """Staff answer anew: else nothing would be due, and it might be forgotten."""
        due = self.due(at, self.terms[before.kind].resolution)
        return replace(before.deadlines, resolution=due, resolved=None)

    def _submitted(self, before: Ticket, at: datetime) -> Deadlines:
        """
        A reply waits for a second person; where one went out before, as a correction of that.

        Then nothing is due any more, and a correction that is sent back might be forgotten: so a
        word is due, as if the citizen had written.
        """
        now = before.deadlines
        if before.state in ACTIVE:
            return self._resumed(now, at) if _stands(before) else now
        return replace(now, next=self.due(at, self.terms[before.kind].next))

    def _extended(self, before: Ticket, at: datetime) -> Deadlines:
        now, days = _running(before), self.terms[before.kind].extension
        if not days or now.resolution is None:
            raise ClockRefused("No. {id}: for this kind there is no extension.", id=before.id)
        if now.extended is not None:
            raise ClockRefused("No. {id} was extended before; that goes once.", id=before.id)
        if now.resolution < at:
            raise ClockRefused(
                "No. {id} is overdue; a term is extended before it ends.", id=before.id
            )
        return replace(now, resolution=self.due(now.resolution, days, at), extended=at)

    def _let_go_on(self, before: Ticket, at: datetime) -> Deadlines:
        if before.deadlines.paused is None:
            raise ClockRefused("No. {id}: the clock runs already.", id=before.id)
        return self._resumed(before.deadlines, at)

    def _resumed(self, now: Deadlines, at: datetime) -> Deadlines:
        if now.paused is None:
            return now
        return replace(
            now,
            paused=None,
            first=self._put_off(now.first, now.paused, at),
            next=self._put_off(now.next, now.paused, at),
            resolution=self._put_off(now.resolution, now.paused, at),
        )

    def _put_off(self, due: datetime | None, stood: datetime, at: datetime) -> datetime | None:
        """What was due is due with as many working days left as when the clock was stopped."""
        if due is None or due < stood:  # it was late already, and stays so
            return due
        left = self._left(stood, due, at)
        return self.due(at, left) if left else _end(self.calendar.reached(at.date()), at)

    def due(self, since: datetime, days: int, at: datetime | None = None) -> datetime:
        """The end of the last of so many working days that follow."""
        at = at or since
        return _end(self.calendar.after(_day(since, at), days), at)

    def _left(self, since: datetime, due: datetime, at: datetime) -> int:
        """Working days, without that of `since`."""
        return self.calendar.between(_day(since, at), _day(due, at))

    def _term(self, ticket: Ticket, due: datetime) -> int:
        """The working days that there were for what is due then."""
        terms, now = self.terms[ticket.kind], ticket.deadlines
        if due == now.resolution:
            return terms.resolution + (terms.extension if now.extended else 0)
        return terms.next if due == now.next else terms.first


def _day(moment: datetime, at: datetime) -> date:
    """At the bureau; what comes from the store is in UTC."""
    return moment.astimezone(at.tzinfo).date()


def _end(day: date, at: datetime) -> datetime:
    return datetime.combine(day, END, at.tzinfo)


def _running(ticket: Ticket) -> Deadlines:
    if ticket.deadlines.paused is not None:
        raise ClockRefused("No. {id}: the clock stands; let it go on first.", id=ticket.id)
    return ticket.deadlines


def _spoken(now: Deadlines, at: datetime) -> Deadlines:
    """A person said something to the citizen."""
    return replace(now, responded=now.responded or at, next=None)


def _answered(before: Ticket, at: datetime) -> Deadlines:
    now = _spoken(before.deadlines, at)
    return replace(now, resolved=now.resolved or at, paused=None)


def _asked_back(before: Ticket, at: datetime) -> Deadlines:
    now = _spoken(before.deadlines, at)
    return now if _runs_by_law(before) else replace(now, paused=now.paused or at)


def _stands(before: Ticket) -> bool:
    """Whether a question to the citizen is why its clock stands."""
    return before.state is State.ASKED and not _runs_by_law(before)


def _runs_by_law(ticket: Ticket) -> bool:
    """
    No question stops the clock of a request for disclosure, and no word starts it.

    By the Regulations (政府信息公开条例 2019, articles 30 and 33) only a correction and hearing
    others do; see disclosure/handling.py and corrections.py.
    """
    return ticket.kind is TicketKind.DISCLOSURE


def _paused(before: Ticket, at: datetime) -> Deadlines:
    return replace(_running(before), paused=at)


def _ended(before: Ticket, at: datetime) -> Deadlines:
    """Nothing is due any more, though no answer went out."""
    now = before.deadlines
    return replace(now, next=None, paused=None, resolved=now.resolved or at)


def _unended(before: Ticket, _at: datetime) -> Deadlines:
    """The citizen waited all the time, so what was due then still is."""
    return replace(before.deadlines, resolved=None)


def _pressed(before: Ticket, at: datetime) -> Deadlines:
    now = before.deadlines
    return replace(now, presses=now.presses + 1, pressed=at)
