"""PostgreSQL is away for a while, or silent: an error at once, and afterwards all goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from bot.errors import StoreError
from bot.store import dialect
from bot.store.base import Work
from bot.store.sql import SqlStore
from bot.types import Address, Message
from tests.postgres import PostgresServer

ASKED = Message(
    id="m1",
    address=Address("web", "ann"),
    sender="ann",
    text="?",
    at=datetime(2026, 3, 2, 12, 0, tzinfo=UTC),
)


@pytest.fixture
def stopping(postgres: PostgresServer) -> Iterator[PostgresServer]:
    """The server of all tests, which runs again afterwards."""
    yield postgres
    postgres.start()


async def unfinished(block: Callable[[], AbstractAsyncContextManager[Work]]) -> int:
    async with block() as work:
        return len(await work.inbox.unfinished())


async def test_a_server_that_is_gone_is_an_error_at_once_and_back_it_is_used_again(
    stopping: PostgresServer, postgres_url: str
) -> None:
    async with SqlStore.open(postgres_url) as store:
        async with store.begin() as work:
            await work.inbox.accept(ASKED)
        stopping.stop()
        for block in (store.begin, store.read, store.begin):
            with pytest.raises(StoreError):
                async with asyncio.timeout(2):
                    await unfinished(block)
        stopping.start()
        assert [await unfinished(block) for block in (store.begin, store.read)] == [1, 1]


async def test_a_transaction_that_the_restart_cuts_off_leaves_nothing(
    stopping: PostgresServer, postgres_url: str
) -> None:
    async def cut_off(store: SqlStore) -> None:
        async with store.begin() as work:
            await work.inbox.accept(ASKED)
            stopping.stop()
            stopping.start()
            await work.inbox.unfinished()

    async with SqlStore.open(postgres_url) as store:
        with pytest.raises(StoreError):
            await cut_off(store)
        assert await unfinished(store.read) == 0


@dataclass(slots=True)
class Line:
    """Between a store and its server; it can be held, as a network that drops all packets does."""

    socket: str
    held: bool = False
    port: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        yield
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind, before = await asyncio.open_unix_connection(self.socket)
        for one, other in ((reader, before), (behind, writer)):
            self._tasks.add(asyncio.create_task(self._carry(one, other)))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while piece := await reader.read(1 << 16):
                if not self.held:
                    writer.write(piece)
                    await writer.drain()
        finally:
            writer.close()


async def test_a_server_that_is_silent_is_an_error_after_a_while(
    postgres: PostgresServer, postgres_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CONNECT_S", "STATEMENT_S", "SILENCE_S"):
        monkeypatch.setattr(dialect, name, 0.2)
    line = Line(f"{postgres.folder}/.s.PGSQL.5432")

    async def cut_off(store: SqlStore) -> None:
        async with store.begin() as work:
            line.held = True
            await work.inbox.accept(ASKED)

    async with line.open():
        url = f"postgresql+asyncpg://postgres@127.0.0.1:{line.port}/{postgres_database}"
        async with SqlStore.open(url) as store:
            assert await unfinished(store.begin) == 0
            async with asyncio.timeout(5):
                for wait in (cut_off(store), unfinished(store.begin), unfinished(store.read)):
                    with pytest.raises(StoreError):
                        await wait
            line.held = False
            assert await unfinished(store.begin) == 0


async def test_a_statement_that_takes_too_long_is_ended_by_the_server(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialect, "STATEMENT_S", 0.2)

    async def dawdle(store: SqlStore) -> None:
        async with store.begin() as work:
            await work.connection.execute(text("SELECT pg_sleep(20)"))

    async with SqlStore.open(postgres_url) as store:
        async with asyncio.timeout(5):
            with pytest.raises(StoreError, match="statement timeout"):
                await dawdle(store)
        assert await unfinished(store.begin) == 0


async def test_an_error_of_the_block_is_its_own(postgres_url: str) -> None:
    async def fail(store: SqlStore) -> None:
        async with store.begin():
            raise FileNotFoundError

    async with SqlStore.open(postgres_url) as store:
        with pytest.raises(FileNotFoundError):
            await fail(store)
