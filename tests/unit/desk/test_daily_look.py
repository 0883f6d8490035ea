"""Hot concerns are looked for once a working day, by one process, beside everything else."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import faiss
import pytest
from structlog.testing import capture_logs

from bot.config import Settings
from bot.desk.concerns.concern import Concern
from bot.desk.concerns.daily import DailyLook
from bot.desk.concerns.finding import Grouping
from bot.desk.concerns.service import Concerns
from bot.desk.concerns.set_up import concerns_of
from bot.store.memory import MemoryStore
from bot.types import Address
from index.grouping import Group
from index.vectors import one_thread
from tests.unit.desk.office import WANG, Office, store_of

EIGHT_THIRTY = (8, 30)


class Looks:
    """Notes when questions are grouped, and in which thread; it may fail."""

    def __init__(self) -> None:
        self.times = 0
        self.threads: list[threading.Thread] = []
        self.faiss_threads = 0
        self.failure: Exception | None = None

    def __call__(
        self, texts: Sequence[str], _known: Sequence[Sequence[str]] = ()
    ) -> Sequence[Group]:
        self.times += 1
        self.threads.append(threading.current_thread())
        self.faiss_threads = faiss.omp_get_max_threads()
        if self.failure is not None:
            raise self.failure
        return [Group(tuple(range(len(texts))))] if texts else []


@pytest.fixture(params=["memory", "sqlite"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    async with store_of(request.param, tmp_path) as store:
        yield Office(store)


@pytest.fixture
def looks() -> Looks:
    return Looks()


def process(office: Office, group: Grouping) -> DailyLook:
    """One more process that serves."""
    concerns = Concerns(
        office.store,
        office.desk,
        group=group,
        published=lambda _name: True,
        thread_setup=one_thread,
    )
    return DailyLook(office.store, office.desk, concerns)


async def steps(office: Office, look: DailyLook, *moments: tuple[str, int, int]) -> None:
    for day, hour, minute in moments:
        office.time.set(day, hour, minute)
        await look.step()


async def test_it_looks_once_a_working_day_in_the_morning(office: Office, looks: Looks) -> None:
    look = process(office, looks)
    await steps(office, look, ("2026-11-27", 8, 29))
    assert looks.times == 0
    await steps(office, look, ("2026-11-27", *EIGHT_THIRTY), ("2026-11-27", 8, 31))
    assert looks.times == 1
    await steps(office, look, ("2026-11-28", 12, 0), ("2026-11-29", 12, 0))  # a weekend
    assert looks.times == 1
    await steps(office, process(office, looks), ("2026-11-30", *EIGHT_THIRTY))
    await steps(office, process(office, looks), ("2026-11-30", 9, 0))  # after a restart
    assert looks.times == 2


async def test_one_process_of_several_looks_and_tells_staff(office: Office, looks: Looks) -> None:
    for number in range(6):
        await office.opens(question="停水几点来水？", chat=Address("web", str(number)))
    await office.told()
    office.time.set("2026-11-24", *EIGHT_THIRTY)
    await asyncio.gather(*(process(office, looks).step() for _ in range(3)))
    assert looks.times == 1
    [told] = await office.told()
    assert told.startswith("Asked about more than before: 1")


async def test_it_looks_off_the_loop_in_one_thread(office: Office, looks: Looks) -> None:
    before = faiss.omp_get_max_threads()
    await office.opens()
    await steps(office, process(office, looks), ("2026-11-24", *EIGHT_THIRTY))
    [thread] = looks.threads
    assert thread is not threading.current_thread()
    assert looks.faiss_threads == 1
    assert faiss.omp_get_max_threads() == before
    thread.join(timeout=5)
    assert not thread.is_alive(), "it stays no longer than its work"


async def test_the_bot_answers_while_it_looks(office: Office) -> None:
    loop = asyncio.get_running_loop()

    def group(_texts: Sequence[str], _known: Sequence[Sequence[str]]) -> Sequence[Group]:
        """What the loop does meanwhile is done before this ends."""
        opened = asyncio.run_coroutine_threadsafe(office.opens(question="办证？"), loop)
        assert opened.result(timeout=5).id == 1
        return []

    await steps(office, process(office, group), ("2026-11-24", *EIGHT_THIRTY))
    assert (await office.ticket(1)).question == "办证？"


async def test_a_failure_is_logged_and_the_next_day_it_looks_again(
    office: Office, looks: Looks
) -> None:
    looks.failure = MemoryError("4,000 questions")
    office.time.set("2026-11-24", *EIGHT_THIRTY)
    with capture_logs() as logs, pytest.raises(TimeoutError):  # it goes on until it is cancelled
        await asyncio.wait_for(process(office, looks).run(), 0.5)
    assert [log["event"] for log in logs] == ["concerns.failed"]
    await steps(office, process(office, looks), ("2026-11-24", 9, 0))
    assert looks.times == 1
    looks.failure = None
    await steps(office, process(office, looks), ("2026-11-25", *EIGHT_THIRTY))
    assert looks.times == 2


async def test_who_takes_a_concern_while_it_looks_keeps_it_and_it_looks_again(
    office: Office, looks: Looks
) -> None:
    for number in range(6):
        await office.opens(question="停水几点来水？", chat=Address("web", str(number)))
    await steps(office, process(office, looks), ("2026-11-24", *EIGHT_THIRTY))
    loop = asyncio.get_running_loop()

    async def takes() -> None:
        async with office.store.begin() as work:
            [one] = await work.entries(Concern).find()
            await work.entries(Concern).save(replace(one, owner=WANG))

    def meanwhile(texts: Sequence[str], known: Sequence[Sequence[str]]) -> Sequence[Group]:
        if looks.times == 1:
            asyncio.run_coroutine_threadsafe(takes(), loop).result(timeout=5)
        found = looks(texts, known)
        return [replace(one, known=0) for one in found]

    await steps(office, process(office, meanwhile), ("2026-11-25", *EIGHT_THIRTY))
    assert looks.times == 3
    async with office.store.begin() as work:
        [one] = await work.entries(Concern).find()
    assert one.owner == WANG
    assert one.tickets == (1, 2, 3, 4, 5, 6)


@pytest.mark.slow  # the encoder takes seconds to come
async def test_the_settings_give_the_real_grouping(tmp_path: Path) -> None:
    """Through the real encoder: what is asked in nearly the same words is one concern."""
    office = Office(MemoryStore())
    asked = ("停水了几点来水", "停水了几点才来水", "今天停水了几点来水")
    others = (
        "公园可以遛狗吗",
        "驾照怎么换",
        "幼儿园报名要什么材料",
        "老年卡在哪里办",
        "夜里施工太吵",
    )
    for number, question in enumerate((*asked, *asked, *others)):
        await office.opens(question=question, chat=Address("web", str(number)))
    settings = Settings.read({"_env_file": None, "releases": tmp_path})
    concerns = concerns_of(settings, office.store, office.desk)
    look = DailyLook(office.store, office.desk, concerns)
    await steps(office, look, ("2026-11-24", *EIGHT_THIRTY))
    [one] = await concerns.all()
    assert (one.tickets, one.recent) == ((1, 2, 3, 4, 5, 6), 6)
