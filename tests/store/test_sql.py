"""What only a store on a disk can do."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from bot.desk.tickets import Draft, State
from bot.errors import StoreError
from bot.store.base import Accepted, Conversation, Past, Queued, Sought, Store
from bot.store.failures import is_away
from bot.store.sql import SqlStore
from bot.types import Address, Delivery, Message, Outcome, Reason, Result, Span
from knowledge.types import Lang

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ANN = Address("web", "ann")
ASKED = Message(id="m1", address=ANN, sender="ann", text="失业金怎么领？", at=NOON)
HELLO = Delivery(to=ANN, body=(Span("您好"),))
GREETED = Outcome(result=Result.SMALL_TALK, language=Lang.ZH_HANS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a store may be made; nothing is there yet."""
    return tmp_path / "store.sqlite"


@pytest.fixture
def url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


def draft(message_id: str) -> Draft:
    return Draft(
        message_id=message_id,
        asked_from=ANN,
        question=message_id,
        language=Lang.EN,
        reason=Reason.UNSURE,
        opened=NOON,
    )


async def open_tickets(store: Store, name: str, count: int) -> None:
    for number in range(count):
        async with store.begin() as work:
            # To read first and then write is what makes two writers stop each other.
            assert len(await work.tickets.find(Sought(limit=200))) >= number
            ticket = await work.tickets.open(draft(f"{name}-{number}"))
            await work.outbox.enqueue(Delivery(to=ANN, body=(), ticket_id=ticket.id), at=NOON)


