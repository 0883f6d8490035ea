"""
What a published answer is worth: how often it is given, and what of the past it would answer.

Of what staff had to answer, the questions about the like are asked again of the release that is
served. A question is about the like as in past.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.desk import paging
from bot.desk.desk import Desk
from bot.desk.paging import each
from bot.desk.past import ALIKE
from bot.desk.publishing.publication import OUT, Publication
from bot.desk.publishing.records import Tally, Use
from bot.desk.publishing.served import Serves
from bot.desk.similar import MOST, Asked
from bot.desk.tickets import State, Ticket
from bot.store.base import Sought, Store

COMPARED: Final = 50  # the nearest questions of the past
_PAGE: Final = 200
_EVERY: Final = frozenset(State)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    publication: Publication
    before: int = 0  # questions about the like that went to staff before it was served
    now: int = 0  # of them, those that the release answers with it
    given: int = 0  # times that it was given
    helpful: int = 0  # of them, those that the citizen called so
    unhelpful: int = 0
    since: int = 0  # questions about the like that went to staff all the same

    @property
    def share(self) -> float | None:
        """Of what is asked about the like since it is served, what the bot answers with it."""
        asked = self.given + self.since
        return self.given / asked if asked else None


async def worth(store: Store, desk: Desk, index: Serves) -> Sequence[Worth]:
    """Of each that was published, the oldest first."""
    async with store.begin() as work:
        known = await work.entries(Publication).find()
        uses = await work.entries(Use).find()
        tallies = {one.publication: one for one in await work.entries(Tally).find()}
    out = [one for one in known if one.stage in OUT]
    if not out:
        return ()
    asked, tickets = await _tickets(store)
    found: list[Worth] = []
    for one in out:
        near = asked.nearest(one.question, limit=COMPARED)
        numbers = {one.ticket_id} | {each.number for each in near if each.score >= ALIKE}
        alike = [tickets[number] for number in sorted(numbers & tickets.keys())]
        tally = tallies.get(one.id, Tally(publication=one.id))
        for use in uses:
            tally = tally.plus(use) if use.publication == one.id else tally
        found.append(await _worth(one, alike, tally, desk, index))
    return found


async def _worth(
    one: Publication,
    alike: Sequence[Ticket],
    tally: Tally,
    desk: Desk,
    index: Serves,
) -> Worth:
    before = [each for each in alike if one.told is None or each.opened < one.told]
    return Worth(
        publication=one,
        before=len(before),
        now=sum([await _answers(one, each, desk, index) for each in before]),
        given=tally.given,
        helpful=tally.helpful,
        unhelpful=tally.unhelpful,
        since=len(alike) - len(before),
    )


async def _answers(one: Publication, ticket: Ticket, desk: Desk, index: Serves) -> bool:
    found = await index.search(ticket.question, on=desk.clock().date())
    return found is not None and found.answer is not None and found.answer.document.id == one.name


async def _tickets(store: Store) -> tuple[Asked, dict[int, Ticket]]:
    """The questions that went to staff last, whose words are not erased."""
    asked, tickets = Asked(MOST), dict[int, Ticket]()
    async for ticket in each(paging.tickets(store, Sought(states=_EVERY), size=_PAGE)):
        if ticket.question:
            asked.add(ticket.id, ticket.question)
            tickets[ticket.id] = ticket
    return asked, tickets
