"""What workers agree on by: alone in one process, and many on one PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final

import pytest
import pytest_asyncio

from bot.coordination.alone import Alone
from bot.coordination.base import Coordination
from bot.coordination.set_up import coordination_of
from bot.types import Address
from tests.postgres import PostgresServer

ANN: Final = Address("web", "ann")
BEN: Final = Address("web", "ben")
SOON_S: Final = 10.0  # by then, or the test has failed
Opening = Callable[[], AbstractAsyncContextManager[Coordination]]


@asynccontextmanager
async def alone() -> AsyncIterator[Coordination]:
    yield Alone()


def on_postgresql(request: pytest.FixtureRequest) -> Opening:
    url: str = request.getfixturevalue("postgres_url")
    return lambda: coordination_of(url)


OPENINGS: Final[Mapping[str, Callable[[pytest.FixtureRequest], Opening]]] = {
    "alone": lambda _request: alone,
    "postgresql": on_postgresql,
}


@pytest.fixture(params=OPENINGS)
def opening(request: pytest.FixtureRequest) -> Opening:
    return OPENINGS[request.param](request)


@pytest_asyncio.fixture
async def coordination(opening: Opening) -> AsyncIterator[Coordination]:
    async with opening() as opened:
        yield opened


@pytest_asyncio.fixture
async def two(postgres_url: str) -> AsyncIterator[tuple[Coordination, Coordination]]:
    """Two workers on one PostgreSQL."""
    async with coordination_of(postgres_url) as one, coordination_of(postgres_url) as other:
        yield one, other


class Job:
    """Counts how often it was begun and cancelled."""

    def __init__(self) -> None:
        self.begun = 0
        self.cancelled = 0
        self.running = asyncio.Event()

    async def run(self) -> None:
        self.begun += 1
        self.running.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.running.clear()
            self.cancelled += 1


@asynccontextmanager
async def leading(coordination: Coordination, job: Job) -> AsyncIterator[None]:
    task = asyncio.create_task(coordination.while_leading("job", job.run))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def begins(job: Job) -> None:
    async with asyncio.timeout(SOON_S):
        await job.running.wait()


def cut(postgres: PostgresServer, database: str) -> None:
    """As when the server ends a connection: all locks that were held on it are gone."""
    postgres.sql(
        database,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name = 'mingbai coordination'",
    )


# Turns


async def take_turns(*workers: Coordination, times: int) -> list[str]:
    """Each of them has the turn that often; what they do in it, in order."""
    done: list[str] = []

    async def work(coordination: Coordination, name: str) -> None:
        for _ in range(times):
            async with coordination.turn(ANN):
                done.append(f"{name} begins")
                await asyncio.sleep(0.001)
                done.append(f"{name} ends")

    async with asyncio.timeout(SOON_S):
        await asyncio.gather(*(work(one, str(number)) for number, one in enumerate(workers)))
    return done


def assert_one_at_a_time(done: list[str]) -> None:
    for begun, ended in zip(done[::2], done[1::2], strict=True):
        assert ended == begun.replace("begins", "ends")


async def test_one_block_at_a_time_has_a_conversation(coordination: Coordination) -> None:
    done = await take_turns(coordination, coordination, coordination, times=10)
    assert len(done) == 60
    assert_one_at_a_time(done)


async def test_one_worker_at_a_time_has_a_conversation(
    two: tuple[Coordination, Coordination],
) -> None:
    done = await take_turns(*two, times=10)
    assert len(done) == 40
    assert_one_at_a_time(done)


async def test_another_conversation_does_not_wait(coordination: Coordination) -> None:
    async with asyncio.timeout(SOON_S), coordination.turn(ANN), coordination.turn(BEN):
        pass


async def test_who_is_cancelled_in_line_or_in_turn_keeps_nobody_waiting(
    coordination: Coordination,
) -> None:
    async def have_turn() -> None:
        async with coordination.turn(ANN):
            await asyncio.Event().wait()

    tasks = [asyncio.create_task(have_turn()) for _ in range(5)]
    for pause_s in (0.05, 0, 0, 0, 0):
        await asyncio.sleep(pause_s)
        tasks.pop().cancel()
        tasks[0].cancel() if tasks else None
    async with asyncio.timeout(SOON_S), coordination.turn(ANN):
        pass


async def test_who_is_cancelled_at_any_moment_keeps_no_other_worker_waiting(
    two: tuple[Coordination, Coordination],
) -> None:
    one, other = two

    async def have_turn() -> None:
        async with one.turn(ANN):
            pass

    for steps in range(12):
        task = asyncio.create_task(have_turn())
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    async with asyncio.timeout(SOON_S), other.turn(ANN):
        pass


async def test_a_turn_that_failed_is_over(coordination: Coordination) -> None:
    with pytest.raises(ZeroDivisionError):
        async with coordination.turn(ANN):
            raise ZeroDivisionError
    async with asyncio.timeout(SOON_S), coordination.turn(ANN):
        pass


async def test_the_turns_of_a_worker_that_is_gone_are_free(opening: Opening) -> None:
    async with opening() as gone:
        turn = gone.turn(ANN)
        await turn.__aenter__()
    async with asyncio.timeout(SOON_S), opening() as left, left.turn(ANN):
        pass


async def test_with_a_lost_connection_the_turns_are_lost_and_new_ones_are_had(
    two: tuple[Coordination, Coordination], postgres: PostgresServer, postgres_database: str
) -> None:
    one, other = two
    async with asyncio.timeout(SOON_S), one.turn(ANN):
        cut(postgres, postgres_database)
        async with other.turn(ANN):  # while `one` still works: the ledger keeps it from harm
            pass
    async with asyncio.timeout(SOON_S), one.turn(ANN), other.turn(BEN):
        pass


async def test_many_turns_do_not_wait_for_each_other(
    two: tuple[Coordination, Coordination],
) -> None:
    held: list[Address] = []
    everybody = asyncio.Event()

    async def have_turn(number: int) -> None:
        address = Address("web", str(number))
        async with two[number % 2].turn(address):
            held.append(address)
            if len(held) == 300:
                everybody.set()
            await everybody.wait()

    async with asyncio.timeout(SOON_S):
        await asyncio.gather(*(have_turn(number) for number in range(300)))


# Leaders


async def test_a_job_that_ends_is_not_begun_again(coordination: Coordination) -> None:
    ran = []

    async def run() -> None:
        ran.append("once")

    async with asyncio.timeout(SOON_S):
        await coordination.while_leading("job", run)
    assert ran == ["once"]


async def test_what_a_job_raises_is_raised(coordination: Coordination) -> None:
    async def run() -> None:
        raise ZeroDivisionError

    async with asyncio.timeout(SOON_S):
        with pytest.raises(ZeroDivisionError):
            await coordination.while_leading("job", run)


async def test_who_stops_leading_has_stopped_the_job(coordination: Coordination) -> None:
    job = Job()
    async with leading(coordination, job):
        await begins(job)
    assert (job.begun, job.cancelled) == (1, 1)


async def test_one_worker_leads_and_another_one_takes_over(
    two: tuple[Coordination, Coordination],
) -> None:
    jobs = Job(), Job()
    async with leading(two[1], jobs[1]):
        async with leading(two[0], jobs[0]):
            await asyncio.wait(
                [asyncio.create_task(begins(job)) for job in jobs],
                return_when=asyncio.FIRST_COMPLETED,
            )
            assert sum(job.running.is_set() for job in jobs) == 1
            leader = 0 if jobs[0].running.is_set() else 1
        if leader == 0:
            await begins(jobs[1])
        assert jobs[1].running.is_set()


async def test_who_loses_the_connection_stops_and_somebody_leads_again(
    two: tuple[Coordination, Coordination], postgres: PostgresServer, postgres_database: str
) -> None:
    job = Job()
    async with leading(two[0], job), leading(two[1], job):
        await begins(job)
        for number in range(1, 4):
            cut(postgres, postgres_database)
            async with asyncio.timeout(SOON_S):
                while job.cancelled < number:  # noqa: ASYNC110 - a count, no event
                    await asyncio.sleep(0.005)
            await begins(job)
            assert job.begun - job.cancelled == 1


async def test_who_leads_one_job_does_not_keep_others_from_another(
    two: tuple[Coordination, Coordination],
) -> None:
    one, other = Job(), Job()
    async with leading(two[0], one):
        await begins(one)
        task = asyncio.create_task(two[1].while_leading("another job", other.run))
        await begins(other)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


# Notices


async def test_what_is_told_is_heard_by_the_others_alone(
    two: tuple[Coordination, Coordination],
) -> None:
    one, other = two
    heard: asyncio.Queue[str] = asyncio.Queue()
    one.listen("web", lambda text: heard.put_nowait(f"one: {text}"))
    other.listen("web", lambda text: heard.put_nowait(f"other: {text}"))
    other.listen("outbox", lambda text: heard.put_nowait(f"outbox: {text}"))
    async with asyncio.timeout(SOON_S), one.turn(ANN), other.turn(BEN):  # both are connected
        one.tell("web", "会话 7")
        one.tell("outbox", "")
        assert await heard.get() == "other: 会话 7"
        assert await heard.get() == "outbox: "
    assert heard.empty()


async def test_a_worker_alone_hears_nothing_of_itself(coordination: Coordination) -> None:
    heard: list[str] = []
    coordination.listen("web", heard.append)
    async with asyncio.timeout(SOON_S):
        async with coordination.turn(ANN):
            coordination.tell("web", "x")
        async with coordination.turn(BEN):
            await asyncio.sleep(0.05)
    assert heard == []


async def test_what_is_told_without_a_connection_harms_nobody(
    two: tuple[Coordination, Coordination], postgres: PostgresServer, postgres_database: str
) -> None:
    one, other = two
    heard: asyncio.Queue[str] = asyncio.Queue()
    other.listen("web", heard.put_nowait)
    async with asyncio.timeout(SOON_S):
        async with one.turn(ANN), other.turn(BEN):
            cut(postgres, postgres_database)
        for _ in range(3):
            one.tell("web", "lost, perhaps")
            await asyncio.sleep(0.01)
        async with one.turn(ANN), other.turn(BEN):  # both are connected again
            one.tell("web", "heard")
            while await heard.get() != "heard":
                pass
