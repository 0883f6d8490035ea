"""Opening a store: the tables are brought up to date, and what is not ours is refused."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from bot.errors import StoreError
from bot.store.codec import encode
from bot.store.migrate import upgrade
from bot.store.sql import SqlStore
from bot.types import Address, Message, Outcome, Result
from knowledge.types import Lang

ANN = Address("telegram", "1001")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
GREETED = Outcome(result=Result.SMALL_TALK, language=Lang.ZH_HANS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a store may be made; nothing is there yet."""
    return tmp_path / "store.sqlite"


@pytest.fixture
def url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


def sql(path: Path, *statements: str) -> list[tuple[Any, ...]]:
    """Run statements as another program would; return what the last one found."""
    with closing(sqlite3.connect(path)) as db, db:
        return [db.execute(statement).fetchall() for statement in statements][-1]


UNFINISHED = (
    "CREATE INDEX ix_message_unfinished ON message (channel, chat, id) WHERE finished_at IS NULL"
)


async def test_the_migrations_make_what_alembic_does_not_compare(path: Path, url: str) -> None:
    async with SqlStore.open(url):
        pass
    assert sql(
        path, "SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%' ORDER BY name"
    ) == [
        ("absence",),
        ("account",),
        ("audit",),
        ("canned",),
        ("concern",),
        ("console_news",),
        ("consultation",),
        ("daily_round",),
        ("declined",),
        ("delivery",),
        ("digest",),
        ("disclosure",),
        ("disclosure_form",),
        ("kept_question",),
        ("level_step",),
        ("message",),
        ("parked",),
        ("publication",),
        ("publication_tally",),
        ("publication_use",),
        ("push",),
        ("push_news",),
        ("relocation",),
        ("review",),
        ("saved_view",),
        ("sign_on",),
        ("staff_session",),
        ("subscription",),
        ("task",),
        ("ticket",),
        ("tries",),
        ("wording",),
    ]
    assert sql(path, "SELECT sql FROM sqlite_master WHERE name = 'ix_message_unfinished'") == [
        (UNFINISHED,)
    ]


async def test_a_newer_database_is_refused(path: Path, url: str) -> None:
    async with SqlStore.open(url):
        pass
    sql(path, "UPDATE alembic_version SET version_num = 'r9999'")
    with pytest.raises(StoreError) as refused:
        async with SqlStore.open(url):
            pass
    assert str(refused.value) == (
        "the database is newer than this program: it is at revision r9999, and the newest known"
        " here is r0008. Start the newer version of Mingbai again, or restore the copy made"
        " before it was installed."
    )
    assert sql(path, "SELECT version_num FROM alembic_version") == [("r9999",)]


NOTES = b"Do not lose these notes! " * 50


@pytest.fixture
def notes(path: Path) -> Path:
    path.write_bytes(NOTES)
    return path


def content(path: Path) -> bytes:
    return path.read_bytes()


async def test_a_file_that_is_no_database_is_refused_and_kept(notes: Path, url: str) -> None:
    with pytest.raises(StoreError) as refused:
        async with SqlStore.open(url):
            pass
    assert str(refused.value) == (
        f"the database sqlite+aiosqlite:///{notes} cannot be used: file is not a database."
        " Check the database's URL in the settings, and that the file or server is there,"
        " may be read and written, and holds nothing but Mingbai's tables."
    )
    assert content(notes) == NOTES


async def test_the_database_of_another_program_is_refused_and_kept(path: Path, url: str) -> None:
    sql(path, "CREATE TABLE ticket (seat)")
    with pytest.raises(StoreError, match=r"table ticket already exists\. Check"):
        async with SqlStore.open(url):
            pass
    assert sql(path, "SELECT name FROM sqlite_master") == [("ticket",)]


FORMS = (
    "write sqlite+aiosqlite:///data/mingbai.sqlite"
    " or postgresql+asyncpg://user:password@host/database"
)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("data/secret.sqlite", "the database URL is unreadable; "),
        ("sqlite:///data/mingbai.sqlite", "no database driver sqlite; "),
        ("postgresql://ann:secret@host/db", "no database driver postgresql; "),
        (
            "sqlite+aiosqlite://",
            "SQLite needs a file here, for what is in memory is not shared; ",
        ),
    ],
)
async def test_other_urls_are_refused_without_their_password(url: str, problem: str) -> None:
    with pytest.raises(StoreError) as refused:
        async with SqlStore.open(url):
            pass
    assert str(refused.value) == problem + FORMS


@pytest.mark.usefixtures("notes")
async def test_an_unreachable_file_is_a_store_error(url: str) -> None:
    with pytest.raises(StoreError, match="Not a directory"):
        async with SqlStore.open(f"{url}/folder/store.sqlite"):
            pass


async def test_messages_from_before_senders_had_a_column_get_theirs(path: Path, url: str) -> None:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(lambda one: upgrade(one, to="r0001"))
    await engine.dispose()
    written = Message(id="m1", address=ANN, sender="1001", text="失业金怎么领？", at=NOON)
    with closing(sqlite3.connect(path)) as db, db:
        db.executemany(
            "INSERT INTO message (channel, platform_id, content, outcome, received_at, finished_at)"
            " VALUES ('telegram', ?, ?, ?, '2026-03-02', '2026-03-02')",
            [
                (f"m{number}", encode(replace(written, id=f"m{number}")), encode(GREETED))
                for number in range(1200)  # more than one batch
            ],
        )
    async with SqlStore.open(url) as store, store.begin() as work:
        held = await work.people.held(ANN, "1001")
    assert len(held.messages) == 1200
    assert held.messages[-1].message == replace(written, id="m1199")
