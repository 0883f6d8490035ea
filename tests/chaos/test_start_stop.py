"""
The real process, begun and ended on bad days: it says what is wrong and goes on by itself.

A start takes seconds, most of them for torch; so these tests are slow ones.
"""

from __future__ import annotations

import asyncio
import secrets
import shutil
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Final

import aiohttp
import pytest
from aiohttp import web

from index.release import current
from tests.chaos.process import START_S, STOP_S, Process, process
from tests.e2e.world import STAFF, Browser
from tests.telegram.client import Person
from tests.telegram.fake_api import TOKEN, FakeTelegram
from tests.web.harness import Stream

KNOWN: Final = "2027年居民医保新生儿怎么参保？"
UNKNOWN: Final = "瞭望塔上的灯笼鱼怎么申报年检？"
RELOAD_S: Final = 0.5

pytestmark = pytest.mark.slow


class SlowTelegram(FakeTelegram):
    """Takes its time for each message that the bot sends, or for ever."""

    def __init__(self) -> None:
        super().__init__()
        self.takes_s = 0.0

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        answer = await super()._serve(request)
        if request.match_info["method"] == "sendMessage":
            await asyncio.sleep(self.takes_s)
        return answer


def settings(folder: Path, releases: Path, **more: str) -> dict[str, str]:
    return {
        "WEB_PORT": "0",
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'bot.sqlite'}",
        "RELEASES": str(releases),
        "RELOAD_S": str(RELOAD_S),
        **more,
    }


def telegram(server: FakeTelegram) -> dict[str, str]:
    server.chats.open_group(STAFF, "客服群")
    return {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": server.url,
        "TELEGRAM_STAFF_CHAT": str(STAFF),
    }


async def page_of(bot: Process) -> str:
    return (await bot.until("web page")).removeprefix("web page   on: ")


@asynccontextmanager
async def browser(url: str) -> AsyncIterator[Browser]:
    chat = secrets.token_urlsafe(24)
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{url}/api/events", params={"chat": chat}) as response,
    ):
        yield Browser(http, url, chat, Stream(response))


async def test_it_ends_in_time_and_finishes_what_is_in_flight(
    tmp_path: Path, releases: Path
) -> None:
    """The Bot API is slow, a page is open, and a question has just come."""
    async with (
        SlowTelegram() as server,
        process(tmp_path, settings(tmp_path, releases, **telegram(server))) as bot,
    ):
        url = await page_of(bot)
        await bot.until("index      on")
        wang = Person(server)
        wang.send(KNOWN)
        await wang.hears(timeout_s=20)
        async with browser(url) as citizen:
            server.takes_s = 1.0
            wang.send(KNOWN)
            await server.changes.until(lambda: not server.updates.pending, timeout_s=10)
            await citizen.send(KNOWN)
            assert await bot.stop() < STOP_S
        assert "新生儿" in (await wang.hears()).text
        assert await bot.wait() == 0
    assert states(tmp_path) == {"finished": 3, "sent": 3}


async def test_it_ends_in_time_while_telegram_is_silent(tmp_path: Path, releases: Path) -> None:
    """What was not sent stays in the outbox; nothing is lost."""
    async with (
        SlowTelegram() as server,
        process(tmp_path, settings(tmp_path, releases, **telegram(server))) as bot,
    ):
        await bot.until("index      on")
        wang = Person(server)
        server.takes_s = 3600.0
        wang.send(KNOWN)
        await server.changes.until(lambda: server.calls_of("sendMessage"), timeout_s=20)
        assert await bot.stop() < STOP_S
        assert await bot.wait() == 0
        assert states(tmp_path) == {"finished": 1, "pending": 1}


async def test_it_ends_at_once_while_it_starts(tmp_path: Path, releases: Path) -> None:
    with locked(tmp_path):
        async with process(tmp_path, settings(tmp_path, releases)) as bot:
            await bot.until("database   waits")
            assert await bot.stop() < STOP_S
            assert await bot.wait() == 0


async def test_a_database_that_another_program_has_locked_is_waited_for(
    tmp_path: Path, releases: Path
) -> None:
    async with process(tmp_path, settings(tmp_path, releases)) as bot:
        with locked(tmp_path):
            assert "locked" in await bot.until("database   waits")
        async with browser(await page_of(bot)) as citizen:
            await citizen.send(KNOWN)
            assert "新生儿" in await citizen.hears_text()


async def test_without_telegram_the_page_serves_and_later_telegram_as_well(
    tmp_path: Path, releases: Path
) -> None:
    async with FakeTelegram() as server:
        given = settings(tmp_path, releases, **telegram(server))
        port = int(server.url.rpartition(":")[2])
        await server.stop()
        async with process(tmp_path, given) as bot:
            async with browser(await page_of(bot)) as citizen:
                await citizen.send(UNKNOWN)
                assert "编号 1" in await citizen.hears_text()
            wang = Person(server)
            wang.send(KNOWN)
            await server.start(port)
            assert "新生儿" in (await wang.hears(timeout_s=40)).text
            agent = Person(server, 7, chat=STAFF)
            agent._read = 0  # noqa: SLF001 - what the group was told before they came
            assert UNKNOWN in (await agent.hears(timeout_s=40)).text


async def test_without_a_release_people_answer_until_there_is_one(
    tmp_path: Path, releases: Path
) -> None:
    mine = tmp_path / "releases"
    async with process(tmp_path, settings(tmp_path, mine)) as bot:
        url = await page_of(bot)
        assert str(mine) in await bot.until("index      off")
        async with browser(url) as citizen:
            await citizen.send(KNOWN)
            assert "编号 1" in await citizen.hears_text()
            shutil.copytree(releases, mine)
            await served(tmp_path)
            await citizen.send(KNOWN)
            assert "新生儿" in await citizen.hears_text()


async def test_a_damaged_release_is_served_once_it_is_mended(
    tmp_path: Path, releases: Path
) -> None:
    mine = tmp_path / "releases"
    shutil.copytree(releases, mine)
    part = Path(current(mine)) / "prior.npy"
    (mine / part).unlink()
    async with process(tmp_path, settings(tmp_path, mine)) as bot:
        url = await page_of(bot)
        assert "prior.npy" in await bot.until("index      off")
        async with browser(url) as citizen:
            await citizen.send(KNOWN)
            assert "编号 1" in await citizen.hears_text()
            shutil.copy2(releases / part, mine / part)
            await served(tmp_path)
            await citizen.send(KNOWN)
            assert "新生儿" in await citizen.hears_text()


async def served(folder: Path) -> None:
    """Wait until the log tells that a release is served."""
    async with asyncio.timeout(START_S):
        while b" is served" not in (folder / "log").read_bytes():  # noqa: ASYNC110 - another process writes
            await asyncio.sleep(0.1)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Another program writes, and does not end."""
    with closing(sqlite3.connect(folder / "bot.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


def states(folder: Path) -> Counter[str]:
    """How many messages are finished or left, and deliveries sent or pending."""
    with closing(sqlite3.connect(folder / "bot.sqlite")) as database:
        ended = database.execute("SELECT finished_at FROM message").fetchall()
        sent = database.execute("SELECT state FROM delivery").fetchall()
    return Counter(["finished" if at else "left" for (at,) in ended] + [one for (one,) in sent])
