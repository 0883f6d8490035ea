"""The store in SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final, Self, TypeVar

from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import StoreAway, StoreBusy, StoreError
from bot.store import dialect, failures
from bot.store.audit import SqlAudit
from bot.store.backlog import SqlBacklogs
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
    backlog: SqlBacklogs

    @classmethod
    def on(cls, connection: AsyncConnection, *, writing: bool) -> Self:
        audit = SqlAudit(connection)
        return cls(
            connection,
            SqlInbox(connection),
            SqlConversations(connection),
            SqlTickets(connection, writing),
            audit,
            SqlOutbox(connection),
            SqlPeople(connection),
            SqlRecords(connection, audit),
            SqlSubscriptions(connection),
            SqlPushes(connection),
            SqlBacklogs(connection),
        )

    def entries(self, kind: type[E], /) -> SqlEntries[E]:
        return SqlEntries(self.connection, REGISTERS[kind])


class SqlStore:
    def __init__(self, engine: AsyncEngine) -> None:
        """Take an engine from dialect.connect, on a database with our tables. See open()."""
        self._engine = engine
        self._transaction = dialect.transactions(engine)
        self._reader = dialect.reader(engine)

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str) -> AsyncIterator[Self]:
        """Bring the database to this program's tables, making an SQLite file where needed."""
        parsed = dialect.parse(url)
        with translated(SQLAlchemyError, OSError, ImportError, where=parsed, mend=MEND):
            await prepare(parsed)
            engine = dialect.connect(parsed)
        store = cls(engine)
        try:
            yield store
        finally:
            await store._reader.dispose()
            await engine.dispose()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[SqlWork]:
        where = self._engine.url
        with translated(SQLAlchemyError, where=where):
            async with AsyncExitStack() as stack:
                with translated(OSError, where=where):  # no connection; not the block's own
                    connection = await stack.enter_async_context(self._transaction())
                work = SqlWork.on(connection, writing=True)
                yield work
                await work.audit.seal()
            if work.people.has_erased or work.records.has_erased:
                await dialect.wipe(self._engine)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[SqlWork]:
        where = self._engine.url
        with translated(SQLAlchemyError, where=where):
            async with AsyncExitStack() as stack:
                with translated(OSError, where=where):  # as above
                    connection = await stack.enter_async_context(self._reader.begin())
                work = SqlWork.on(connection, writing=False)
                yield work
                await work.audit.seal()  # which the database refuses, as any other writing


async def prepare(url: URL, *, to: str = "head") -> None:
    """Bring a database to the tables of that revision, making an SQLite file where needed."""
    dialect.make_parent(url)
    engine = dialect.connect(url, migrating=True)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(partial(upgrade, to=to))
    finally:
        await engine.dispose()


@contextmanager
def translated(*kinds: type[Exception], where: URL, mend: str = "") -> Iterator[None]:
    """Raise StoreError for failures of those kinds, in words, without parameters or passwords."""
    try:
        yield
    except kinds as error:
        name = where.render_as_string(hide_password=True)
        problem = f"the database {name} cannot be used: {failures.words(error)}{mend}"
        kind = StoreBusy if failures.is_busy(error) else StoreError
        kind = StoreAway if failures.is_away(error) else kind
        # The driver's own error tells of the values that it was about.
        raise kind(problem) from (None if failures.tells_values(error) else error)
