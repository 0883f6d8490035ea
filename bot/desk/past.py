"""
Tickets about the like: what staff answered before, and who else waits with the same question.

The questions asked last are compared in memory. They are read when the bot starts, and what came
since is read before each comparison; answers are read from the store when they are needed, for
they come later than the questions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.desk import paging
from bot.desk.paging import each
from bot.desk.similar import MOST, Asked
from bot.desk.tickets import ACTIVE, SimilarTicket, State, Ticket, TicketKind
from bot.store.base import Sought, Store, Work

# Measured on two sets of citizens' questions, each compared with those before it: of the nearest
# above this, four in five on policies (675) and two in five on laws (1,235) are answered by the
# same document; below it the shares fall.
ALIKE: Final = 0.4
# The same terms. Questions that differ in one word reach 0.96, and it may be 出租人 for 承租人.
SAME: Final = 0.99
SHOWN: Final = 3
LONGEST: Final = 300  # characters of a question and of a reply that are kept with the new ticket
_COMPARED: Final = 12  # tickets that are read from the store
_PAGE: Final = 50  # that are read at once, while nobody else is served; and while a citizen waits
_EVERY: Final = frozenset(State)


@dataclass(frozen=True, slots=True)
class Alike:
    similar: tuple[SimilarTicket, ...] = ()  # answered ones, the most alike first
    duplicate: int | None = None  # another citizen's that asks the same, and waits


class PastTickets:
    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._asked = Asked(most)

    async def read(self, store: Store) -> None:
        """Read what was asked last, in pages: each is a transaction of its own."""
        asked = Asked(self._most)
        async with store.read() as work:
            last = await work.tickets.find(Sought(states=_EVERY, newest=True, limit=1))
        after = max(0, last[0].id - self._most) if last else 0
        every = Sought(states=_EVERY, after=after)
        async for ticket in each(paging.tickets(store, every, size=_PAGE)):
            asked.add(ticket.id, ticket.question)
        self._asked = asked

    async def alike(self, work: Work, ticket: Ticket) -> Alike:
        """
        Compare a ticket with those before it, in the transaction that opens it.

        Nothing is found before `read` has ended, unless there are only a few.
        """
        await self._catch_up(work, ticket.id)
        near = self._asked.nearest(ticket.question, limit=_COMPARED)
        found = [
            (await work.tickets.get(one.number), one.score) for one in near if one.score >= ALIKE
        ]
        similar = [_similar(one, score) for one, score in found if one.reply and one.question]
        same = [one.id for one, score in found if score >= SAME and _is_duplicate(one, ticket)]
        return Alike(tuple(similar[:SHOWN]), min(same, default=None))

    async def _catch_up(self, work: Work, number: int) -> None:
        """Read what came before that number; not itself, which may yet be given up."""
        sought = Sought(states=_EVERY, after=self._asked.last, limit=_PAGE)
        unread = await work.tickets.find(sought)
        if len(unread) == _PAGE and not len(self._asked):
            return  # there are many, and nobody waits while they are read
        for ticket in unread:
            if ticket.id < number:
                self._asked.add(ticket.id, ticket.question)


def _similar(ticket: Ticket, score: float) -> SimilarTicket:
    return SimilarTicket(
        ticket_id=ticket.id,
        question=ticket.question[:LONGEST],
        reply=(ticket.reply or "")[:LONGEST],
        score=round(score, 3),
    )


def _is_duplicate(other: Ticket, ticket: Ticket) -> bool:
    """Only of questions: whoever complains or applies is owed a reply of their own."""
    questions = {other.kind, ticket.kind} == {TicketKind.CONSULTATION}
    return questions and other.state in ACTIVE and other.asked_from != ticket.asked_from
