"""What is in force is told by the bureau's day, wherever the machine stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.app import running
from bot.config import Settings
from bot.store.memory import MemoryStore
from bot.types import Address, Message
from index.types import Found
from tests.unit.shelf import Shelf

EAST, WEST = "Pacific/Kiritimati", "Pacific/Niue"  # 25 hours apart: never the same day


@dataclass(slots=True)
class Asked(Shelf):
    release: str = "first"
    problem: str = ""
    away: None = None
    days: list[date] = field(default_factory=list)

    async def search(self, question: str, /, *, on: date) -> Found | None:
        self.days.append(on)
        return await Shelf.search(self, question, on=on)


@pytest.mark.parametrize("zone", [EAST, WEST])
async def test_a_question_is_asked_as_of_the_day_at_the_bureau(zone: str) -> None:
    settings = Settings.read({"timezone": zone, "web": False, "_env_file": None})
    index = Asked()
    before = datetime.now(ZoneInfo(zone)).date()
    message = Message(
        id="1",
        address=Address("web", "a"),
        sender="a",
        text="游船泊位怎么收费？",
        at=datetime.now(UTC),
    )
    async with running(settings, MemoryStore(), index) as app:
        await app.dispatcher.receive([message])
    assert set(index.days) <= {before, before + timedelta(days=1)}
    assert index.days


def test_two_bureaus_may_have_two_days() -> None:
    days = [Settings.read({"timezone": zone, "_env_file": None}).day() for zone in (EAST, WEST)]
    assert days[0] > days[1]
