"""Three real workers on one PostgreSQL, under load, and one of them is killed."""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from aiohttp import ClientError, ClientSession, TCPConnector

from bot.app import SUGGESTIONS
from bot.channels.telegram_webhook import PATH
from tests.chaos.people import SMALL, question
from tests.chaos.process import Process, process
from tests.postgres import PostgresServer
from tests.telegram.client import Person
from tests.telegram.fake_api import FakeTelegram
from tests.telegram.fake_courier import posting
from tests.workers.pages import Page, Workers

WORKERS: Final = 3
PAGES: Final = 40
CHATS: Final = 6
EACH: Final = 4  # messages in a conversation
TICKETS: Final = 4  # of the pages ask a person at last
STAFF: Final = -1009001
DUTIES: Final = {"sending", "telegram", "watch", "push", "publishing", "retention", "concerns"}
SETTLED_S: Final = 60.0
ADDRESS: Final = "https://bot.example.gov.cn"
_ON: Final = re.compile(r"on: (http://\S+)")


@dataclass(slots=True)
class Worker:
    process: Process
    url: str
    metrics: str


@dataclass(slots=True)
class Town:
    """Everybody, and where everything is."""

    postgres: PostgresServer
    database: str
    server: FakeTelegram
    http: ClientSession
    chance: random.Random
    workers: list[Worker]
    open: Workers = field(init=False)
    pages: list[Page] = field(init=False)
    chats: list[Person] = field(init=False)

    def __post_init__(self) -> None:
        self.open = Workers([one.url for one in self.workers], self.chance)
        self.pages = [Page(self.open, self.http) for _ in range(PAGES)]
        self.chats = [Person(self.server, 2001 + number) for number in range(CHATS)]

    async def sql(self, statement: str) -> list[Sequence[Any]]:
        return await asyncio.to_thread(self.postgres.sql, self.database, statement)

    async def duties(self) -> Mapping[str, int]:
        """Which worker leads what; raise AssertionError where two do."""
        found: dict[str, int] = {}
        for number, worker in enumerate(self.workers):
            try:
                async with self.http.get(worker.metrics) as answer:
                    figures = await answer.text()
            except ClientError:
                continue  # it is dead
            for duty in re.findall(r'mingbai_leader\{duty="(\w+)"\} 1\.0', figures):
                assert duty not in found, f"two workers lead {duty}"
                found[duty] = number
        return found

    async def until_led(self) -> Mapping[str, int]:
        async with asyncio.timeout(SETTLED_S):
            while (duties := await self.duties()).keys() != DUTIES:
                await asyncio.sleep(0.1)
        return duties


@asynccontextmanager
async def town(
    postgres: PostgresServer, database: str, releases: Path, folder: Path
) -> AsyncIterator[Town]:
    chance = random.Random(8)  # noqa: S311 - who asks which worker
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(FakeTelegram())
        server.chats.open_group(STAFF, "客服群")
        http = ClientSession(connector=TCPConnector(limit=0))
        await stack.enter_async_context(http)
        settings = {
            "DATABASE_URL": postgres.url(database),
            "RELEASES": str(releases),
            "TELEGRAM_BOT_TOKEN": server.token,
            "TELEGRAM_API_URL": server.url,
            "TELEGRAM_STAFF_CHAT": str(STAFF),
            "TELEGRAM_WEBHOOK_URL": ADDRESS,
            "WEB_PORT": "0",
            "WEB_ADDRESS_PER_MINUTE": "1000000",
            "METRICS_PORT": "0",
            "RATE_PER_MINUTE": "600",
            "RATE_BURST": "600",
            "RELOAD_S": "60",
        }
        running = []
        for number in range(WORKERS):
            own = folder / f"worker-{number}"
            own.mkdir()
            running.append(await stack.enter_async_context(process(own, settings)))
        workers = [await _serving(one) for one in running]
        yield Town(postgres, database, server, http, chance, workers)


async def _serving(process: Process) -> Worker:
    metrics = await process.until("metrics    on")
    await process.until("index      on")
    page = next(line for line in process.lines if line.startswith("web page"))
    return Worker(process, _url(page), _url(metrics))


def _url(line: str) -> str:
    found = _ON.search(line)
    assert found, line
    return found[1]


@pytest.mark.slow
async def test_nothing_is_lost_or_doubled_when_one_of_three_workers_is_killed(
    postgres: PostgresServer, postgres_database: str, releases: Path, tmp_path: Path
) -> None:
    async with town(postgres, postgres_database, releases, tmp_path) as here:
        before = await here.until_led()
        killed = before["sending"]
        reading = [asyncio.create_task(page.read()) for page in here.pages]
        courier = posting(here.server, lambda: f"{here.open.any()}{PATH}")
        async with courier:
            talking = [asyncio.create_task(_talk(here, page)) for page in here.pages]
            talking += [asyncio.create_task(_write(here, person)) for person in here.chats]
            await _until_halfway(here)
            await here.workers[killed].process.kill()
            await asyncio.gather(*talking)
            await _settled(here)
            after = await here.until_led()
        for task in reading:
            task.cancel()
        await asyncio.gather(*reading, return_exceptions=True)
        assert killed not in after.values()
        await _check(here)
        moved = sum(after[duty] != before[duty] for duty in DUTIES)
        print(f"{moved} of {len(DUTIES)} duties moved")  # noqa: T201 - for who runs it


async def _talk(here: Town, page: Page) -> None:
    """Not waiting for answers, as people do."""
    asks_a_person = here.pages.index(page) < TICKETS
    for number in range(EACH):
        await asyncio.sleep(here.chance.uniform(0, 2))
        last = number == EACH - 1
        text = here.chance.choice((*SUGGESTIONS, *SMALL))
        await page.say(question(here.pages.index(page)) if last and asks_a_person else text)


async def _write(here: Town, person: Person) -> None:
    for _ in range(EACH):
        await asyncio.sleep(here.chance.uniform(0, 2))
        person.send(here.chance.choice(SUGGESTIONS))


async def _until_halfway(here: Town) -> None:
    while sum(len(page.said) for page in here.pages) < PAGES * EACH / 2:  # noqa: ASYNC110 - a count
        await asyncio.sleep(0.01)


async def _settled(here: Town) -> None:
    """All is handled, sent, and seen on the pages."""
    async with asyncio.timeout(SETTLED_S):
        while here.server.updates.pending or any((await here.sql(_LEFT))[0]):
            await asyncio.sleep(0.2)
        while not all(page.seen == await _sent(here, page) for page in here.pages):
            await asyncio.sleep(0.2)


async def _sent(here: Town, page: Page) -> list[int]:
    found = await here.sql(
        "SELECT id FROM delivery WHERE state = 'sent' AND channel = 'web'"
        f" AND chat = '{page.chat}' ORDER BY id"
    )
    return [number for (number,) in found]


_LEFT: Final = """
SELECT (SELECT count(*) FROM message WHERE finished_at IS NULL),
       (SELECT count(*) FROM delivery WHERE state = 'pending')
"""


async def _check(here: Town) -> None:
    messages = await here.sql("SELECT id, content, result FROM message ORDER BY id")
    print(messages[:3])
    deliveries = await here.sql("SELECT id, chat, content, state FROM delivery ORDER BY id")
    print(deliveries[:3])
