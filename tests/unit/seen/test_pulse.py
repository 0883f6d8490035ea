"""A worker that cannot agree with the others any more is not ready, and says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import pytest_asyncio

from bot.coordination.alone import Alone
from bot.coordination.base import Coordination
from bot.coordination.set_up import coordination_of
from bot.seen.pulse import Pulse
from bot.seen.readiness import Part, Readier, Ready
from tests.postgres import PostgresServer
from tests.unit.seen.test_standing import CountedStore, Release, standing

SOON_S: Final = 10.0  # by then, or the test has failed
CUT: Final = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = '{}' AND application_name = 'mingbai coordination'"
)
LOCKS: Final = "EXECUTE ON FUNCTION pg_try_advisory_lock(bigint)"


@dataclass(slots=True)
class Tick:
    """Seconds, as a test says."""

    at_s: float = 1000.0

    def __call__(self) -> float:
        return self.at_s


@pytest_asyncio.fixture
async def shared(postgres_url: str) -> AsyncIterator[Coordination]:
    async with coordination_of(postgres_url) as coordination:
        yield coordination


@asynccontextmanager
async def beating(pulse: Pulse) -> AsyncIterator[None]:
    task = asyncio.create_task(pulse.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def becomes(pulse: Pulse, part: Part) -> None:
    async with asyncio.timeout(SOON_S):
        while pulse.part() is not part:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)


async def goes_down(pulse: Pulse, tick: Tick) -> None:
    async with asyncio.timeout(SOON_S):
        while pulse.part() is not Part.DOWN:
            tick.at_s += 1
            await asyncio.sleep(0.01)


async def ready(pulse: Pulse) -> Ready:
    readier = Readier(
        standing=standing(CountedStore()),
        index=Release("r1"),
        agreement=pulse.part,
        listening=lambda: True,
        full=lambda: True,
    )
    return await readier()


async def test_a_worker_alone_has_nobody_to_agree_with() -> None:
    pulse = Pulse(coordination=Alone())
    async with asyncio.timeout(SOON_S):
        await pulse.run()
    assert "coordination" not in (await ready(pulse)).parts


async def test_thirty_seconds_without_a_turn_are_borne_and_no_more(shared: Coordination) -> None:
    tick = Tick()
    pulse = Pulse(coordination=shared, beat_s=3600, tick=tick)
    assert (await ready(pulse)).parts["coordination"] is Part.STARTING
    async with beating(pulse):
        await becomes(pulse, Part.OK)
        tick.at_s += 30
        assert pulse.part() is Part.OK
        tick.at_s += 0.1
        assert pulse.part() is Part.DOWN


async def test_a_worker_whose_session_is_off_is_not_ready_until_it_is_back(
    shared: Coordination, postgres: PostgresServer, postgres_database: str
) -> None:
    def allow(*, connections: str) -> None:
        statement = f"ALTER DATABASE {postgres_database} ALLOW_CONNECTIONS {connections}"
        postgres.sql("postgres", statement, CUT.format(postgres_database))

    tick = Tick()
    pulse = Pulse(coordination=shared, beat_s=0.01, tick=tick)
    async with beating(pulse):
        await becomes(pulse, Part.OK)
        assert await ready(pulse)
        allow(connections="false")
        await goes_down(pulse, tick)
        found = await ready(pulse)
        assert not found
        assert found.parts["coordination"] == "down"
        allow(connections="true")
        await becomes(pulse, Part.OK)
        assert await ready(pulse)


async def test_a_session_that_gives_no_locks_is_no_agreement(
    postgres: PostgresServer, postgres_database: str
) -> None:
    """It connects, fails and connects again: all the time there is a connection, or nearly."""
    role, tick = f"worker_of_{postgres_database}", Tick()
    postgres.sql("postgres", f"CREATE ROLE {role} LOGIN")
    async with coordination_of(postgres.url(postgres_database, role=role)) as coordination:
        pulse = Pulse(coordination=coordination, beat_s=0.01, tick=tick)
        async with beating(pulse):
            await becomes(pulse, Part.OK)
            postgres.sql(postgres_database, f"REVOKE {LOCKS} FROM PUBLIC")
            await goes_down(pulse, tick)
            postgres.sql(postgres_database, f"GRANT {LOCKS} TO PUBLIC")
            await becomes(pulse, Part.OK)


async def test_workers_do_not_wait_for_the_pulse_of_each_other(
    shared: Coordination, postgres_url: str
) -> None:
    async with coordination_of(postgres_url) as other:
        one, two = (Pulse(coordination=each, beat_s=3600) for each in (shared, other))
        async with beating(one), beating(two):
            await becomes(one, Part.OK)
            await becomes(two, Part.OK)
