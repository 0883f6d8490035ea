"""What differs between SQLite and PostgreSQL: everything else here is the same for both."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Final, TypeAlias

from sqlalchemy import URL, Connection, Table, event, func, literal, make_url, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import StoreError
from bot.store import inline
from bot.store.columns import Said
from bot.store.grouping import GroupCommit
from bot.types import Address

Insert: TypeAlias = sqlite.Insert | postgresql.Insert
Begin: TypeAlias = Callable[[], AbstractAsyncContextManager[AsyncConnection]]

BUSY_TIMEOUT_S: Final = 10
WIPE_TIMEOUT_MS: Final = 200  # citizens wait behind it
PAUSE_S: Final = 0.02
READERS: Final = 4  # connections of one process that only read an SQLite file
CONNECTIONS: Final = 12  # of one process to PostgreSQL, which by itself takes 100 of all
CONNECT_S: Final = 5
WAIT_S: Final = 10  # for one of our connections
LOCK_S: Final = 5
STATEMENT_S: Final = 30
SILENCE_S: Final = 5
IDLE_S: Final = 60  # within a transaction, of a worker that hangs: others wait for what it locked
MIGRATION_LOCK: Final = 0x6D696E67  # "ming": any number that nobody else takes
AUDIT_LOCK: Final = 0x62616921  # "bai!"


def parse(url: str) -> URL:
    """Raise StoreError unless it is a URL of a database that we speak with."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        # Without the text: it may hold a password.
        raise StoreError("the database URL is unreadable; " + _FORMS) from error
    if parsed.drivername not in {"sqlite+aiosqlite", "postgresql+asyncpg"}:
        raise StoreError(f"no database driver {parsed.drivername}; " + _FORMS)
    if parsed.drivername == "sqlite+aiosqlite" and parsed.database in {None, "", ":memory:"}:
        raise StoreError(
            "SQLite needs a file here, for what is in memory is not shared; " + _FORMS
        )
    return parsed


_FORMS: Final = (
    "write sqlite+aiosqlite:///data/mingbai.sqlite "
    "or postgresql+asyncpg://user:password@host/database"
)


def asyncpg_arguments(url: str) -> Mapping[str, Any] | None:
    """What asyncpg.connect takes for a connection of our own; None for SQLite."""
    parsed = parse(url)
    if parsed.get_backend_name() == "sqlite":
        return None
    _, arguments = parsed.get_dialect()().create_connect_args(parsed)
    return {key: value for key, value in arguments.items() if key not in _OF_SQLALCHEMY}


# What may stand in a URL for SQLAlchemy itself.
_OF_SQLALCHEMY: Final = frozenset(
    {"async_fallback", "prepared_statement_cache_size", "prepared_statement_name_func"}
)


def make_parent(url: URL) -> None:
    """Make the folder of an SQLite file."""
    if url.get_backend_name() == "sqlite" and url.database is not None:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)


def connect(url: URL, *, migrating: bool = False) -> AsyncEngine:
    """Return what opens connections; where it is `migrating`, a statement may take its time."""
    if url.get_backend_name() == "sqlite":
        # One connection: SQLite has one writer at a time, and our own tasks wait for it in the
        # fair queue of the pool instead of polling the file's lock against each other.
        # BEGIN IMMEDIATE takes the write lock at once: two processes that read first and then both
        # want to write would fail without waiting. Without foreign keys when migrating, for SQLite
        # changes a table by dropping it and writing a new one.
        keys = "OFF" if migrating else "ON"
        return _sqlite(url, f"foreign_keys = {keys}", begin="BEGIN IMMEDIATE", connections=1)
    return _postgresql(url, statement_s=0 if migrating else STATEMENT_S)


