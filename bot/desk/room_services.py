"""What the staff room works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.actions import Action
from bot.degrade.level import Level
from bot.degrade.levels import Levels
from bot.desk.concerns.service import Concerns
from bot.desk.disclosure.handling import Disclosures
from bot.desk.lookback.service import LookBack
from bot.desk.publishing.publishing import Publishing
from bot.desk.publishing.wordings import Wordings
from bot.desk.quoting import Quoting
from bot.desk.reports.reporter import Reporter
from bot.desk.services import Services
from bot.desk.tickets import Ticket
from bot.errors import NoSuchDepartment
from bot.searching import Searches
from knowledge.types import Lang


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomServices(Services):
    index: Searches
    disclosures: Disclosures
    concerns: Concerns
    lookback: LookBack
    publishing: Publishing
    level: Callable[[], Level] = lambda: Level.FULL  # of the worker that serves

    @property
    def wordings(self) -> Wordings:
        return Wordings(self.store, self.desk, self.publishing)

    @property
    def levels(self) -> Levels:
        return Levels(self.store, self.desk)

    @property
    def reporter(self) -> Reporter:
        return Reporter(self.store, self.desk)

    @property
    def quoting(self) -> Quoting:
        return Quoting(self.desk, self.index)

    @property
    def language(self) -> Lang:
        return self.desk.language

    async def ticket(self, number: int) -> Ticket:
        """Raise TicketNotFound."""
        ticket, _ = await self.desk.look(number)
        return ticket

    def department(self, action: Action) -> str:
        """The one that a button means. Raise NoSuchDepartment."""
        roster = self.desk.roster
        found = None if action.place is None else roster.numbered(action.place)
        if found is None:
            names = [one.name for one in roster.departments.values()]
            raise NoSuchDepartment(known=names)
        return found
