"""The stores that must behave alike. To add one, add it to STORES."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio

from bot.store.base import Store
from bot.store.memory import MemoryStore
from bot.store.sql import SqlStore


@asynccontextmanager
async def in_memory(_request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    yield MemoryStore()


def in_sqlite(request: pytest.FixtureRequest) -> AbstractAsyncContextManager[Store]:
    folder: Path = request.getfixturevalue("tmp_path")
    return SqlStore.open(f"sqlite+aiosqlite:///{folder}/store.sqlite")


def in_postgresql(request: pytest.FixtureRequest) -> AbstractAsyncContextManager[Store]:
    url: str = request.getfixturevalue("postgres_url")
    return SqlStore.open(url)


STORES: Final[
    Mapping[str, Callable[[pytest.FixtureRequest], AbstractAsyncContextManager[Store]]]
] = {
    "memory": in_memory,
    "sqlite": in_sqlite,
    "postgresql": in_postgresql,
}


@pytest_asyncio.fixture(params=STORES)
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    async with STORES[request.param](request) as opened:
        yield opened