def reader(engine: AsyncEngine) -> AsyncEngine:
    """
    Return what opens connections that only read, each transaction one state of the database.

    For SQLite they are connections of their own: in its write-ahead log a reader sees what was
    committed when it began, and neither waits for a writer nor keeps one waiting.
    """
    if engine.dialect.name == "sqlite":
        return _sqlite(engine.url, "query_only = ON", begin="BEGIN", connections=READERS)
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _sqlite(url: URL, *pragmas: str, begin: str, connections: int) -> AsyncEngine:
    engine = create_async_engine(
        url,
        # Parameters are what people wrote: they must not reach a log by way of an error.
        hide_parameters=True,
        pool_size=connections,
        max_overflow=0,
        connect_args={"timeout": BUSY_TIMEOUT_S, "async_creator_fn": inline.connect},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def set_up(connection: DBAPIConnection, _record: object) -> None:
        connection.isolation_level = None  # the driver would begin too late; see _begin()
        _run(connection, "journal_mode = WAL", wait_s=BUSY_TIMEOUT_S)
        for pragma in (
            # The page cache outlives a killed process, so NORMAL would do for that. After a loss
            # of power it forgets the last commits, and what we acknowledged is not sent again.
            "synchronous = FULL",
            # What a citizen erases is overwritten with zeros, not only marked as free.
            "secure_delete = ON",
            *pragmas,
        ):
            _run(connection, pragma)

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _postgresql(url: URL, *, statement_s: int) -> AsyncEngine:
    """
    Nothing waits for ever: not for a server that is gone, not for another's lock.

    Transactions are READ COMMITTED. What two of them could spoil is kept by versions, by unique
    constraints and by the locks below, not by chance: see docs/operations.md.
    """
    engine = create_async_engine(
        url,
        hide_parameters=True,  # as above
        pool_pre_ping=True,  # after a restart of the server the old connections are dead
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=WAIT_S,
        connect_args={
            "timeout": CONNECT_S,
            # The server ends what takes too long; only when it is silent do we ourselves.
            "command_timeout": statement_s + SILENCE_S if statement_s else None,
            "server_settings": {
                "application_name": "mingbai",
                "statement_timeout": f"{statement_s}s",
                "lock_timeout": f"{LOCK_S}s",
                "idle_in_transaction_session_timeout": f"{IDLE_S}s",
                "jit": "off",  # it compiles longer than our short statements run
            },
        },
    )

    @event.listens_for(engine.sync_engine, "handle_error")
    def lost(failure: ExceptionContext) -> None:
        # The driver raises these as they are, and an OSError of a block is the block's own.
        if isinstance(failure.original_exception, OSError):
            failure.is_disconnect = True
            told = str(failure.original_exception) or "it does not answer"
            raise OperationalError(None, None, ConnectionError(told), hide_parameters=True)

    return engine


def transactions(engine: AsyncEngine) -> Begin:
    """Return what begins a transaction, and commits it when its block ends well."""
    return GroupCommit(engine).begin if engine.dialect.name == "sqlite" else engine.begin


def _run(connection: DBAPIConnection, pragma: str, *, wait_s: float = 0) -> None:
    """
    Run a pragma; try again for a while where another process is in the way.

    SQLite does not wait by itself when it turns a new file to WAL: of two processes that open
    one at the same moment, one is told at once that it is locked.
    """
    end = time.monotonic() + wait_s
    while True:
        cursor = connection.cursor()
        try:
            cursor.execute(f"PRAGMA {pragma}")
        except sqlite3.OperationalError:
            if time.monotonic() >= end:
                raise
            time.sleep(PAUSE_S)  # at start only, before anything is served
        else:
            return
        finally:
            cursor.close()


def insert(connection: AsyncConnection, table: Table) -> Insert:
    """Return an insert that knows ON CONFLICT."""
    return insert_into(connection.dialect.name, table)


def insert_into(backend: str, table: Table) -> Insert:
    """As insert(), for a statement that is built once for all connections."""
    return sqlite.insert(table) if backend == "sqlite" else postgresql.insert(table)


async def wipe(engine: AsyncEngine) -> None:
    """
    Take what was erased out of SQLite's log too: it holds the pages as they were before.

    Where another program reads at this moment the log stays until the next time, or until the
    last program closes the file. PostgreSQL removes dead rows by itself (autovacuum).
    """
    if engine.dialect.name == "sqlite":
        async with engine.connect() as connection:
            raw = await connection.get_raw_connection()
            driver = raw.driver_connection
            assert driver is not None
            # Not through SQLAlchemy, which would begin a transaction: none may be open here.
            for pragma in (
                f"busy_timeout = {WIPE_TIMEOUT_MS}",
                "wal_checkpoint(TRUNCATE)",
                f"busy_timeout = {1000 * BUSY_TIMEOUT_S}",
            ):
                await driver.execute_fetchall(f"PRAGMA {pragma}")


async def lock_conversation(connection: AsyncConnection, address: Address) -> None:
    """
    Let one transaction at a time append to a conversation.

    Else PostgreSQL could commit delivery 7 before 6, and who has read up to 7 never sees 6.
    """
    if not _is_sqlite(connection):
        names = literal(address.channel, Said), literal(address.chat, Said)
        keys = (func.hashtext(name) for name in names)
        await connection.execute(select(func.pg_advisory_xact_lock(*keys)))


async def lock_audit(connection: AsyncConnection) -> None:
    """Let one transaction at a time append to the audit log: each line holds the one before."""
    if not _is_sqlite(connection):
        await connection.execute(select(func.pg_advisory_xact_lock(AUDIT_LOCK)))


def lock_migrations(connection: Connection) -> None:
    """Let one process at a time migrate; on SQLite, BEGIN IMMEDIATE does."""
    if connection.dialect.name != "sqlite":
        # For this lock one waits as long as another process migrates. For a table not: whoever
        # comes behind a change that waits for a table waits for it too.
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_S}s'"))


def _is_sqlite(connection: AsyncConnection) -> bool:
    return connection.dialect.name == "sqlite"
