"""What waits is read rarely and never waited for long; what fails is told, and breaks nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from bot.errors import StoreError
from bot.seen.readiness import Part, Readier, index_part
from bot.seen.standing import Standing
from bot.store.memory import MemoryStore, MemoryWork

NOON: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)


class CountedStore(MemoryStore):
    """Counts its transactions; may fail, or be slow."""

    def __init__(self, *, slow_s: float = 0) -> None:
        super().__init__()
        self.reads = 0
        self.failure: StoreError | None = None
        self.slow_s = slow_s

    @asynccontextmanager
    async def read(self) -> AsyncIterator[MemoryWork]:
        self.reads += 1
        await asyncio.sleep(self.slow_s)
        if self.failure is not None:
            raise self.failure
        async with super().read() as work:
            yield work


def standing(store: CountedStore, *, fresh_s: float = 60, patience_s: float = 5) -> Standing:
    return Standing(
        store=store,
        clock=lambda: NOON,
        soon=lambda at: at + timedelta(days=1),
        fresh_s=fresh_s,
        patience_s=patience_s,
    )


async def test_many_who_ask_at_once_are_one_question_to_the_store() -> None:
    store = CountedStore(slow_s=0.02)
    one = standing(store)
    found = await asyncio.gather(*(one.read() for _ in range(50)))
    assert store.reads == 1
    assert None not in found


async def test_it_is_read_again_when_it_is_old() -> None:
    store = CountedStore()
    one = standing(store, fresh_s=0)
    await one.read()
    await one.read()
    assert store.reads == 2


async def test_a_store_that_fails_is_no_backlog_and_is_asked_again_later() -> None:
    store = CountedStore()
    store.failure = StoreError("the disk is full")
    one = standing(store, fresh_s=0)
    assert await one.read() is None
    store.failure = None
    assert await one.read() is not None


async def test_a_slow_store_is_not_waited_for() -> None:
    one = standing(CountedStore(slow_s=30), patience_s=0.02)
    async with asyncio.timeout(1):
        assert await one.read() is None


@dataclass(frozen=True)
class Release:
    release: str = ""
    problem: str = ""


@pytest.mark.parametrize(
    ("release", "part"),
    [
        (Release(), Part.STARTING),
        (Release("r1"), Part.OK),
        (Release("r1", "r2 cannot be loaded"), Part.DEGRADED),
        (Release("", "there is no release"), Part.DEGRADED),  # questions go to staff
    ],
)
def test_without_a_release_it_serves_once_it_knows_that_there_is_none(
    release: Release, part: Part
) -> None:
    assert index_part(release) is part


async def test_it_is_ready_when_every_part_is() -> None:
    store = CountedStore()
    readier = Readier(
        standing=standing(store, fresh_s=0),
        index=Release("r1"),
        agreement=lambda: None,
        listening=lambda: True,
        full=lambda: False,
    )
    assert await readier()
    store.failure = StoreError("the disk is full")
    found = await readier()
    assert not found
    assert found.parts == {
        "store": Part.DOWN,
        "index": Part.OK,
        "channels": Part.OK,
        "level": Part.DEGRADED,
    }
