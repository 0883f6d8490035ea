"""Reads a period and the one before out of the store, for dashboards."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.desk import paging
from bot.desk.concerns.concern import Concern
from bot.desk.desk import Desk
from bot.desk.paging import each
from bot.desk.publishing.publication import OUT, Publication
from bot.desk.publishing.records import Use
from bot.desk.reports.coverage import Coverage, monday
from bot.desk.reports.figures import TOTAL, Period, Section, Value, share
from bot.desk.reports.messages import Did, Messages, answers
from bot.desk.reports.overview import Overview, Table, Topic, Totals
from bot.desk.reports.reporter import EVERY
from bot.desk.reports.spreads import Ages, Spreads
from bot.desk.reports.tickets import OpenedTickets
from bot.desk.tickets import ACTIVE, Ticket
from bot.desk.workdays import DAY
from bot.store.base import Handled, Sought, Store
from bot.types import Result
from knowledge.types import Document, Kind

PAGE: Final = 250  # rows at a time: some ten milliseconds, in which nobody else is served
WEEK: Final = timedelta(days=7)
LONGEST_BY_DAY: Final = timedelta(days=92)  # a quarter
_DEPARTMENT: Final = (
    "opened",
    "answered",
    "first_word_median_days",
    "first_word_in_time_share",
    "answer_median_days",
    "answer_p90_days",
    "answer_in_time_share",
)

Documents = Callable[[], Awaitable[Sequence[Document]]]


@dataclass(frozen=True, slots=True)
class _Registers:
    concerns: Sequence[Concern]
    publications: Sequence[Publication]
    uses: Sequence[Use]  # of questions of the period


class Overviews:
    def __init__(self, store: Store, desk: Desk, documents: Documents) -> None:
        """`documents` are those of the release that is served."""
        self._store = store
        self._desk = desk
        self._documents = documents

    async def overview(self, period: Period) -> Overview:
        """Count a period as it is known now. Raise ReleaseError if no document can be read."""
        now = self._desk.clock()
        count = _Count(self._desk, period, at=now)
        since, until = _moments(count.earlier.first, period.last, now)
        asked, owed = Sought(states=EVERY, opened=(since, until)), Sought(states=ACTIVE)
        async for ticket in each(paging.tickets(self._store, asked, size=PAGE)):
            count.opened(ticket)
        async for ticket in each(paging.tickets(self._store, owed, size=PAGE)):
            count.waiting(ticket)
        async for message in each(paging.handled(self._store, since, until, size=PAGE)):
            count.handled(message)
        return count.overview(await self._registers(count.used), await self._documents())

    async def _registers(self, used: Sequence[int]) -> _Registers:
        """`used` are ledger ids of questions that a published answer was given to."""
        uses: list[Use] = []
        for start in range(0, len(used), PAGE):
            async with self._store.read() as work:
                uses += await work.entries(Use).find(message=tuple(used[start : start + PAGE]))
            await asyncio.sleep(0)  # whoever waits comes first
        async with self._store.read() as work:
            return _Registers(
                concerns=await work.entries(Concern).find(),
                publications=await work.entries(Publication).find(stage=tuple(OUT)),
                uses=uses,
            )


class _Count:
    """Everything that is counted while the store is read."""

    def __init__(self, desk: Desk, period: Period, *, at: datetime) -> None:
        calendar, terms = desk.clocks.calendar, desk.clocks.terms
        self._desk = desk
        self._at = at
        self._period = period
        self.earlier = before(period)
        self.since, _ = _moments(period.first, period.last, at)
        self.messages = Messages(at.tzinfo)
        self.coverage = Coverage(at.tzinfo)
        self._now, self._before = (OpenedTickets(calendar, at=at) for _ in range(2))
        self._spreads = Spreads(calendar, terms, at=at)
        self._ages = Ages(calendar, at=at)
        self.used: list[int] = []  # ledger ids of questions with a published answer
        self._waiting = 0
        self._opened: Counter[date] = Counter()
        self._ratings: dict[str, Counter[bool]] = {"understood": Counter(), "solved": Counter()}

    def opened(self, ticket: Ticket) -> None:
        self.messages.asked_staff(ticket)
        self._opened[ticket.opened.astimezone(self._at.tzinfo).date()] += 1
        if ticket.opened < self.since:
            self._before.take(ticket)
            return
        self._now.take(ticket)
        self._spreads.take(ticket)
        for name, said in (("understood", ticket.understood), ("solved", ticket.solved)):
            if said is not None:
                self._ratings[name][said] += 1

    def handled(self, message: Handled) -> None:
        self.messages.take(message)
        if message.at < self.since:
            return
        self.coverage.take(message)
        if message.result is Result.ANSWERED and message.given[:1]:
            best = message.given[0]
            if best.kind is Kind.ANSWER:
                self.used.append(message.id)

    def waiting(self, ticket: Ticket) -> None:
        self._waiting += 1
        self._ages.take(ticket)

    def overview(self, kept: _Registers, documents: Sequence[Document]) -> Overview:
        now = _sections(self._now, self._desk)
        weeks = weeks_of(self._period)
        return Overview(
            period=self._period,
            made=self._at,
            now=self._totals(self._period, now),
            before=self._totals(self.earlier, _sections(self._before, self._desk)),
            waiting=self._waiting,
            tables={
                Topic.VOLUME: self._volume(),
                Topic.RESULTS: self._results(),
                Topic.FIRST_WORD: self._spreads.first.table(),
                Topic.RESOLUTION: self._spreads.answer.table(),
                Topic.DEPARTMENTS: _departments(now),
                Topic.BACKLOG: self._ages.table(),
                Topic.REASONS: _reasons(now),
                Topic.RATINGS: self._rated(),
                Topic.FAILED: self._failed(weeks),
                Topic.CONCERNS: concerns(kept.concerns, weeks),
                Topic.GAPS: self.coverage.gaps(weeks),
                Topic.DOCUMENTS: self.coverage.documents(documents, today=self._at.date()),
                Topic.INTERPRETATIONS: self.coverage.interpretations(documents),
                Topic.PUBLISHED: self._published(kept),
            },
        )

    def _totals(self, period: Period, sections: _Sections) -> Totals:
        done = self.messages.done(period.first, period.last)
        tickets = sections[Section.TICKETS][TOTAL]
        return Totals(
            asked=done[Did.ASKED],
            answered=answers(done),
            offered=done[Did.OFFERED],
            handed_over=self._between(period.first, period.last),
            failed=done[Did.FAILED],
            answer_median_days=tickets["answer_median_days"],
            answer_in_time_share=tickets["answer_in_time_share"],
        )

    def _between(self, first: date, last: date) -> int:
        """Tickets opened on these days."""
        return sum(count for day, count in self._opened.items() if first <= day <= last)

    def _volume(self) -> Table:
        """By day, and a long period by week: its days would be a comb of weekends."""
        name, spans = _spans(self._period)
        rows = []
        for first, last in spans:
            done = self.messages.done(first, last)
            counts = done[Did.ASKED], answers(done), done[Did.OFFERED]
            rows.append((first.isoformat(), *counts, self._between(first, last)))
        return Table((name, "asked", "answered", "offered", "handed_over"), tuple(rows))

    def _results(self) -> Table:
        """What was answered only after a choice stays among what was offered: all add up."""
        rows = []
        for name, period in (("this", self._period), ("before", self.earlier)):
            done = self.messages.done(period.first, period.last)
            answered, offered = done[Did.ANSWERED], done[Did.OFFERED]
            rows.append((name, answered, offered, done[Did.ASKED] - answered - offered))
        return Table(("period", "answered_at_once", "offered", "not_answered"), tuple(rows))

    def _rated(self) -> Table:
        done = self.messages.done(self._period.first, self._period.last)
        bot = "helpful", done[Did.HELPFUL], done[Did.NO_HELP]
        staff = [(name, said[True], said[False]) for name, said in self._ratings.items()]
        return Table(("rating", "yes", "no"), (bot, *staff))

    def _failed(self, weeks: Sequence[date]) -> Table:
        rows = []
        for week in weeks:
            first, last = _within(week, self._period)
            done = self.messages.done(first, last)
            failed, answered = done[Did.FAILED], answers(done)
            rows.append((week.isoformat(), answered, failed, share(failed, answered)))
        return Table(("week", "answered", "then_a_person", "then_a_person_share"), tuple(rows))

    @staticmethod
    def _published(kept: _Registers) -> Table:
        said: defaultdict[int, Counter[bool | None]] = defaultdict(Counter)
        for use in kept.uses:
            said[use.publication][use.helpful] += 1
        found = []
        for one in kept.publications:
            votes = said[one.id]
            found.append((one.question, votes.total(), votes[True], votes[False]))
        found.sort(key=lambda row: -row[1])
        return Table(("question", "given", "helpful", "no_help"), tuple(found))


def before(period: Period) -> Period:
    """As many days, up to the day before."""
    length = period.last - period.first
    last = period.first - DAY
    return Period(first=last - length, last=last)


def weeks_of(period: Period) -> Sequence[date]:
    """The Mondays of the weeks that it has days of."""
    first = monday(period.first)
    return [first + WEEK * n for n in range((period.last - first) // WEEK + 1)]


def concerns(found: Iterable[Concern], weeks: Sequence[date]) -> Table:
    """
    Those that were asked about in these weeks, by week, the most asked about first.

    A citizen who asks on two days of a week counts twice. What was erased has no words.
    """
    counted = []
    for one in found:
        counts: Counter[date] = Counter()
        for asked in one.days:
            counts[monday(asked.day)] += asked.citizens
        own = [counts[week] for week in weeks]
        if any(own):
            counted.append((one, own))
    counted.sort(key=lambda pair: (-sum(pair[1]), pair[0].id))
    rows = [
        (one.id, one.label, week.isoformat(), count)
        for one, own in counted
        for week, count in zip(weeks, own, strict=True)
    ]
    return Table(("number", "concern", "week", "citizens"), tuple(rows))


_Sections = Mapping[Section, Mapping[str, Mapping[str, Value]]]


def _sections(tickets: OpenedTickets, desk: Desk) -> _Sections:
    found: dict[Section, dict[str, dict[str, Value]]] = {}
    for one in tickets.figures(desk.roster.name):
        found.setdefault(one.section, {}).setdefault(one.item, {})[one.name] = one.value
    return found


def _departments(sections: _Sections) -> Table:
    items = sections.get(Section.DEPARTMENTS, {}).items()
    rows = tuple((name, *(values[one] for one in _DEPARTMENT)) for name, values in items)
    return Table(("department", *_DEPARTMENT), rows)


def _reasons(sections: _Sections) -> Table:
    items = sections.get(Section.REASONS, {}).items()
    return Table(("reason", "tickets"), tuple((name, v["opened"]) for name, v in items))


def _spans(period: Period) -> tuple[str, Sequence[tuple[date, date]]]:
    """Days, or weeks as far as they lie in the period; each with its first day and its last."""
    length = period.last - period.first
    if length > LONGEST_BY_DAY:
        return "week", [_within(week, period) for week in weeks_of(period)]
    days = [period.first + DAY * n for n in range(length.days + 1)]
    return "day", [(day, day) for day in days]


def _within(week: date, period: Period) -> tuple[date, date]:
    return max(week, period.first), min(week + WEEK - DAY, period.last)


def _moments(first: date, last: date, now: datetime) -> tuple[datetime, datetime]:
    """From the midnight before the first day to that after the last."""
    since = datetime.combine(first, time(0), now.tzinfo)
    return since, datetime.combine(last + DAY, time(0), now.tzinfo)
