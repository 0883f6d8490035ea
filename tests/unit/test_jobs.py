"""What goes on while the bot serves goes on after a failure, and begins with what it needs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

import bot.app
from bot import dispatch, jobs, retention, sender, workers
from bot.app import running
from bot.config import Settings
from bot.coordination.alone import Alone
from bot.degrade import ladder
from bot.desk import watch
from bot.desk.concerns import daily
from bot.desk.publishing import keeper
from bot.errors import StoreAway
from bot.jobs import lasting
from bot.places import StoredPlaces
from bot.push import pusher
from bot.store.base import Work
from bot.store.memory import MemoryStore, MemoryWork
from bot.types import Address
from tests.telegram.fake_api import FakeTelegram
from tests.unit.shelf import Shelf

NOON: Final = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a working day
ROOM: Final = Address("telegram", "-7")
MOVED: Final = Address("telegram", "-1007")
PAUSES: Final = (
    (daily, "STEP_S"),
    (dispatch, "SWEEP_S"),
    (jobs, "PAUSE_S"),
    (keeper, "STEP_S"),
    (ladder, "LOOK_S"),
    (pusher, "PAUSE_S"),
    (retention, "RETRY_S"),
    (sender, "LOOK_S"),
    (watch, "STEP_S"),
    (workers, "ROOM_S"),
)
JOBS: Final = {  # each asks the store by itself
    "sender",
    "past",
    "sweep",
    "level",
    "room",
    "telegram",
    "retention",
    "push",
    "watch",
    "publishing",
    "concerns",
}


@dataclass(slots=True)
class Served(Shelf):
    """A release is served: what rests without one works."""

    release: str = "first"
    problem: str = ""
    away: None = None


class Failing(MemoryStore):
    """Once it is `out`, the first transaction of each task fails."""

    def __init__(self) -> None:
        super().__init__()
        self.out = False
        self.failed: set[str] = set()
        self.went_on: set[str] = set()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[MemoryWork]:
        with self._once():
            async with super().begin() as work:
                yield work

    @asynccontextmanager
    async def read(self) -> AsyncIterator[MemoryWork]:
        with self._once():
            async with super().read() as work:
                yield work

    @contextmanager
    def _once(self) -> Iterator[None]:
        task = asyncio.current_task()
        assert task is not None
        name = task.get_name()
        if self.out and name not in self.failed:
            self.failed.add(name)
            raise StoreAway("the database is locked")
        yield
        if name in self.failed:
            self.went_on.add(name)


class Sharing(Alone):
    """There may be other workers; this one leads when the test says so."""

    shared = True

    def __init__(self) -> None:
        super().__init__()
        self.elected = asyncio.Event()

    async def while_leading(self, job: str, run: Callable[[], Awaitable[None]], /) -> None:
        await self.elected.wait()
        await super().while_leading(job, run)


@pytest.fixture
def sharing(monkeypatch: pytest.MonkeyPatch) -> Sharing:
    one = Sharing()

    @asynccontextmanager
    async def ours(_url: str) -> AsyncIterator[Sharing]:
        yield one

    monkeypatch.setattr(bot.app, "coordination_of", ours)
    return one


@pytest.fixture
async def server() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as fake:
        fake.chats.open_group(int(ROOM.chat))
        fake.chats.open_group(int(MOVED.chat))
        yield fake


def settings(server: FakeTelegram, folder: Path) -> Settings:
    return Settings.read(
        {
            "telegram_bot_token": server.token,
            "telegram_api_url": server.url,
            "telegram_staff_chat": ROOM.chat,
            "web": False,
            "releases": folder,
            "_env_file": None,
        }
    )


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - nothing tells of these conditions
            await asyncio.sleep(0.01)


async def test_each_job_goes_on_when_the_database_is_back(
    server: FakeTelegram, sharing: Sharing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name in PAUSES:
        monkeypatch.setattr(module, name, 0.01)
    store = Failing()
    async with running(settings(server, tmp_path), store, Served(), clock=lambda: NOON):
        store.out = True
        sharing.elected.set()
        await until(lambda: store.went_on >= JOBS)


async def test_a_job_that_fails_is_told_of_and_begun_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "PAUSE_S", 0.01)
    begun: list[int] = []

    async def job() -> None:
        begun.append(len(begun))
        if len(begun) < 3:
            raise ZeroDivisionError

    with capture_logs() as logs:
        await asyncio.wait_for(lasting("watch", job), 5)
    assert len(begun) == 3
    assert [(one["event"], one["job"]) for one in logs] == [("job.failed", "watch")] * 2


async def test_who_begins_to_poll_knows_where_the_staff_are(
    server: FakeTelegram, sharing: Sharing, tmp_path: Path
) -> None:
    """Another worker, which polled until now, was told that the room moved."""
    store = MemoryStore()

    async def told(_work: Work, _address: Address, _to: Address) -> None:
        pass

    async with running(settings(server, tmp_path), store, Served(), clock=lambda: NOON) as app:
        await StoredPlaces(store, told=told).moved(ROOM, MOVED)
        assert app.desk.room == ROOM
        sharing.elected.set()
        await server.changes.until(lambda: server.calls_of("getUpdates"))
        assert app.desk.room == MOVED
