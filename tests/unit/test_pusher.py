"""Telling followers survives what breaks: nobody is told twice, and nobody is forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from bot.errors import StoreError
from bot.push.archive import Archive
from bot.push.composing import Composer
from bot.push.pusher import Pusher, When
from bot.quiet import Quiet
from bot.store.memory import MemoryStore, MemoryWork
from bot.store.memory_outbox import MemoryOutbox
from bot.subscriptions import Follows, Wish
from bot.types import Address, Delivery
from index.build import build
from index.encoders.choice import Choice
from knowledge.types import Lang
from tests.index.library import FUND
from tests.unit.shelf import Shelf

NOON: Final = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
CHANGED: Final = replace(FUND, text=FUND.text.replace("1500元", "1800元"))
ANN: Final = Address("telegram", "1001")
BEN: Final = Address("telegram", "1002")


@dataclass(slots=True)
class Served:
    release: str


@dataclass(frozen=True, slots=True)
class FailingOutbox(MemoryOutbox):
    failures: dict[Address, list[Exception]]

    async def enqueue(self, delivery: Delivery, /, *, at: datetime) -> int:
        if self.failures.get(delivery.to):
            raise self.failures[delivery.to].pop()
        return await MemoryOutbox.enqueue(self, delivery, at=at)


class Failing(MemoryStore):
    """A store whose outbox fails for some, as often as it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.failures: dict[Address, list[Exception]] = {}

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[MemoryWork]:
        async with super().begin() as work:
            box = work.outbox
            work.outbox = FailingOutbox(box.slots, box.tickets, box.numbers, self.failures)
            yield work


class Stage:
    """Ann and Ben follow the fund; the second release changes it."""

    def __init__(self, root: Path) -> None:
        names = [
            build([one], root, encoder=Choice().fit, calibrate=False).name
            for one in (FUND, CHANGED)
        ]
        self.store = Failing()
        self.served = Served(names[0])
        self.newer = names[1]
        self.at = NOON
        self._root = root
        self.pusher = self.started()

    def started(self) -> Pusher:
        archive = Archive(self._root, self.served)
        return Pusher(
            self.store,
            archive,
            Composer(archive, Shelf()),
            when=When(delay=timedelta(0), quiet=Quiet.parse("", ZoneInfo("Asia/Shanghai"))),
            clock=lambda: self.at,
        )

    async def follow(self, *people: Address) -> None:
        async with self.store.begin() as work:
            for one in people:
                wish = Wish(
                    address=one,
                    follows=Follows.DOCUMENT,
                    target=FUND.id,
                    title=FUND.title,
                    release=self.served.release,
                    language=Lang.ZH_HANS,
                    since=NOON,
                )
                await work.subscriptions.add(wish)

    async def switch(self) -> None:
        await self.pusher.step()
        self.served.release = self.newer
        await self.pusher.step()  # sees it
        await self.pusher.step()  # begins, and tells

    async def told(self) -> list[Address]:
        async with self.store.begin() as work:
            return [one.delivery.to for one in await work.outbox.due(at=NOON)]


@pytest.fixture
async def stage(tmp_path: Path) -> Stage:
    made = Stage(tmp_path / "releases")
    await made.follow(ANN, BEN)
    return made


async def test_a_database_that_fails_in_the_middle_loses_and_doubles_nothing(
    stage: Stage,
) -> None:
    stage.store.failures[BEN] = [StoreError("locked")]
    with pytest.raises(StoreError):
        await stage.switch()
    assert await stage.told() == [ANN]
    while await stage.pusher.step():
        pass
    assert await stage.told() == [ANN, BEN]


async def test_one_who_breaks_waits_for_a_restart_and_holds_up_nobody(stage: Stage) -> None:
    stage.store.failures[ANN] = [RuntimeError("a bug of ours")]
    await stage.switch()
    while await stage.pusher.step():
        pass
    assert await stage.told() == [BEN]
    again = stage.started()
    while await again.step():
        pass
    assert await stage.told() == [BEN, ANN]


async def test_two_processes_at_once_tell_once(stage: Stage) -> None:
    other = stage.started()
    await stage.pusher.step()
    stage.served.release = stage.newer
    await stage.pusher.step()
    await asyncio.gather(stage.pusher.step(), other.step())
    assert await stage.told() == [ANN, BEN]
    async with stage.store.begin() as work:
        assert await work.pushes.pending(tried=False) == 2
