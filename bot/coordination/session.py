"""
One connection to PostgreSQL, and the advisory locks that end with it.

A lock of a session ends when its connection does, so a worker that is killed holds none. What
many ask for at the same time shares a round trip. Nothing here waits in the server: a statement
that did would keep all others of the worker waiting.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Self

import asyncpg
import structlog

HEARTBEAT_S: Final = 5.0  # of silence, then it is asked whether it is still there
ANSWER_S: Final = 5.0  # for the server; a session that takes longer counts as lost
CONNECT_S: Final = 10.0
# A server that cannot reach us ends the session, and lets another worker have its locks. That
# takes longer than we take to see it: we must have stopped leading by then.
KEEPALIVE: Final[Mapping[str, str]] = {
    "application_name": "mingbai coordination",
    "tcp_keepalives_idle": "15",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
CHANNEL: Final = "mingbai"  # for what workers tell each other
FAILURES: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError)  # TimeoutError is one

Told = Callable[[str], None]
log = structlog.get_logger(__name__)


class SessionLostError(Exception):
    """The connection ended, and with it every lock."""


@dataclass(slots=True)
class _Batch:
    """What is asked of the server with the next round trip."""

    releases: list[int] = field(default_factory=list)
    wishes: list[tuple[int, asyncio.Future[bool]]] = field(default_factory=list)
    told: dict[str, None] = field(default_factory=dict)  # each text once


class Session:
    def __init__(self, connection: asyncpg.Connection[Any]) -> None:
        """Use open()."""
        self._connection = connection
        self._batch = _Batch()
        self._asked = asyncio.Event()
        self.lost = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def open(cls, arguments: Mapping[str, Any], heard: Told) -> AsyncIterator[Self]:
        """
        Connect; `heard` is called with what others tell. Raise one of FAILURES.

        `arguments` are those of asyncpg.connect.
        """
        ours = {"timeout": CONNECT_S, "server_settings": dict(KEEPALIVE)}
        connection = await asyncpg.connect(**{**arguments, **ours})
        session = cls(connection)
        try:
            me = connection.get_server_pid()

            def hear(_connection: object, sender: int, _channel: str, text: object) -> None:
                if sender != me:
                    heard(str(text))

            connection.add_termination_listener(lambda _connection: session.lose())
            await connection.add_listener(CHANNEL, hear)
            yield session
        finally:
            session.lose()
            connection.terminate()

    async def run(self) -> None:
        """Serve what is asked, until the session is lost: then return."""
        try:
            while not self.lost.is_set():
                await self._rest()
                async with asyncio.timeout(ANSWER_S):
                    await self._serve()
        except FAILURES as error:
            log.warning("coordination.unreachable", problem=str(error) or type(error).__name__)
        finally:
            self.lose()

    def lose(self) -> None:
        """Whoever waits learns that no lock is held any more."""
        self.lost.set()
        self._asked.set()
        batch, self._batch = self._batch, _Batch()
        for _, wish in batch.wishes:
            if not wish.done():
                wish.set_exception(SessionLostError())

    async def acquires(self, key: int) -> bool:
        """Take a lock if nobody has it; tell whether it was taken. Raise SessionLostError."""
        if self.lost.is_set():
            raise SessionLostError
        wish: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._batch.wishes.append((key, wish))
        self._asked.set()
        try:
            return await wish
        except asyncio.CancelledError:
            if _is_granted(wish):  # in the moment in which we were cancelled
                self.release(key)
            raise

    def release(self, key: int) -> None:
        """Give a lock back; it is free a moment later."""
        self._batch.releases.append(key)
        self._asked.set()

    def tell(self, text: str) -> None:
        """Tell all others who listen."""
        self._batch.told[text] = None
        self._asked.set()

    async def _rest(self) -> None:
        """Wait until something is asked, or it is time to see whether the server is there."""
        try:
            async with asyncio.timeout(HEARTBEAT_S):
                await self._asked.wait()
        except TimeoutError:
            return

    async def _serve(self) -> None:
        self._asked.clear()
        batch, self._batch = self._batch, _Batch()
        try:
            await self._release(batch.releases)
            await self._grant([one for one in batch.wishes if not one[1].done()])
            await self._tell(list(batch.told))
        finally:  # where the server failed
            for _, wish in batch.wishes:
                if not wish.done():
                    wish.set_exception(SessionLostError())

    async def _release(self, keys: list[int]) -> None:
        if keys:
            await self._connection.fetch(_RELEASE, keys)

    async def _grant(self, wishes: list[tuple[int, asyncio.Future[bool]]]) -> None:
        # Without a wish too: that is the heartbeat.
        rows = await self._connection.fetch(_GRANT, [key for key, _ in wishes])
        for (key, wish), (granted,) in zip(wishes, rows, strict=True):
            if not wish.done():
                wish.set_result(granted)
            elif granted:  # whoever asked was cancelled meanwhile
                self.release(key)

    async def _tell(self, texts: list[str]) -> None:
        if texts:
            await self._connection.fetch(_TELL, texts)


def _is_granted(wish: asyncio.Future[bool]) -> bool:
    known = wish.done() and not wish.cancelled() and wish.exception() is None
    return known and wish.result()


_RELEASE: Final = "SELECT pg_advisory_unlock(key) FROM unnest($1::bigint[]) AS asked(key)"
_GRANT: Final = "SELECT pg_try_advisory_lock(key) FROM unnest($1::bigint[]) AS asked(key)"
_TELL: Final = f"SELECT pg_notify('{CHANNEL}', told) FROM unnest($1::text[]) AS asked(told)"  # noqa: S608 - a constant of ours
