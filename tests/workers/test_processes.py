"""Three real workers on one PostgreSQL, under load, and one of them is killed."""

from __future__ import annotations

import asyncio
import random
import re
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest
from aiohttp import ClientError, ClientSession, TCPConnector

from bot.app import SUGGESTIONS
from bot.channels.telegram_webhook import PATH
from bot.types import Address
from tests.chaos.people import SMALL, question
from tests.chaos.process import Process, process
from tests.postgres import PostgresServer
from tests.telegram.client import Person
from tests.telegram.fake_api import FakeTelegram
from tests.telegram.fake_courier import posting
from tests.workers.pages import Page, Workers
from tests.workers.truth import DELIVERIES, MESSAGES, TICKETS, Truth

WORKERS: Final = 3
PAGES: Final = 40
CHATS: Final = 6
EACH: Final = 3  # messages in a conversation
PAUSE_S: Final = 4.0  # between them, at most
ASKING: Final = 4  # of the pages ask a person at last
STAFF: Final = -1009001
DUTIES: Final = {"sending", "telegram", "watch", "push", "publishing", "retention", "concerns"}
SETTLED_S: Final = 60.0
ADDRESS: Final = "https://bot.example.gov.cn"
_ON: Final = re.compile(r"on: (http://\S+)")
_LEADS: Final = re.compile(r'mingbai_leader\{duty="(\w+)"\} 1\.0')


@dataclass(frozen=True, slots=True)
class Worker:
    process: Process
    url: str
    metrics: str


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation in Telegram."""

    person: Person
    said: list[str] = field(default_factory=list)

    @property
    def address(self) -> Address:
        return Address("telegram", str(self.person.chat))


@dataclass(frozen=True, slots=True)
class Town:
    """Everybody, and where everything is."""

    postgres: PostgresServer
    database: str
    server: FakeTelegram
    http: ClientSession
    chance: random.Random
    serving: Sequence[Worker]
    workers: Workers
    pages: Sequence[Page]
    chats: Sequence[Chat]

    @property
    def said(self) -> Mapping[Address, Sequence[str]]:
        said = {page.address: page.said for page in self.pages}
        return said | {chat.address: chat.said for chat in self.chats}

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Every page reads its stream."""
        reading = [asyncio.create_task(page.read()) for page in self.pages]
        try:
            yield
        finally:
            for task in reading:
                task.cancel()
            await asyncio.gather(*reading, return_exceptions=True)

    async def truth(self) -> Truth:
        return await asyncio.to_thread(
            lambda: Truth.of(
                self.postgres.sql(self.database, MESSAGES),
                self.postgres.sql(self.database, DELIVERIES),
                self.postgres.sql(self.database, TICKETS),
            )
        )

    async def duties(self) -> Mapping[str, int]:
        """Which worker leads what; who is dead is not asked."""
        found: dict[str, int] = {}
        for number, worker in enumerate(self.serving):
            with suppress(ClientError):
                async with self.http.get(worker.metrics) as answer:
                    figures = await answer.text()
                for duty in _LEADS.findall(figures):
                    assert duty not in found, f"two workers lead {duty}"
                    found[duty] = number
        return found

    async def until_led(self) -> Mapping[str, int]:
        """Every duty is somebody's."""
        async with asyncio.timeout(SETTLED_S):
            while (duties := await self.duties()).keys() != DUTIES:  # noqa: ASYNC110 - figures
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
        serving = [await _serving(one) for one in running]
        workers = Workers([one.url for one in serving], chance)
        pages = [Page(workers, http) for _ in range(PAGES)]
        chats = [Chat(Person(server, 2001 + number)) for number in range(CHATS)]
        yield Town(postgres, database, server, http, chance, serving, workers, pages, chats)


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
    """The one that sends to Telegram, in the middle of it."""
    async with town(postgres, postgres_database, releases, tmp_path) as here:
        before = await here.until_led()
        killed = before["sending"]
        async with here.open(), posting(here.server, lambda: f"{here.workers.any()}{PATH}"):
            talking = [asyncio.create_task(_talk(here, page)) for page in here.pages]
            talking += [asyncio.create_task(_write(here, chat)) for chat in here.chats]
            await _until_many_are_answered(here)
            await here.serving[killed].process.kill()
            await asyncio.gather(*talking)
            truth = await _settled(here)
            after = await here.until_led()
    _tell(here, truth, moved=sum(after[duty] != before[duty] for duty in DUTIES))
    assert truth.problems(here.said) == []
    assert [page.seen for page in here.pages] == [truth.sent(page.address) for page in here.pages]
    assert killed not in after.values()
    assert sum(page.moved for page in here.pages) > 0, "the dead worker had no stream"
    # What the dead worker was sending nobody knows to have arrived: it is sent again.
    doubled = [len(chat.person.room.shown) - len(truth.sent(chat.address)) for chat in here.chats]
    assert set(doubled) <= {0, 1}
    # More where the machine is too slow for an answer: then staff have lists beside the cards.
    assert len(truth.tickets) >= ASKING
    cards = {row.delivery.ticket_id for row in truth.told[Address("telegram", str(STAFF))]}
    assert len(cards & set(truth.tickets)) >= ASKING


def _tell(here: Town, truth: Truth, *, moved: int) -> None:
    """For who runs it with -s."""
    counts = {
        "messages in the ledger": sum(map(len, truth.asked.values())),
        "messages posted again": sum(page.repeated for page in here.pages),
        "deliveries": sum(map(len, truth.told.values())),
        "events seen": sum(len(page.seen) for page in here.pages),
        "streams begun again": sum(page.moved for page in here.pages),
        "messages in Telegram": sum(len(chat.person.room.shown) for chat in here.chats),
        "tickets": len(truth.tickets),
        "duties moved": moved,
    }
    sys.stdout.write("".join(f"{count:7}  {name}\n" for name, count in counts.items()))


async def _talk(here: Town, page: Page) -> None:
    """Not waiting for answers, as people do."""
    number = here.pages.index(page)
    for _ in range(EACH - 1):
        await page.say(here.chance.choice((*SUGGESTIONS, *SMALL)))
        await asyncio.sleep(here.chance.uniform(0, PAUSE_S))
    await page.say(question(number) if number < ASKING else here.chance.choice(SUGGESTIONS))


async def _write(here: Town, chat: Chat) -> None:
    for _ in range(EACH):
        chat.said.append(here.chance.choice(SUGGESTIONS))
        chat.person.send(chat.said[-1])
        await asyncio.sleep(here.chance.uniform(0, PAUSE_S))


async def _until_many_are_answered(here: Town) -> None:
    while sum(len(page.seen) for page in here.pages) < PAGES:  # noqa: ASYNC110 - a count
        await asyncio.sleep(0.01)


async def _settled(here: Town) -> Truth:
    """All is handled, sent, and seen on the pages; or much time has passed."""
    truth = await here.truth()
    with suppress(TimeoutError):
        async with asyncio.timeout(SETTLED_S):
            while here.server.updates.pending or not _is_settled(here, truth):
                await asyncio.sleep(0.5)
                truth = await here.truth()
    return truth


def _is_settled(here: Town, truth: Truth) -> bool:
    seen = all(page.seen == truth.sent(page.address) for page in here.pages)
    return seen and not truth.problems(here.said)
