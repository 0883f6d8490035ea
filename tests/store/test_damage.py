"""What a full disk, a failing one or somebody's lock does to those who write at that moment."""

from __future__ import annotations

import asyncio
import gc
import resource
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from bot.errors import StoreError
from bot.store import dialect
from bot.store.sql import SqlStore
from bot.types import Address, Delivery, Span

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SOON_S = 0.3


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite"


@pytest.fixture
async def store(path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SqlStore]:
    """One that waits only a moment for another process."""
    monkeypatch.setattr(dialect, "BUSY_TIMEOUT_S", SOON_S)
    async with SqlStore.open(f"sqlite+aiosqlite:///{path}") as opened:
        yield opened


async def pair(store: SqlStore, name: str, *, characters: int = 1) -> bool:
    """Write two rows; tell whether that was done. Whatever else than StoreError comes through."""
    try:
        async with store.begin() as work:
            for _ in range(2):
                text = "明" * characters
                delivery = Delivery(to=Address("letter", name), body=(Span(text),))
                await work.outbox.enqueue(delivery, at=NOON)
                await asyncio.sleep(0)
    except StoreError:
        return False
    return True


def stored(path: Path) -> dict[str, int]:
    """Rows of each name, as another process sees them."""
    with closing(sqlite3.connect(path)) as connection:
        return Counter(name for (name,) in connection.execute("SELECT chat FROM delivery"))


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """A disk that takes nothing beyond; Python ignores the signal that comes with it."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


async def test_a_commit_that_fails_is_told_to_all_who_share_it(
    store: SqlStore, path: Path
) -> None:
    assert await pair(store, "before")
    log = path.with_name(path.name + "-wal")
    with no_file_above(log.stat().st_size + 100):
        done = await asyncio.gather(*(pair(store, str(number)) for number in range(5)))
    assert done == [False] * 5
    assert await pair(store, "after")
    assert stored(path) == {"before": 2, "after": 2}


async def test_done_is_told_of_what_fits_onto_a_full_disk(store: SqlStore, path: Path) -> None:
    async with store.begin() as work:
        pages = await work.connection.exec_driver_sql("PRAGMA page_count")
        most = pages.scalar_one() + 3
        await work.connection.exec_driver_sql(f"PRAGMA max_page_count = {most}")
    sizes = {"small": 1, "large": 10_000, "next": 1, "last": 1}
    done = await asyncio.gather(
        *(pair(store, name, characters=size) for name, size in sizes.items())
    )
    told = {name for name, was_done in zip(sizes, done, strict=True) if was_done}
    assert "large" not in told
    assert stored(path) == dict.fromkeys(told, 2)
    async with store.begin() as work:
        await work.connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    assert await pair(store, "large", characters=10_000)


async def test_nothing_is_written_by_whoever_goes_on_after_all_was_rolled_back(
    store: SqlStore, path: Path
) -> None:
    async def going_on() -> None:
        async with store.begin() as work:
            await work.connection.exec_driver_sql("ROLLBACK")
            with suppress(DBAPIError):
                delivery = Delivery(to=Address("letter", "ghost"), body=(Span("明"),))
                await work.outbox.enqueue(delivery, at=NOON)

    with pytest.raises(StoreError):
        await going_on()
    assert stored(path) == {}
    assert await pair(store, "after")


async def test_nobody_waits_longer_because_others_stand_in_line(
    store: SqlStore, path: Path
) -> None:
    """Each would wait for the lock by itself, one after the other."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    with locked(path):
        done = await asyncio.gather(*(pair(store, str(number)) for number in range(20)))
    assert done == [False] * 20
    assert loop.time() - started < 5 * SOON_S
    assert await pair(store, "after")
    assert stored(path) == {"after": 2}


async def test_who_comes_when_the_lock_is_gone_is_not_refused(store: SqlStore, path: Path) -> None:
    with locked(path):
        first = asyncio.create_task(pair(store, "first"))
        await asyncio.sleep(SOON_S / 2)
        second = asyncio.create_task(pair(store, "second"))
        assert not await first
    assert await second
    assert stored(path) == {"second": 2}


async def test_who_gives_up_waiting_for_the_lock_leaves_none_behind(
    store: SqlStore, path: Path
) -> None:
    with locked(path):
        for _ in range(3):
            with suppress(TimeoutError):
                await asyncio.wait_for(pair(store, "gave up"), SOON_S / 10)
    assert await pair(store, "after")
    with locked(path):
        assert stored(path) == {"after": 2}


@pytest.mark.parametrize("cancelled", [{0}, {2}, {0, 1, 2}])
async def test_members_of_a_group_that_are_cancelled_take_no_other_along(
    store: SqlStore, path: Path, cancelled: set[int]
) -> None:
    tasks = [asyncio.create_task(pair(store, str(number))) for number in range(3)]
    while not stored(path) and not all(task.done() for task in tasks):
        for number in cancelled:
            tasks[number].cancel()
        await asyncio.sleep(0)
    await asyncio.wait(tasks)
    assert {number for number, task in enumerate(tasks) if task.cancelled()} == cancelled
    assert stored(path) == {str(number): 2 for number in range(3) if number not in cancelled}
    assert await pair(store, "after")


async def test_a_transaction_inside_another_is_an_error_at_once(
    store: SqlStore, path: Path
) -> None:
    with pytest.raises(RuntimeError, match="inside another"):
        async with asyncio.timeout(5), store.begin(), store.begin():
            pass
    assert await pair(store, "after")
    assert stored(path) == {"after": 2}


# Its connection is left to the garbage collector, which must not complain in another test.
@pytest.mark.filterwarnings("ignore")
def test_a_loop_that_ends_in_the_middle_leaves_what_was_told(path: Path) -> None:
    told: list[str] = []

    async def writing(store: SqlStore, writer: int) -> None:
        for number in range(1000):
            name = f"{writer}-{number}"
            if await pair(store, name):
                told.append(name)

    async def cut_short() -> None:
        async with SqlStore.open(f"sqlite+aiosqlite:///{path}") as store:
            tasks = [asyncio.create_task(writing(store, writer)) for writer in range(5)]
            await asyncio.sleep(0.1)
            assert not any(task.done() for task in tasks)

    asyncio.run(cut_short())
    gc.collect()
    found = stored(path)
    assert set(told) <= set(found)
    assert set(found.values()) == {2}
