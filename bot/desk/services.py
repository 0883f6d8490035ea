"""The services of the desk that every front end calls, over one store."""

from __future__ import annotations

from dataclasses import dataclass

from bot.desk.canned_replies import CannedReplies
from bot.desk.consultations import DAYS
from bot.desk.consulting import Consulting
from bot.desk.desk import Desk
from bot.desk.out_of_office import OutOfOffice
from bot.desk.reviewing import Reviewing
from bot.desk.timekeeping import Timekeeper
from bot.store.base import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """They hold nothing themselves, so each is made when it is called."""

    store: Store
    desk: Desk
    consult_days: int = DAYS

    @property
    def consulting(self) -> Consulting:
        return Consulting(self.store, self.desk, days=self.consult_days)

    @property
    def reviewing(self) -> Reviewing:
        return Reviewing(self.store, self.desk)

    @property
    def timekeeper(self) -> Timekeeper:
        return Timekeeper(self.store, self.desk)

    @property
    def canned(self) -> CannedReplies:
        return CannedReplies(self.store, self.desk)

    @property
    def absences(self) -> OutOfOffice:
        return OutOfOffice(self.store, self.desk)
