from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.store.memory import MemoryStore
from tests.web.harness import Site, site_of


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with site_of(MemoryStore()) as opened:
        yield opened
