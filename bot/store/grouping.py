"""
Group commit (DeWitt et al., Implementation Techniques for Main Memory Database Systems, 1984).

Waiting for the disk is most of what a transaction costs in SQLite, and it has one writer at a
time. So transactions that stand in line are written as savepoints of one, which is committed
once for all. To its caller each is what it was: whole or not there at all, and on the disk when
`begin` is left. Who is cancelled while the commit is under way learns nothing of it, as ever.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from sqlalchemy.exc import InvalidRequestError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.inline import InlineConnection


@dataclass(frozen=True, slots=True)
class _Group:
    connection: AsyncConnection
    driver: InlineConnection
    ending: asyncio.Task[None]


@dataclass(frozen=True, slots=True)
class _Refusal:
    """No group could be opened, for instance because another process kept the write lock."""

    began_s: float  # when it was tried, by the loop's clock
    error: SQLAlchemyError


class GroupCommit:
    def __init__(self, engine: AsyncEngine) -> None:
        """`engine` must have one InlineConnection, and begin with the write lock."""
        self._engine = engine
        self._turn = asyncio.Lock()  # fair: who comes first is first
        self._group: _Group | None = None
        self._refusal: _Refusal | None = None
        self._inside: asyncio.Task[object] | None = None  # whose block it is now

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """Raise RuntimeError inside another block of the same task: it would wait for itself."""
        if self._inside is not None and self._inside is asyncio.current_task():
            raise RuntimeError("a transaction was begun inside another one")
        came_s = asyncio.get_running_loop().time()
        group: _Group | None = None
        try:
            async with self._turn:
                group = self._group = self._group or await self._opened(came_s)
                with self._mine(), _savepoint(group.driver):
                    yield group.connection
        finally:
            # Whatever became of this block: when the last one has left, nothing is under way.
            if group is not None:
                await _ended(group.ending)
        group.ending.result()

    @contextmanager
    def _mine(self) -> Iterator[None]:
        self._inside = asyncio.current_task()
        try:
            yield
        finally:
            self._inside = None

    async def _opened(self, came_s: float) -> _Group:
        """Open a group, or refuse whoever stood in line all the time while that failed."""
        if self._refusal is not None and came_s <= self._refusal.began_s:
            raise self._refusal.error
        began_s = asyncio.get_running_loop().time()
        try:
            group = await self._open()
        except SQLAlchemyError as error:
            self._refusal = _Refusal(began_s, error)
            raise
        self._refusal = None
        return group

    async def _open(self) -> _Group:
        connection = await self._engine.connect()
        try:
            _ = await connection.begin()
            raw = await connection.get_raw_connection()
        except BaseException:
            await connection.close()
            raise
        driver = raw.driver_connection
        assert isinstance(driver, InlineConnection)
        ending = asyncio.create_task(self._end(connection, driver))
        ending.add_done_callback(_looked_at)
        return _Group(connection, driver, ending)

    async def _end(self, connection: AsyncConnection, driver: InlineConnection) -> None:
        """Commit, behind all who stood in line when the group was opened."""
        async with self._turn:
            try:
                _check(driver)
                await connection.commit()
            finally:
                self._group = None
                await connection.close()  # rolls back what was not committed


@contextmanager
def _savepoint(driver: InlineConnection) -> Iterator[None]:
    # Not SQLAlchemy's own, which cost more than the statements between them.
    _check(driver)
    driver.run("SAVEPOINT turn")
    try:
        yield
    except BaseException:
        if driver.in_transaction:
            driver.run("ROLLBACK TO turn")
            driver.run("RELEASE turn")
        raise
    _check(driver)
    driver.run("RELEASE turn")


def _check(driver: InlineConnection) -> None:
    """
    See that the transaction is still there.

    When the disk is full, SQLite rolls all of it back, and a COMMIT after that does nothing and
    succeeds: the others would take for written what is gone.
    """
    if not driver.in_transaction:
        raise InvalidRequestError("the transaction was rolled back")


async def _ended(ending: asyncio.Task[None]) -> None:
    """Wait for the commit; a caller who is cancelled does not take it from the others."""
    try:
        await asyncio.wait({ending})
    except asyncio.CancelledError:
        await asyncio.wait({ending})
        raise


def _looked_at(ending: asyncio.Task[None]) -> None:
    if not ending.cancelled():
        ending.exception()  # where the only block failed nobody asks for it
