"""The store in SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Final, Self, TypeVar

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import StoreError
from bot.store import dialect
from bot.store.audit import SqlAudit
from bot.store.conversations import SqlConversations
from bot.store.entries import SqlEntries
from bot.store.inbox import SqlInbox
from bot.store.migrate import upgrade
from bot.store.outbox import SqlOutbox
from bot.store.people import SqlPeople
from bot.store.pushes import SqlPushes
from bot.store.records import SqlRecords
from bot.store.registers import REGISTERS, Entry
from bot.store.subscriptions import SqlSubscriptions
from bot.store.tickets import SqlTickets

MEND: Final = (
    ". Check the database's URL in the settings, and that the file or server is there,"
    " may be read and written, and holds nothing but Mingbai's tables."
)


E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True)
class SqlWork:
    connection: AsyncConnection
    inbox: SqlInbox
    conversations: SqlConversations
    tickets: SqlTickets
    audit: SqlAudit
    outbox: SqlOutbox
    people: SqlPeople
    records: SqlRecords
    subscriptions: SqlSubscriptions
    pushes: SqlPushes

    @classmethod
    def on(cls, connection: AsyncConnection) -> Self:
        return cls(
            connection,
            SqlInbox(connection),
            SqlConversations(connection),
            SqlTickets(connection),
            SqlAudit(connection),
            SqlOutbox(connection),
            SqlPeople(connection),
            SqlRecords(connection),
            SqlSubscriptions(connection),
            SqlPushes(connection),
        )

    def entries(self, kind: type[E], /) -> SqlEntries[E]:
        return SqlEntries(self.connection, REGISTERS[kind])


class SqlStore:
    def __init__(self, engine: AsyncEngine) -> None:
        """Take an engine from dialect.connect, on a database with our tables. See open()."""
        self._engine = engine
        self._transaction = dialect.transactions(engine)

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str) -> AsyncIterator[Self]:
        """Bring the database to this program's tables, making an SQLite file where needed."""
        parsed = dialect.parse(url)
        with _translated(SQLAlchemyError, OSError, ImportError, where=parsed, mend=MEND):
            await _prepare(parsed)
            engine = dialect.connect(parsed)
        try:
            yield cls(engine)
        finally:
            await engine.dispose()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[SqlWork]:
        where = self._engine.url
        with _translated(SQLAlchemyError, where=where):
            async with AsyncExitStack() as stack:
                with _translated(OSError, where=where):  # no connection; not the block's own
                    connection = await stack.enter_async_context(self._transaction())
                work = SqlWork.on(connection)
                yield work
            if work.people.has_erased or work.records.has_erased:
                await dialect.wipe(self._engine)


async def _prepare(url: URL) -> None:
    dialect.make_parent(url)
    # Without foreign keys, for SQLite changes a table by dropping it and writing a new one.
    engine = dialect.connect(url, foreign_keys=False)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(upgrade)
    finally:
        await engine.dispose()


@contextmanager
def _translated(*kinds: type[Exception], where: URL, mend: str = "") -> Iterator[None]:
    try:
        yield
    except kinds as error:
        # The driver's own words: SQLAlchemy's carry the statement.
        cause = error.orig if isinstance(error, DBAPIError) else error
        name = where.render_as_string(hide_password=True)
        raise StoreError(f"the database {name} cannot be used: {cause}{mend}") from error
