"""Transactions that share a commit are to their callers what they were alone."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import InvalidRequestError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store import dialect
from bot.store.grouping import GroupCommit


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    engine = dialect.connect(dialect.parse(f"sqlite+aiosqlite:///{tmp_path / 'group.sqlite'}"))
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE note (words TEXT)"))
    yield engine
    await engine.dispose()


async def note(group: GroupCommit, words: str, *, then: str = "") -> None:
    async with group.begin() as connection:
        await connection.execute(text("INSERT INTO note VALUES (:words)"), {"words": words})
        await asyncio.sleep(0)
        if then:
            await connection.exec_driver_sql(then)


def stored(folder: Path) -> set[str]:
    """As another process sees it."""
    connection = sqlite3.connect(folder / "group.sqlite")
    try:
        return {words for (words,) in connection.execute("SELECT words FROM note")}
    finally:
        connection.close()


async def test_those_in_line_share_a_commit(engine: AsyncEngine, tmp_path: Path) -> None:
    commits: list[object] = []
    event.listen(engine.sync_engine, "commit", commits.append)
    group = GroupCommit(engine)
    await asyncio.gather(*(note(group, str(number)) for number in range(20)))
    assert stored(tmp_path) == {str(number) for number in range(20)}
    assert len(commits) <= 2


async def test_what_is_left_is_on_the_disk(engine: AsyncEngine, tmp_path: Path) -> None:
    group = GroupCommit(engine)

    async def noted(words: str) -> bool:
        await note(group, words)
        return words in stored(tmp_path)

    assert all(await asyncio.gather(*(noted(str(number)) for number in range(5))))


async def test_one_that_fails_takes_no_other_along(engine: AsyncEngine, tmp_path: Path) -> None:
    group = GroupCommit(engine)
    done = await asyncio.gather(
        note(group, "first"),
        note(group, "second", then="INSERT INTO nowhere VALUES (1)"),
        note(group, "third"),
        return_exceptions=True,
    )
    assert [isinstance(one, SQLAlchemyError) for one in done] == [False, True, False]
    assert stored(tmp_path) == {"first", "third"}


async def test_one_that_is_cancelled_takes_no_other_along(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    group = GroupCommit(engine)
    entered = asyncio.Event()

    async def stuck() -> None:
        async with group.begin() as connection:
            await connection.execute(text("INSERT INTO note VALUES ('stuck')"))
            entered.set()
            await asyncio.Event().wait()

    first = asyncio.create_task(note(group, "first"))
    second = asyncio.create_task(stuck())
    third = asyncio.create_task(note(group, "third"))
    await entered.wait()
    second.cancel()
    await asyncio.gather(first, third)
    with pytest.raises(asyncio.CancelledError):
        await second
    assert stored(tmp_path) == {"first", "third"}


async def test_all_are_told_when_the_database_rolls_everything_back(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    group = GroupCommit(engine)
    done = await asyncio.gather(
        note(group, "first"), note(group, "second", then="ROLLBACK"), return_exceptions=True
    )
    assert isinstance(done[0], InvalidRequestError)
    assert isinstance(done[1], SQLAlchemyError)
    assert stored(tmp_path) == set()
    await note(group, "later")
    assert stored(tmp_path) == {"later"}


async def test_rows_are_handled_on_the_loop_and_waiting_is_not(engine: AsyncEngine) -> None:
    threads: dict[str, bool] = {}
    here = threading.get_ident()
    async with engine.connect() as connection:
        raw = await connection.get_raw_connection()
        assert raw.driver_connection is not None
        await raw.driver_connection.set_trace_callback(
            lambda sql: threads.setdefault(sql.split()[0], threading.get_ident() == here)
        )
    await note(GroupCommit(engine), "one")
    assert threads == {
        "BEGIN": False,
        "SAVEPOINT": True,
        "INSERT": True,
        "RELEASE": True,
        "COMMIT": False,
    }
