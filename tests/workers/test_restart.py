"""The server goes away and comes back: nobody leads meanwhile, and one does afterwards."""

from __future__ import annotations

import asyncio
from typing import Final

from bot.coordination.base import Coordination
from bot.types import Address
from tests.postgres import PostgresServer

ANN: Final = Address("web", "ann")
SOON_S: Final = 20.0  # by then, or the test has failed


class Job:
    def __init__(self) -> None:
        self.leaders = 0
        self.begun = 0

    async def run(self) -> None:
        self.leaders += 1
        self.begun += 1
        try:
            await asyncio.Event().wait()
        finally:
            self.leaders -= 1


async def test_duties_and_turns_end_with_the_server_and_begin_again_with_it(
    two: tuple[Coordination, Coordination], postgres: PostgresServer
) -> None:
    job = Job()
    leading = [asyncio.create_task(one.while_leading("job", job.run)) for one in two]
    try:
        await _led(job, times=1)
        await asyncio.to_thread(postgres.stop)
        async with asyncio.timeout(SOON_S):
            while job.leaders:  # noqa: ASYNC110 - a count, no event
                await asyncio.sleep(0.01)
        waiting = asyncio.create_task(_turn(two[0]))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        await asyncio.to_thread(postgres.start)
        await _led(job, times=2)
        async with asyncio.timeout(SOON_S):
            await waiting
            await _turn(two[1])
    finally:
        for task in leading:
            task.cancel()
        await asyncio.gather(*leading, return_exceptions=True)


async def _led(job: Job, *, times: int) -> None:
    async with asyncio.timeout(SOON_S):
        while job.begun < times:  # noqa: ASYNC110 - a count, no event
            await asyncio.sleep(0.01)
    assert (job.begun, job.leaders) == (times, 1)


async def _turn(coordination: Coordination) -> None:
    async with coordination.turn(ANN):
        pass
