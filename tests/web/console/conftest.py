from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.web.console.harness import Front, front_of


@pytest.fixture
async def front() -> AsyncIterator[Front]:
    """A desk without a roster: whoever has an account may do what an open desk allows."""
    async with front_of() as opened:
        yield opened
