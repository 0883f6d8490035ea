"""Two workers of one bot, in one process: what they share is a PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.coordination.base import Coordination
from bot.coordination.set_up import coordination_of
from bot.store.base import Store
from bot.store.sql import SqlStore
from tests.postgres import PostgresServer


@pytest_asyncio.fixture
async def store(postgres_url: str) -> AsyncIterator[Store]:
    async with SqlStore.open(postgres_url) as opened:
        yield opened


@pytest_asyncio.fixture
async def two(postgres_url: str) -> AsyncIterator[tuple[Coordination, Coordination]]:
    async with coordination_of(postgres_url) as one, coordination_of(postgres_url) as other:
        yield one, other


class Line:
    """The connections on which the workers hold their locks."""

    def __init__(self, postgres: PostgresServer, database: str) -> None:
        self._postgres = postgres
        self._database = database

    def cut(self) -> None:
        """As when the server ends them: all locks are gone."""
        self._postgres.sql(
            self._database,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'mingbai coordination'",
        )


@pytest.fixture
def line(postgres: PostgresServer, postgres_database: str) -> Line:
    return Line(postgres, postgres_database)
