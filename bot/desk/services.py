"""The services of the desk that front ends call, over one store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from bot.desk.canned_replies import CannedReplies
from bot.desk.consultations import DAYS
from bot.desk.consulting import Consulting
from bot.desk.desk import Desk
from bot.desk.reviewing import Reviewing
from bot.store.base import Store


@dataclass(frozen=True, slots=True)
class Services:
    desk: Desk
    consulting: Consulting
    reviewing: Reviewing
    canned: CannedReplies

    @classmethod
    def over(cls, store: Store, desk: Desk, *, consult_days: int = DAYS) -> Self:
        return cls(
            desk,
            Consulting(store, desk, days=consult_days),
            Reviewing(store, desk),
            CannedReplies(store, desk),
        )
