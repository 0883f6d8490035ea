"""
Group commit (DeWitt et al., Implementation Techniques for Main Memory Database Systems, 1984).

Waiting for the disk is most of what a transaction costs in SQLite, and it has one writer at a
time. So transactions that stand in line are written as savepoints of one, which is committed
once for all. To its caller each is what it was: whole or not there at all, and on the disk when
`begin` is left.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine


@dataclass(frozen=True, slots=True)
class _Group:
    connection: AsyncConnection
    done: asyncio.Future[None]


class GroupCommit:
    def __init__(self, engine: AsyncEngine) -> None:
        """`engine` must have one connection, and begin a transaction with the write lock."""
        self._engine = engine
        self._turn = asyncio.Lock()  # fair: who comes first is first
        self._group: _Group | None = None
        self._endings: set[asyncio.Future[None]] = set()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        async with self._turn:
            group = self._group = self._group or await self._opened()
            try:
                async with group.connection.begin_nested():
                    yield group.connection
            finally:
                ending = self._ending(group)  # behind all who are in line by now
        # Shielded: a caller who is cancelled leaves, and what the others wrote is committed.
        await asyncio.shield(ending)

    def _ending(self, group: _Group) -> asyncio.Future[None]:
        ending = asyncio.ensure_future(self._end(group))
        self._endings.add(ending)
        ending.add_done_callback(self._ended)
        return ending

    def _ended(self, ending: asyncio.Future[None]) -> None:
        self._endings.discard(ending)
        if not ending.cancelled():
            ending.exception()  # a caller whose own block failed does not ask for it

    async def _opened(self) -> _Group:
        connection = await self._engine.connect()
        try:
            _ = await connection.begin()
        except BaseException:
            await connection.close()
            raise
        return _Group(connection, asyncio.get_running_loop().create_future())

    async def _end(self, group: _Group) -> None:
        """Commit behind all who were in line before; the first to have its turn does it."""
        async with self._turn:
            if group is self._group:
                self._group = None
                try:
                    await self._commit(group)
                except BaseException as error:  # noqa: BLE001 - raised to each that is in the group
                    group.done.set_exception(error)
                else:
                    group.done.set_result(None)
        await asyncio.shield(group.done)

    async def _commit(self, group: _Group) -> None:
        try:
            await group.connection.commit()
        finally:
            await group.connection.close()  # rolls back what was not committed
