"""Many workers on one PostgreSQL: advisory locks, and NOTIFY. See session.py."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from hashlib import blake2b
from typing import Any, Final, Self

import structlog

from bot.coordination.base import Hear
from bot.coordination.session import Session, SessionLostError
from bot.coordination.turns import Turns
from bot.types import Address

# Between looks for a lock that another worker has. A turn is mostly over in a moment; and whoever
# has it handles what all workers took in, so that a late look keeps nobody waiting.
FIRST_LOOK_S: Final = 0.02
LONGEST_LOOK_S: Final = 0.5
LEADER_LOOK_S: Final = 1.0
FIRST_PAUSE_S: Final = 0.1  # before it is connected anew
LONGEST_PAUSE_S: Final = 10.0

log = structlog.get_logger(__name__)


class PostgresCoordination:
    shared = True

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        """Use open()."""
        self._arguments = arguments
        self._here = Turns()
        self._session: Session | None = None
        self._connected = asyncio.Event()
        self._listeners: defaultdict[str, list[Hear]] = defaultdict(list)

    @classmethod
    @asynccontextmanager
    async def open(cls, arguments: Mapping[str, Any]) -> AsyncIterator[Self]:
        """
        Be connected until the block ends, again and again where that is needed.

        `arguments` are those of asyncpg.connect. The server must be reached directly, or by a
        pool that gives each client a session of its own.
        """
        coordination = cls(arguments)
        staying = asyncio.create_task(coordination._stay_connected())
        try:
            yield coordination
        finally:
            staying.cancel()
            await asyncio.gather(staying, return_exceptions=True)

    @asynccontextmanager
    async def turn(self, address: Address, /) -> AsyncIterator[None]:
        looks = _pauses(FIRST_LOOK_S, LONGEST_LOOK_S)
        async with self._holding(f"turn {address.channel} {address.chat}", looks):
            yield

    async def while_leading(self, job: str, run: Callable[[], Awaitable[None]], /) -> None:
        done = False
        while not done:
            looks = _pauses(LEADER_LOOK_S, LEADER_LOOK_S)
            async with self._holding(f"job {job}", looks) as session:
                log.info("leader.is", job=job)
                done = await _returned(run, before=session.lost)
            log.info("leader.was", job=job)

    def tell(self, topic: str, text: str, /) -> None:
        if self._session is not None:
            self._session.tell(f"{topic} {text}")

    def listen(self, topic: str, hear: Hear, /) -> None:
        self._listeners[topic].append(hear)

    def _hear(self, told: str) -> None:
        topic, _, text = told.partition(" ")
        for hear in self._listeners.get(topic, ()):
            hear(text)

    @asynccontextmanager
    async def _holding(self, name: str, looks: Iterator[float]) -> AsyncIterator[Session]:
        key = _key(name)
        # To its own session a lock of PostgreSQL's is open, so here the line is ours.
        async with self._here.of(key):
            session = await self._lock(key, looks)
            try:
                yield session
            finally:
                session.release(key)

    async def _lock(self, key: int, looks: Iterator[float]) -> Session:
        for look_s in looks:
            session = await self._current()
            with suppress(SessionLostError):
                if await session.acquires(key):
                    return session
            await asyncio.sleep(look_s)
        raise AssertionError("looks never end")

    async def _current(self) -> Session:
        while self._session is None:
            await self._connected.wait()
        return self._session

    async def _stay_connected(self) -> None:
        pauses = _pauses(FIRST_PAUSE_S, LONGEST_PAUSE_S)
        while True:
            try:
                async with Session.open(self._arguments, self._hear) as session:
                    log.info("coordination.connected")
                    pauses = _pauses(FIRST_PAUSE_S, LONGEST_PAUSE_S)
                    await self._use(session)
            except Exception as error:  # noqa: BLE001 - without this task nothing is ever handled
                log.warning("coordination.unreachable", problem=str(error) or repr(error))
            pause_s = next(pauses)
            log.warning("coordination.off", pause_s=pause_s)
            await asyncio.sleep(pause_s)

    async def _use(self, session: Session) -> None:
        self._session = session
        self._connected.set()
        try:
            await session.run()
        finally:
            self._session = None
            self._connected.clear()


async def _returned(run: Callable[[], Awaitable[None]], *, before: asyncio.Event) -> bool:
    """Run until that event; tell whether it returned before. It is cancelled otherwise."""
    running = asyncio.ensure_future(run())
    ending = asyncio.ensure_future(before.wait())
    try:
        await asyncio.wait({running, ending}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            await running  # raises what it raised
        return running.done()
    finally:
        running.cancel()
        ending.cancel()
        await asyncio.gather(running, ending, return_exceptions=True)


def _key(name: str) -> int:
    """
    The number of a lock. Two names with one number cost each other time, and nothing else.

    PostgreSQL's numbers have 64 bits and a sign; those of bot/store/dialect.py are short.
    """
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)


def _pauses(first_s: float, longest_s: float) -> Iterator[float]:
    """Twice as long each time, and not all at the same moment."""
    while True:
        yield first_s * random.uniform(0.5, 1)  # noqa: S311
        first_s = min(2 * first_s, longest_s)
