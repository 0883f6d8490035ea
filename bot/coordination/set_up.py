"""What workers agree on by, as the database says."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.coordination.alone import Alone
from bot.coordination.base import Coordination
from bot.coordination.postgres import PostgresCoordination
from bot.store.dialect import asyncpg_arguments


@asynccontextmanager
async def coordination_of(database_url: str) -> AsyncIterator[Coordination]:
    """Several workers may share PostgreSQL; an SQLite file has one."""
    arguments = asyncpg_arguments(database_url)
    if arguments is None:
        yield Alone()
        return
    async with PostgresCoordination.open(arguments) as coordination:
        yield coordination
