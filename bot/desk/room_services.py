"""What the staff room works with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.actions import Action
from bot.desk.canned_replies import CannedReplies
from bot.desk.consulting import Consulting
from bot.desk.desk import Desk
from bot.desk.out_of_office import OutOfOffice
from bot.desk.quoting import Quoting
from bot.desk.reviewing import Reviewing
from bot.desk.tickets import Ticket
from bot.desk.timekeeping import Timekeeper
from bot.errors import NoSuchDepartment, TicketNotFound
from bot.searching import Searches
from bot.store.base import Store
from knowledge.types import Lang

LARGEST: Final = 10**9  # ticket numbers that a database surely holds


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomServices:
    store: Store
    desk: Desk
    quoting: Quoting
    consulting: Consulting
    reviewing: Reviewing
    timekeeper: Timekeeper
    canned: CannedReplies
    absences: OutOfOffice

    @classmethod
    def of(cls, store: Store, desk: Desk, index: Searches, *, consult_days: int) -> RoomServices:
        return cls(
            store=store,
            desk=desk,
            quoting=Quoting(desk, index),
            consulting=Consulting(store, desk, days=consult_days),
            reviewing=Reviewing(store, desk),
            timekeeper=Timekeeper(store, desk),
            canned=CannedReplies(store, desk),
            absences=OutOfOffice(store, desk),
        )

    @property
    def language(self) -> Lang:
        return self.desk.language

    async def ticket(self, number: int) -> Ticket:
        """Raise TicketNotFound, whatever was typed."""
        if number >= LARGEST:
            raise TicketNotFound(number)
        ticket, _ = await self.desk.look(number)
        return ticket

    def department(self, action: Action) -> str:
        """The one that a button means. Raise NoSuchDepartment."""
        roster = self.desk.roster
        found = None if action.place is None else roster.numbered(action.place)
        if found is None:
            names = [one.name for one in roster.departments.values()]
            raise NoSuchDepartment(str(action.place), known=names)
        return found
