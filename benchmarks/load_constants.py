"""
What the capacity model is made of, measured: see docs/operations.md, "Capacity".

    python -m benchmarks.load_constants [--seconds 3] [--streams 400]

Writes to PostgreSQL, each in a transaction of its own, by 1, 2 and 4 processes: messages into the
ledger, which wait for nobody, and lines of the audit log, of which each must wait for the one
before. Then one worker: its memory, what it takes while nobody asks, and while many pages are open
of which none does.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import secrets
import sys
import tempfile
import time
from asyncio.subprocess import PIPE
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Final

from aiohttp import ClientSession, TCPConnector

from benchmarks.load_servers import Contender, Used, on_postgres, postgres_server
from benchmarks.messages import LONG_S, ROOT, SAMPLE
from bot.desk.tickets import Event
from bot.store.sql import SqlStore
from bot.types import Address, Input, Message
from index.build import build
from index.encoders.choice import Choice
from knowledge.library import read_library
from tests.postgres import PostgresServer

WRITERS: Final = (1, 2, 4)
AT_ONCE: Final = 8  # transactions of one process
WRITES: Final = ("ledger", "audit")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--streams", type=int, default=400)
    parser.add_argument("--write", choices=WRITES, help="be one of the processes that write")
    parser.add_argument("--database", default="", help="its URL, for --write")
    given = parser.parse_args()
    if given.write:
        print(asyncio.run(write(given.database, given.write, given.seconds)))
        return
    asyncio.run(measure(given.seconds, given.streams))


async def measure(lasts_s: float, streams: int) -> None:
    with postgres_server() as postgres, tempfile.TemporaryDirectory() as name:
        for what in WRITES:
            for number in WRITERS:
                per_s = await written(postgres, what, number, lasts_s)
                print(f"{what:8} {number} processes: {per_s:8.0f} transactions a second")
        build(read_library([SAMPLE]).documents, Path(name) / "r", encoder=Choice().fit)
        async with on_postgres(Path(name) / "r", postgres, 1) as bot:
            await one_worker(bot, lasts_s, streams)
    print("load of the machine in the last minute:", round(os.getloadavg()[0], 1))


async def written(postgres: PostgresServer, what: str, number: int, lasts_s: float) -> float:
    """Transactions a second, by as many processes together."""
    url = postgres.url(postgres.empty())
    async with SqlStore.open(url):
        pass  # makes the tables
    words = ["-m", "benchmarks.load_constants", "--write", what, "--database", url]
    words += ["--seconds", str(lasts_s)]
    async with asyncio.timeout(LONG_S), asyncio.TaskGroup() as group:
        writers = [group.create_task(_output(words)) for _ in range(number)]
    return sum(writer.result() for writer in writers)


async def _output(words: list[str]) -> float:
    process = await asyncio.create_subprocess_exec(sys.executable, *words, cwd=ROOT, stdout=PIPE)
    said, _ = await process.communicate()
    return float(said)


async def write(url: str, what: str, lasts_s: float) -> float:
    """Write as fast as it goes; return the transactions a second, without those that begin it."""
    async with SqlStore.open(url) as store:
        await _write_one(store, what)
        done = count()
        end = time.monotonic() + lasts_s

        async def writer() -> None:
            while time.monotonic() < end:
                await _write_one(store, what)
                next(done)

        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(writer())
        return next(done) / lasts_s


async def _write_one(store: SqlStore, what: str) -> None:
    now, name = datetime.now(UTC), secrets.token_urlsafe(16)
    async with store.begin() as work:
        if what == "audit":
            await work.audit.note(Event(at=now, who="system", what="tried", text=name))
            return
        message = Message(
            id=name,
            address=Address("web", name),
            sender=name,
            kind=Input.TEXT,
            text="失业保险金每人每月多少元？",
            at=now,
        )
        await work.inbox.accept(message)


async def one_worker(bot: Contender, lasts_s: float, streams: int) -> None:
    pid = bot.workers[0]
    alone_mib = memory_mib(pid, "RssAnon")
    resident = memory_mib(pid, "VmRSS")
    idle = await _used(bot, lasts_s)
    print(f"a worker: {alone_mib:.0f} MiB of its own, {resident:.0f} with what is mapped")
    print(f"  nobody asks: {_cores(idle, lasts_s)}")
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(ClientSession(connector=TCPConnector(limit=0)))
        for _ in range(streams):
            chat = {"chat": secrets.token_urlsafe(24)}
            stream = await stack.enter_async_context(
                http.get(f"{bot.urls[0]}/api/events", params=chat)
            )
            await stream.content.readuntil(b"ready")
        await asyncio.sleep(lasts_s)  # the looks of a fresh page come closer together
        busy = await _used(bot, lasts_s)
        each_kib = 1024 * (memory_mib(pid, "RssAnon") - alone_mib) / streams
    print(f"{streams} open pages: {each_kib:.0f} KiB each; nobody asks: {_cores(busy, lasts_s)}")


def memory_mib(pid: int, name: str) -> float:
    """A field of a process's status, in MiB; see proc(5)."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.findall(rf"{name}:\s*(\d+)", status)[0]) / 1024


async def _used(bot: Contender, lasts_s: float) -> Used:
    before = Used.by(bot)
    await asyncio.sleep(lasts_s)
    return Used.by(bot).since(before)


def _cores(used: Used, lasts_s: float) -> str:
    worker, database = used.workers / lasts_s, used.database / lasts_s
    return f"{worker:.3f} cores, and {database:.3f} of the database"


if __name__ == "__main__":
    main()
