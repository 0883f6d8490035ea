"""
What every service of the desk works with, and how a move is written down.

A move is one transaction: the ticket with its clocks and lease, the audit log, the card and what
the citizen is told are written together or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from bot.actions import Action
from bot.desk import cards, handover, once
from bot.desk.board import Board, View
from bot.desk.clocks import Clocks
from bot.desk.disclosure.duty import require_letter
from bot.desk.merged import answered_in, askers
from bot.desk.moves import MOVES, Move, Who
from bot.desk.past import PastTickets
from bot.desk.reception import Reception
from bot.desk.roster import OPEN, Role, Roster
from bot.desk.tickets import ACTIVE, Agent, Event, State, Ticket
from bot.errors import NobodyToTell, TicketChanged
from bot.render import Bureau, Page
from bot.store.base import Store, Work
from bot.store.blank import NOWHERE
from bot.types import Address, Delivery
from knowledge.types import Lang

CITIZEN: Final = "citizen"  # who, in the audit log
SYSTEM: Final = "system"
ASKED: Final = "asked to take it"  # what, in the audit log: somebody of the department
LEASE: Final = timedelta(hours=24)
_ROLES: Final = {Who.SUPERVISOR: Role.SUPERVISOR, Who.REVIEWER: Role.REVIEWER}


class Bookkeeping:
    def __init__(  # noqa: PLR0913 - each a part that another bureau has otherwise
        self,
        store: Store,
        *,
        bureau: Bureau,
        clock: Callable[[], datetime],
        room: Address | None = None,
        language: Lang = Lang.ZH_HANS,
        roster: Roster = OPEN,
        clocks: Clocks | None = None,
        lease: timedelta = LEASE,
        names: bool = False,
        topics: bool = False,
    ) -> None:
        """
        `room` is where cards go; without it staff use the terminal. `lease` is how long a holder
        keeps a ticket without doing anything. With `names` citizens are told who has theirs, else
        which department. With `topics` each ticket has a topic of its own in the room.
        """
        self._store = store
        self.clocks = clocks or Clocks()
        self._lease = lease
        self._names = names
        self._topics = topics
        self._board = Board()
        self._reception = Reception(
            past=PastTickets(), calendar=self.clocks.calendar, language=language
        )
        self.bureau = bureau
        self.clock = clock
        self.room = room
        self.language = language
        self.roster = roster

    def follow(self, roster: Roster) -> None:
        """Work by another roster from now on."""
        self.roster = roster

    async def read_past(self) -> None:
        """Read what was asked before, to be compared with what is asked. Once, beside the rest."""
        await self._reception.past.read(self._store)

    async def moved(
        self,
        work: Work,
        before: Ticket,
        move: Move,
        after: Ticket,
        agent: Agent | None = None,
        *,
        why: str = "",
        text: str = "",
    ) -> Ticket:
        """Write a move down: the ticket with its clocks and lease, the audit log, the card."""
        self._require_role(before, move, agent)
        await require_letter(work, before, move, text)
        now = self.clock()
        after = replace(_settled(after), lease=self._lease_after(before, move, after))
        after = replace(after, deadlines=self.clocks.moved(before, move, after, now))
        placed = await self._reception.placed(work, before, after, self.roster, at=now)
        saved = await work.tickets.save(placed)
        who = agent.id if agent else CITIZEN if MOVES[move].who is Who.CITIZEN else SYSTEM
        await self.note(work, saved, who, move, why=why, text=text)
        if saved.assigned is not None and saved.assigned != after.assigned:
            await self.note(work, saved, SYSTEM, ASKED, text=saved.assigned.name)
        await self.show(work, saved)
        await self._say_who_speaks(work, before, saved)
        return saved

    async def _say_who_speaks(self, work: Work, before: Ticket, after: Ticket) -> None:
        """To whoever asked, and to those whose tickets were merged into it."""
        told = partial(
            handover.told, before, names=self._names, roster=self.roster, bureau=self.bureau
        )
        if told(after) is None:
            return
        for one in await askers(work, after):
            page = told(replace(after, id=one.id, language=one.language))
            if page is not None:
                await self.send(work, one.asked_from, page, ticket_id=one.id)

    def _lease_after(self, before: Ticket, move: Move, after: Ticket) -> datetime | None:
        """What the citizen does is no work of the holder's: the lease runs on."""
        if after.state is not State.CLAIMED:
            return None
        if MOVES[move].who is Who.CITIZEN and before.lease is not None:
            return before.lease
        return self.clock() + self._lease

    async def note(
        self, work: Work, ticket: Ticket, who: str, what: str, *, why: str = "", text: str = ""
    ) -> None:
        event = Event(ticket_id=ticket.id, at=self.clock(), who=who, what=what, why=why, text=text)
        await self.log(work, event)

    async def log(self, work: Work, event: Event) -> None:
        """Every line of the audit log that comes of staff is written here; see once.py."""
        await once.log(work, event, language=self.language)

    async def show(self, work: Work, ticket: Ticket, *, anew: bool = False) -> None:
        """Bring the card of a ticket up to date; `anew`: below what was said meanwhile."""
        if self.room is not None:
            view = View(
                room=self.room, language=self.language, roster=self.roster, at=self.clock()
            )
            await self.enqueue(work, await self._board.post(work, ticket, view, anew=anew))

    async def send(
        self,
        work: Work,
        to: Address,
        page: Page,
        *,
        ticket_id: int | None = None,
        expects: Action | None = None,
    ) -> None:
        """
        `expects` is what an answer to this message is for. Whoever had their chat erased is told
        nothing.
        """
        if to.chat in NOWHERE:
            return
        delivery = Delivery(
            to=to,
            body=page.body,
            buttons=page.buttons,
            attachment=page.attachment,
            ticket_id=ticket_id,
            expects=str(expects or ""),
        )
        await self.enqueue(work, delivery)

    async def enqueue(self, work: Work, delivery: Delivery) -> None:
        """On its way; what is about a ticket goes into its topic, where there are topics."""
        if self._topics and delivery.to == self.room and delivery.ticket_id is not None:
            ticket = await work.tickets.get(delivery.ticket_id)
            delivery = replace(delivery, topic=cards.topic(ticket, self.language))
        await work.outbox.enqueue(delivery, at=self.clock())

    async def as_seen(self, work: Work, ticket_id: int, version: int | None) -> Ticket:
        """
        The ticket, in the transaction of whatever somebody decided when they saw that version.

        None: it does not matter what happened meanwhile. Raise TicketChanged, TicketNotFound.
        """
        ticket = await work.tickets.get(ticket_id)
        require_seen(ticket, version)
        return ticket

    async def require_told(self, work: Work, ticket: Ticket) -> None:
        """Raise NobodyToTell where the chats of all who asked are erased."""
        if all(one.asked_from.chat in NOWHERE for one in await askers(work, ticket)):
            raise NobodyToTell(ticket.id)

    async def where_answered(self, work: Work, ticket_id: int) -> Ticket:
        """The ticket, or the one that it was merged into."""
        return await answered_in(work, await work.tickets.get(ticket_id))

    def _require_role(self, before: Ticket, move: Move, agent: Agent | None) -> None:
        """An agent's moves are an agent's; a reply under review goes out by a reviewer."""
        reviewed = move is Move.ANSWER and before.state is State.REVIEWING
        role = Role.REVIEWER if reviewed else _ROLES.get(MOVES[move].who, Role.AGENT)
        if agent is not None:
            self.roster.require_role(agent, role)


def require_seen(ticket: Ticket, version: int | None) -> None:
    """Raise TicketChanged where that version is given, and it is not the ticket's any more."""
    if version not in {None, ticket.version}:
        raise TicketChanged(ticket.id)


def _settled(ticket: Ticket) -> Ticket:
    """Once nobody works on it, without words of other tickets: those have their own time."""
    if ticket.state in ACTIVE | {State.ANSWERED, State.RATED}:
        return ticket
    return replace(ticket, evidence=replace(ticket.evidence, similar=()))
