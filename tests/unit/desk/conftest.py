"""The desk that most of these tests work at."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.memory import MemoryStore
from tests.unit.desk.office import Office, store_of


@pytest.fixture
def office() -> Office:
    return Office(MemoryStore())


@pytest.fixture(params=["memory", "sqlite"])
async def stored(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    """Where the store matters."""
    async with store_of(request.param, tmp_path) as store:
        yield Office(store)
