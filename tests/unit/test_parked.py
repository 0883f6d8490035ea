"""Updates that could not be taken: written down once, without what a person wrote."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import parked as parking
from bot.channels.base import Unfit
from bot.parked import StoredParking, parked_in
from bot.store.base import Store
from tests.unit.desk.office import store_of

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    async with store_of(request.param, tmp_path) as opened:
        yield opened


def unfit(number: int) -> Unfit:
    return Unfit(channel="telegram", update_id=str(number), kind="message", error="KeyError")


async def test_it_is_written_down_once(store: Store) -> None:
    place = StoredParking(store, clock=lambda: NOON)
    await place.reach()
    for number in (7, 7, 8):
        await place.park(unfit(number))
    found = await parked_in(store)
    assert [(one.update_id, one.kind, one.error, one.at) for one in found] == [
        ("8", "message", "KeyError", NOON),
        ("7", "message", "KeyError", NOON),
    ]


async def test_only_the_newest_are_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parking, "KEPT", 3)
    place = StoredParking(store, clock=lambda: NOON)
    for number in range(10):
        await place.park(unfit(number))
    assert [one.update_id for one in await parked_in(store)] == ["9", "8", "7"]
