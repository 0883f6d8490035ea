"""
What a published answer is worth: how often it is given, and what of the past it would answer.

Of what staff had to answer, the questions about the like are asked again of the release that is
served. A question is about the like as in past.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import structlog

from bot.desk import paging
from bot.desk.desk import Desk
from bot.desk.paging import each
from bot.desk.past import ALIKE
from bot.desk.publishing.publication import OUT, Publication
from bot.desk.publishing.records import Tally, Use
from bot.desk.publishing.served import Serves
from bot.desk.similar import MOST, Asked
from bot.desk.tickets import State, Ticket
from bot.errors import StoreError
from bot.store.base import Sought, Store
from index.errors import SearchError

COMPARED: Final = 50  # the nearest questions of the past
_PAGE: Final = 200
_EVERY: Final = frozenset(State)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Like:
    """Questions about the like that went to staff."""

    before: int = 0  # before it was served
    now: int = 0  # of them, those that the release answers with it
    since: int = 0  # and those that went to staff all the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    publication: Publication
    tally: Tally  # how often it was given, and what citizens called it
    like: Like | None  # None: not counted yet

    @property
    def share(self) -> float | None:
        """Of what is asked about the like since it is served, what the bot answers with it."""
        if self.like is None:
            return None
        asked = self.tally.given + self.like.since
        return self.tally.given / asked if asked else None


async def worth(store: Store, desk: Desk, index: Serves) -> Sequence[Worth]:
    """Of each that was published, the oldest first. It takes a search for each old question."""
    async with store.read() as work:
        known = await work.entries(Publication).find()
    out = [one for one in known if one.stage in OUT]
    if not out:
        return ()
    tallies, past = await _tallies(store, out), await _Past.read(store)
    return [
        Worth(publication=one, tally=tallies[one.id], like=await past.like(one, desk, index))
        for one in out
    ]


class Worths:
    """
    The same for a page that does not wait: what is shown is counted behind it, once a day and for
    each release; how often an answer was given is told as it is now.
    """

    def __init__(self, store: Store, desk: Desk, index: Serves) -> None:
        self._store = store
        self._desk = desk
        self._index = index
        self._counted: dict[int, Like] = {}
        self._counted_for: tuple[str, date] | None = None  # release and day
        self._wanted: dict[int, Publication] = {}
        self._counting: asyncio.Task[None] | None = None

    async def of(self, shown: Sequence[Publication]) -> Mapping[int, Worth]:
        """By the answer's number. What is not counted yet will be the next time."""
        now = self._index.release, self._desk.clock().date()
        if self._counted_for != now:
            self._counted_for, self._counted = now, {}
        self._wanted.update((one.id, one) for one in shown if one.id not in self._counted)
        if self._wanted and (self._counting is None or self._counting.done()):
            self._counting = asyncio.create_task(self._count())
        tallies = await _tallies(self._store, shown)
        return {
            one.id: Worth(publication=one, tally=tallies[one.id], like=self._counted.get(one.id))
            for one in shown
        }

    async def _count(self) -> None:
        """One search at a time: citizens are answered between them."""
        try:
            past = await _Past.read(self._store)
            while self._wanted:
                number, one = next(iter(self._wanted.items()))
                counted, counted_for = self._counted, self._counted_for
                like = await past.like(one, self._desk, self._index)
                if counted_for == self._counted_for:
                    counted[number] = like
                    del self._wanted[number]
        except (StoreError, SearchError) as error:  # the page that is opened next tries again
            log.warning("publishing.not_counted", error=str(error))


@dataclass(frozen=True, slots=True)
class _Past:
    """The questions that went to staff last, whose words are not erased."""

    asked: Asked
    tickets: Mapping[int, Ticket]

    @classmethod
    async def read(cls, store: Store) -> _Past:
        asked, tickets = Asked(MOST), dict[int, Ticket]()
        async for ticket in each(paging.tickets(store, Sought(states=_EVERY), size=_PAGE)):
            if ticket.question:
                asked.add(ticket.id, ticket.question)
                tickets[ticket.id] = ticket
        return cls(asked, tickets)

    async def like(self, one: Publication, desk: Desk, index: Serves) -> Like:
        near = self.asked.nearest(one.question, limit=COMPARED)
        numbers = {one.ticket_id} | {each.number for each in near if each.score >= ALIKE}
        alike = [self.tickets[number] for number in sorted(numbers & self.tickets.keys())]
        before = [each for each in alike if one.told is None or each.opened < one.told]
        return Like(
            before=len(before),
            now=sum([await _answers(one, each, desk, index) for each in before]),
            since=len(alike) - len(before),
        )


async def _tallies(store: Store, of: Collection[Publication]) -> Mapping[int, Tally]:
    """By the answer's number, with what was not added up yet."""
    numbers = tuple(one.id for one in of)
    async with store.read() as work:
        known = await work.entries(Tally).find(publication=numbers)
        uses = await work.entries(Use).find(publication=numbers)
    tallies = {number: Tally(publication=number) for number in numbers}
    tallies |= {one.publication: one for one in known}
    for use in uses:
        tallies[use.publication] = tallies[use.publication].plus(use)
    return tallies


async def _answers(one: Publication, ticket: Ticket, desk: Desk, index: Serves) -> bool:
    found = await index.search(ticket.question, on=desk.clock().date())
    return found is not None and found.answer is not None and found.answer.document.id == one.name
