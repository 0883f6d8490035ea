"""
Group commit (DeWitt et al., Implementation Techniques for Main Memory Database Systems, 1984).

Waiting for the disk is most of what a transaction costs in SQLite, and it has one writer at a
time. So transactions that stand in line are written as savepoints of one, which is committed
once for all. To its caller each is what it was: whole or not there at all, and on the disk when
`begin` is left.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.inline import InlineConnection


@dataclass(frozen=True, slots=True)
class _Group:
    connection: AsyncConnection
    driver: InlineConnection
    ending: asyncio.Task[None]


class GroupCommit:
    def __init__(self, engine: AsyncEngine) -> None:
        """`engine` must have one InlineConnection, and begin with the write lock."""
        self._engine = engine
        self._turn = asyncio.Lock()  # fair: who comes first is first
        self._group: _Group | None = None

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        group: _Group | None = None
        try:
            async with self._turn:
                group = self._group = self._group or await self._opened()
                with _savepoint(group.driver):
                    yield group.connection
        finally:
            # Whatever became of this block: when the last one has left, nothing is under way.
            if group is not None:
                await _ended(group.ending)
        group.ending.result()

    async def _opened(self) -> _Group:
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
