"""From one database to another: all rows, the same, or nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot.desk.tickets import Draft, Event
from bot.errors import StoreError
from bot.store.moving.copying import copy
from bot.store.moving.rows import Form, sheets
from bot.store.sql import SqlStore
from bot.types import Address, Delivery, Message, Outcome, Reason, Result, Span
from knowledge.types import Lang
from tests.postgres import PostgresServer

NOON = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)
ANN = Address("telegram", "1001")


@pytest.fixture
def old(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path}/old.sqlite"


@pytest.fixture
def new(postgres: PostgresServer) -> str:
    return postgres.url(postgres.empty())


def silent(_table: str, _rows: int) -> None:
    """Nobody wants to hear."""


async def fill(url: str, *, messages: int = 3) -> None:
    async with SqlStore.open(url) as store, store.begin() as work:
        for number in range(messages):
            text = f"失业金怎么领？🙂 {number}"
            message = Message(id=f"m{number}", address=ANN, sender="1001", text=text, at=NOON)
            accepted = await work.inbox.accept(message)
            assert accepted is not None
            outcome = Outcome(result=Result.SMALL_TALK, language=Lang.ZH_HANS)
            await work.inbox.finish(accepted.id, outcome, at=NOON)
        ticket = await work.tickets.open(
            Draft(
                asked_from=ANN,
                message_id="m0",
                question="失业金怎么领？",
                language=Lang.ZH_HANS,
                reason=Reason.UNSURE,
                opened=NOON,
            )
        )
        await work.audit.note(Event(ticket_id=ticket.id, at=NOON, who="x", what="opened"))
        delivery = Delivery(to=ANN, body=(Span("已转人工"),), ticket_id=ticket.id)
        await work.outbox.enqueue(delivery, at=NOON)


async def test_all_rows_come_over_and_back(old: str, new: str, tmp_path: Path) -> None:
    await fill(old, messages=1201)  # more than two batches
    told: dict[str, int] = {}
    rows = await copy(old, new, told=lambda table, count: told.update({table: count}))
    assert rows == sum(told.values()) == 1204
    assert (told["message"], told["ticket"], told["audit"], told["delivery"]) == (1201, 1, 1, 1)
    async with SqlStore.open(new) as store, store.begin() as work:
        past = await work.inbox.get(1201)
        assert past is not None
        assert past.message.text == "失业金怎么领？🙂 1200"
        assert past.message.at == NOON
        assert [one.what for one in await work.audit.of(1)] == ["opened"]
    assert await copy(new, f"sqlite+aiosqlite:///{tmp_path}/back.sqlite", told=silent) == rows


async def test_what_is_written_afterwards_takes_no_number_that_was_given(
    old: str, new: str, tmp_path: Path
) -> None:
    """The number of a deleted row is in old buttons and links."""
    await fill(old)
    with closing(sqlite3.connect(tmp_path / "old.sqlite")) as db, db:
        db.execute("DELETE FROM message WHERE id = 3")
    for source, target in ((old, new), (new, f"sqlite+aiosqlite:///{tmp_path}/back.sqlite")):
        await copy(source, target, told=silent)
    for url in (new, f"sqlite+aiosqlite:///{tmp_path}/back.sqlite"):
        async with SqlStore.open(url) as store, store.begin() as work:
            message = Message(id="next", address=ANN, sender="1001", text="?", at=NOON)
            accepted = await work.inbox.accept(message)
            assert accepted is not None
            assert accepted.id == 4, url


async def test_a_database_with_rows_takes_none(old: str, new: str) -> None:
    await fill(old)
    await fill(new, messages=1)
    with pytest.raises(StoreError, match=r"not empty: its table \w+ holds 1 rows. Nothing was"):
        await copy(old, new, told=silent)
    async with SqlStore.open(new) as store, store.begin() as work:
        assert await work.inbox.get(2) is None


async def test_a_row_that_is_refused_leaves_nothing(old: str, new: str, tmp_path: Path) -> None:
    """PostgreSQL keeps no NUL; what an old version or another program wrote may hold one."""
    await fill(old)
    with closing(sqlite3.connect(tmp_path / "old.sqlite")) as db, db:
        db.execute("UPDATE ticket SET question = 'a' || char(0) || 'b'")
    with pytest.raises(StoreError, match="table ticket: one of 1 rows from 1 on is not taken"):
        await copy(old, new, told=silent)
    async with SqlStore.open(new) as store, store.begin() as work:
        assert await work.inbox.get(1) is None


async def test_a_row_that_comes_back_as_another_leaves_nothing(
    old: str, new: str, postgres: PostgresServer
) -> None:
    await fill(old)
    async with SqlStore.open(new):
        pass
    postgres.sql(
        str(make_url(new).database),
        "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN NEW.text = 'other'; RETURN NEW; END $$",
        "CREATE TRIGGER spoil BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION spoil()",
    )
    with pytest.raises(StoreError, match="table audit: row 1 is not the same"):
        await copy(old, new, told=silent)
    async with SqlStore.open(new) as store, store.begin() as work:
        assert await work.inbox.get(1) is None


async def test_a_database_is_not_copied_to_itself(old: str) -> None:
    with pytest.raises(StoreError, match="both databases are the same"):
        await copy(old, old, told=silent)


def test_every_table_has_a_key_to_order_by_and_times_are_times() -> None:
    by_name = {one.name: one for one in sheets()}
    assert all(one.key for one in by_name.values())
    assert by_name["message"].columns["received_at"] is Form.TIME
    assert by_name["message"].columns["content"] is Form.TEXT
    assert by_name["conversation"].columns["simple"] is Form.TRUTH
