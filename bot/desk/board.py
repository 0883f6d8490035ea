"""
What staff see of tickets in their room: a card for each, or one message that lists many.

A group takes twenty messages a minute, and nobody reads as many: when many tickets come at once
they are listed, and a card comes when somebody wants it. All of it is part of the transaction in
which something happens to a ticket.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.desk import card_buttons, cards, consultation_pages, list_pages, notices
from bot.desk.consultations import Consultation
from bot.desk.digests import Digest
from bot.desk.disclosure.card import shown
from bot.desk.publishing.publication import ALIVE, Publication
from bot.desk.roster import Roster
from bot.desk.tickets import ACTIVE, State, Ticket, TicketKind
from bot.render import Page
from bot.store.base import Work
from bot.types import Address, Delivery
from knowledge.types import Lang

MOST_CARDS: Final = 5  # new ones within FRESH
MOST_WAITING: Final = 10  # messages that wait to be sent to the room
FRESH: Final = timedelta(minutes=1)  # a digest grows so long, and rings once
LINES: Final = 10  # tickets of a digest


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """For whom, and when."""

    room: Address
    language: Lang
    roster: Roster
    at: datetime  # at the bureau


class Board:
    def __init__(self) -> None:
        self._made: deque[datetime] = deque(maxlen=MOST_CARDS)  # when the last cards were made

    async def post(
        self, work: Work, ticket: Ticket, view: View, *, anew: bool = False
    ) -> Delivery:
        """The card of a ticket, in its place or anew; a digest where cards would be too many."""
        key = cards.key(ticket.id)
        digest = None if anew else await self._digest(work, ticket.id, view, key)
        if digest is None:
            page = cards.card(
                ticket,
                language=view.language,
                roster=view.roster,
                clock=notices.clock_lines(ticket, language=view.language, at=view.at),
                consulted=await _consulted(work, ticket, view),
                request=await shown(work, ticket, at=view.at),
                zone=view.at.tzinfo or UTC,
            )
            if await _is_proposable(work, ticket):
                row = card_buttons.publish(ticket, view.language)
                page = replace(page, buttons=(*page.buttons, row))
            return _delivery(view, page, key=key, ticket_id=ticket.id, anew=anew)
        tickets = [await work.tickets.get(number) for number in digest.tickets]
        page = list_pages.new(tickets, language=view.language, roster=view.roster, at=view.at)
        return _delivery(view, page, key=digest.key)

    async def _digest(self, work: Work, ticket_id: int, view: View, key: str) -> Digest | None:
        """The digest that a ticket stands in for want of a card; None if it has or gets one."""
        if await work.outbox.known(view.room, key):
            return None
        busy = len(self._made) == MOST_CARDS and view.at - self._made[0] < FRESH
        if not busy and await work.outbox.waiting(view.room) < MOST_WAITING:
            self._made.append(view.at)
            return None
        return await _entered(work, ticket_id, view.at)


async def _entered(work: Work, ticket_id: int, at: datetime) -> Digest:
    register = work.entries(Digest)
    for last in await register.find(newest=True, limit=1):
        if ticket_id in last.tickets:
            return last
        if len(last.tickets) < LINES and at - last.begun < FRESH:
            return await register.save(replace(last, tickets=(*last.tickets, ticket_id)))
        await register.remove(last.id)
    return await register.add(Digest(tickets=(ticket_id,), begun=at))


async def _consulted(work: Work, ticket: Ticket, view: View) -> Sequence[str]:
    """What other departments are asked about it, and what they said."""
    if ticket.state not in ACTIVE:
        return ()
    found = await work.entries(Consultation).find(ticket_id=ticket.id)
    return consultation_pages.lines(found, language=view.language, roster=view.roster, at=view.at)


async def _is_proposable(work: Work, ticket: Ticket) -> bool:
    """Whether its reply may become an answer for everybody: not while it is one, or waits."""
    answered = ticket.state in {State.ANSWERED, State.RATED}
    if ticket.kind is not TicketKind.CONSULTATION or not answered:
        return False
    known = await work.entries(Publication).find(ticket_id=ticket.id)
    return not any(one.stage in ALIVE for one in known)


def _delivery(
    view: View, page: Page, *, key: str, ticket_id: int | None = None, anew: bool = False
) -> Delivery:
    return Delivery(
        to=view.room,
        body=page.body,
        buttons=page.buttons,
        key=key,
        ticket_id=ticket_id,
        anew=anew,
    )