async def test_everything_is_there_after_reopening(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/new/folder/store.sqlite"
    async with SqlStore.open(url) as store, store.begin() as work:
        accepted = await work.inbox.accept(ASKED)
        await work.conversations.save(Conversation(address=ANN, language=Lang.ZH_HANS))
        ticket = await work.tickets.open(draft("m1"))
        queued_id = await work.outbox.enqueue(HELLO, at=NOON)
    assert accepted is not None
    async with SqlStore.open(url) as store, store.begin() as work:
        assert await work.inbox.unfinished() == [Accepted(accepted.id, ASKED)]
        await work.inbox.finish(accepted.id, GREETED, at=NOON)
        found = await work.conversations.get(ANN)
        assert found == Conversation(address=ANN, language=Lang.ZH_HANS)
        assert await work.tickets.find(Sought()) == [ticket]
        assert await work.outbox.due(at=NOON) == [Queued(id=queued_id, delivery=HELLO)]
    async with SqlStore.open(url) as store, store.begin() as work:
        assert await work.inbox.get(accepted.id) == Past(
            id=accepted.id, message=ASKED, outcome=GREETED
        )


async def test_a_failing_statement_is_a_store_error_without_what_was_said(
    path: Path, url: str
) -> None:
    async with SqlStore.open(url) as store:
        with closing(sqlite3.connect(path)) as other:
            other.execute("DROP TABLE message")
        with pytest.raises(StoreError) as failed:
            async with store.begin() as work:
                await work.inbox.accept(ASKED)
    assert str(failed.value) == f"the database {url} cannot be used: no such table: message"
    assert "失业金" not in str(failed.value.__cause__)


async def test_an_error_of_the_block_is_its_own(url: str) -> None:
    async with SqlStore.open(url) as store:
        with pytest.raises(FileNotFoundError):
            async with store.begin():
                raise FileNotFoundError


async def test_two_stores_on_one_file_lose_nothing(url: str) -> None:
    async with SqlStore.open(url) as server, SqlStore.open(url) as terminal:
        await asyncio.gather(
            open_tickets(server, "server", 50), open_tickets(terminal, "terminal", 50)
        )
        async with server.begin() as work:
            tickets = await work.tickets.find(Sought(limit=200))
    assert sorted(ticket.message_id for ticket in tickets) == sorted(
        f"{name}-{number}" for name in ("server", "terminal") for number in range(50)
    )


async def run(function: str, *arguments: str) -> int:
    """Run a function of this module in a process of its own; return how it ended."""
    script = (
        f"import asyncio, sys; from tests.store.test_sql import {function};"
        f" asyncio.run({function}(*sys.argv[1:]))"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, *arguments, cwd=ROOT
    )
    return await process.wait()


async def fill(url: str, name: str) -> None:
    async with SqlStore.open(url) as store:
        await open_tickets(store, name, 20)


async def accept_two_and_die(url: str) -> None:
    async with SqlStore.open(url) as store:
        async with store.begin() as work:
            await work.inbox.accept(ASKED)
        async with store.begin() as work:
            await work.inbox.accept(replace(ASKED, id="m2"))
            os.kill(os.getpid(), signal.SIGKILL)


async def test_two_processes_on_a_new_file_lose_nothing(url: str) -> None:
    """Both find no tables, both want to make them, and both write at once."""
    ended = await asyncio.gather(run("fill", url, "server"), run("fill", url, "terminal"))
    assert list(ended) == [0, 0]
    async with SqlStore.open(url) as store, store.begin() as work:
        assert len(await work.tickets.find(Sought(limit=200))) == 40


async def test_a_killed_process_loses_only_what_it_had_not_committed(url: str) -> None:
    assert await run("accept_two_and_die", url) == -signal.SIGKILL
    async with SqlStore.open(url) as store, store.begin() as work:
        assert [accepted.message for accepted in await work.inbox.unfinished()] == [ASKED]


async def test_a_block_cancelled_while_it_waits_leaves_the_store_usable(
    path: Path, url: str
) -> None:

    async def wait_in_vain(store: Store) -> None:
        async with store.begin():
            raise AssertionError("another program holds the lock")

    async with SqlStore.open(url) as store:
        with closing(sqlite3.connect(path)) as other:
            other.execute("BEGIN IMMEDIATE")
            asyncio.get_running_loop().call_later(0.1, other.rollback)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(wait_in_vain(store), timeout=0.05)
        async with store.begin() as work:
            assert await work.inbox.accept(ASKED) is not None


async def test_the_file_is_set_up_for_crashes_and_for_two_programs(url: str) -> None:
    async with SqlStore.open(url) as store, store.begin() as work:
        found = [
            await work.inbox.connection.scalar(text(f"PRAGMA {name}"))
            for name in (
                "journal_mode",
                "synchronous",
                "foreign_keys",
                "busy_timeout",
                "secure_delete",
            )
        ]
    assert found == ["wal", 2, 1, 10_000, 1]  # 2: FULL


async def test_what_is_erased_is_neither_in_the_file_nor_in_its_log(path: Path, url: str) -> None:
    async with SqlStore.open(url) as store:
        for number in range(30):
            async with store.begin() as work:
                accepted = await work.inbox.accept(replace(ASKED, id=f"m{number}"))
                assert accepted is not None
                await work.inbox.finish(accepted.id, GREETED, at=NOON)
                await work.outbox.enqueue(HELLO, at=NOON)
        words = [word.encode() for word in (ASKED.text, "您好")]
        assert all(word in on_disk(path) for word in words)
        async with store.begin() as work:
            assert (await work.people.erase(ANN, "ann")).messages == 30
        assert [word for word in words if word in on_disk(path)] == []


async def test_erasing_while_another_program_reads_waits_for_nobody(path: Path, url: str) -> None:
    async with SqlStore.open(url) as store:
        async with store.begin() as work:
            await work.outbox.enqueue(HELLO, at=NOON)
        with closing(sqlite3.connect(path)) as other:
            other.execute("BEGIN")
            other.execute("SELECT count(*) FROM delivery").fetchall()
            async with asyncio.timeout(5), store.begin() as work:
                await work.people.erase(ANN, "ann")
        async with store.begin() as work:
            assert (await work.people.held(ANN, "ann")).deliveries == ()


def on_disk(path: Path) -> bytes:
    """The database file with its log."""
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


async def test_no_query_reads_a_whole_table(url: str) -> None:
    """With 100,000 sent deliveries, looking for the next one must not look at them all."""
    plans: list[str] = []
    async with SqlStore.open(url) as store:
        async with store.begin() as work:
            engine = work.inbox.connection.engine

        def explain(
            connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any
        ) -> None:
            del connection
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[3] for row in cursor.fetchall())

        event.listen(engine.sync_engine, "before_cursor_execute", explain)
        async with store.begin() as work:
            await work.inbox.unfinished()
            await work.tickets.find(Sought())
            await work.tickets.find(Sought(states=frozenset(State), newest=True, limit=1))
            await work.tickets.held()
            await work.tickets.of(ANN)
            await work.audit.of(1)
            await work.outbox.due(at=NOON)
            await work.outbox.delivered(ANN, after=7)
            await work.outbox.ticket_of(ANN, "p1")
            await work.people.held(ANN, "ann")
            await work.people.erase(ANN, "ann")
    whole = [plan for plan in plans if plan.startswith("SCAN")]
    # That index holds unfinished messages only.
    assert whole == ["SCAN message USING INDEX ix_message_unfinished"]


def test_an_error_of_the_driver_without_a_code_is_not_taken_for_a_lock() -> None:
    """It was hidden by another error."""
    assert not is_away(sqlite3.ProgrammingError("Recursive use of cursors not allowed."))
