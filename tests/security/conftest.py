from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.world import World, world


@pytest.fixture
async def bot(releases: Path, tmp_path: Path) -> AsyncIterator[World]:
    async with world(releases, tmp_path) as running:
        yield running
