"""What a worker does by itself when searches or the database fail, and how it comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.degrade import guarded, pages
from bot.degrade.guarded import ERRORS, PROBE, STUCK_S
from bot.degrade.ladder import GRACE, LOST
from bot.degrade.level import Level
from bot.errors import SearchStuck, StoreError
from bot.render import Bureau
from bot.store.memory import MemoryStore, MemoryWork
from bot.types import Result
from index.types import Away
from knowledge.types import Lang
from tests.unit.degrade.ladders import SURE, Rungs, words
from tests.unit.desk.office import ROOM, ZHAO
from tests.unit.shelf import TODAY, UNSURE

UP = [Level.PUBLISHED, Level.QUOTATION, Level.FULL]


class Fleeting(MemoryStore):
    """A database that a test takes away."""

    def __init__(self) -> None:
        super().__init__()
        self.away = False

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[MemoryWork]:
        self._check()
        async with super().begin() as work:
            yield work

    @asynccontextmanager
    async def read(self) -> AsyncIterator[MemoryWork]:
        self._check()
        async with super().read() as work:
            yield work

    def _check(self) -> None:
        if self.away:
            raise StoreError("the database is away")


async def fails(rungs: Rungs, times: int = ERRORS) -> None:
    for _ in range(times):
        with pytest.raises(OSError, match="disk"):
            await rungs.ladder.index.search(SURE, on=TODAY)


async def test_a_failing_index_leaves_questions_to_people_until_it_is_back() -> None:
    rungs = Rungs()
    rungs.index.failure = OSError("disk")
    await fails(rungs)
    assert await rungs.look() is Level.PEOPLE
    outcome, _ = await rungs.says(SURE)
    assert outcome.result is Result.UNRESOLVED
    assert await rungs.tickets() == [SURE]
    assert await rungs.look(after_s=600) is Level.PEOPLE, "it still fails"
    rungs.index.failure = None
    assert await rungs.look(after_s=1) is Level.PEOPLE, "not at once"
    assert [await rungs.look(after_s=60) for _ in UP] == UP
    assert (await rungs.says(SURE))[0].result is Result.ANSWERED
    assert [(who, what) for who, what, _ in await rungs.deeds()] == [
        ("system", "level stepped")
    ] * 4
    told = [delivery.plain for delivery in await rungs.hears(ROOM) if "Level" in delivery.plain]
    assert "people only · by itself · searches fail" in told[0]
    assert len(told) == 4


async def test_fewer_errors_and_old_ones_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rungs = Rungs()
    rungs.index.failure = OSError("disk")
    await fails(rungs, ERRORS - 1)
    assert await rungs.look() is Level.FULL
    monkeypatch.setattr(guarded, "WINDOW_S", -1.0)  # they are old
    await fails(rungs, 1)
    assert await rungs.look() is Level.FULL


async def test_questions_that_break_the_search_take_it_away_from_nobody() -> None:
    rungs = Rungs()
    rungs.index.failure = OSError("disk")
    await fails(rungs)
    rungs.index.failure = None  # for any other question
    assert await rungs.look() is Level.FULL


async def test_a_search_that_does_not_end_is_given_up() -> None:
    rungs = Rungs()
    seconds = 0.0
    rungs.ladder.health.clock = lambda: seconds
    rungs.index.hangs = True
    waiting = asyncio.create_task(rungs.ladder.index.search(SURE, on=TODAY))
    await asyncio.sleep(0.01)
    assert await rungs.look() is Level.FULL
    seconds = STUCK_S + 1
    assert await rungs.look() is Level.PEOPLE
    with pytest.raises(SearchStuck):
        await waiting


async def test_a_long_line_in_which_searches_end_is_no_trouble() -> None:
    rungs = Rungs()
    seconds = 0.0
    rungs.ladder.health.clock = lambda: seconds
    rungs.index.hangs = True
    waiting = asyncio.create_task(rungs.ladder.index.search(SURE, on=TODAY))
    await asyncio.sleep(0.01)
    rungs.index.hangs = False
    seconds = STUCK_S
    await rungs.ladder.index.search(SURE, on=TODAY)
    seconds = STUCK_S * 1.5
    assert await rungs.look() is Level.FULL
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_a_start_waits_for_its_release_before_it_steps_down() -> None:
    rungs = Rungs()
    rungs.index.release = ""
    assert await rungs.look() is Level.FULL
    assert await rungs.look(after_s=GRACE.total_seconds()) is Level.PEOPLE
    rungs.index.release = "first"
    assert [await rungs.look(after_s=60) for _ in UP] == UP


@pytest.mark.parametrize(
    ("away", "why"),
    [
        (Away.VECTORS, "the vector store is away: keywords alone are searched"),
        (Away.RERANKER, "the reranker fails: searches go on without it"),
    ],
)
async def test_what_searches_do_without_leaves_sure_answers_alone_until_it_is_back(
    away: Away, why: str
) -> None:
    rungs = Rungs()
    rungs.index.away = away
    assert await rungs.look() is Level.FULL
    assert await rungs.look(after_s=GRACE.total_seconds() - 1) is Level.FULL, "it may come back"
    assert await rungs.look(after_s=1) is Level.QUOTATION
    [told] = [delivery.plain for delivery in await rungs.hears(ROOM)]
    assert told == f"Level: 2026-11-23 10:01 · quotation only · by itself · {why}"
    assert (await rungs.says(SURE))[0].result is Result.ANSWERED
    assert (await rungs.says(UNSURE))[0].result is Result.UNRESOLVED
    assert await rungs.look(after_s=600) is Level.QUOTATION
    rungs.index.away = None
    assert await rungs.look(after_s=1) is Level.QUOTATION, "not at once"
    assert await rungs.look(after_s=60) is Level.FULL
    assert [text for _, _, text in await rungs.deeds()] == ["quotation", "full"]


async def test_what_comes_back_in_time_changes_nothing() -> None:
    rungs = Rungs()
    for away in (Away.VECTORS, None, Away.VECTORS):
        rungs.index.away = away
        assert await rungs.look(after_s=40) is Level.FULL
    assert rungs.told == []


async def test_while_something_is_away_it_is_looked_for_though_nobody_asks() -> None:
    rungs = Rungs()
    rungs.index.away = Away.VECTORS
    await rungs.look()
    assert rungs.index.asked == [PROBE]


async def test_a_level_that_lasts_is_told_once_in_a_conversation() -> None:
    rungs = Rungs()
    rungs.index.away = Away.VECTORS
    await rungs.look()
    await rungs.look(after_s=60)
    page = pages.notice(Level.QUOTATION, Lang.ZH_HANS, Bureau())
    notice = "".join(one.text for one in page.body)
    said = []
    for _ in range(3):
        said.extend((await rungs.says(SURE))[1])
        await rungs.look(after_s=2)
    assert words(said).count(notice) == 1


async def test_a_database_that_is_away_is_told_outside_and_nothing_is_lost() -> None:
    store = Fleeting()
    rungs = Rungs(store)
    rungs.index.failure = OSError("disk")
    await fails(rungs)
    store.away = True
    seen = [await rungs.look() for _ in range(LOST)]
    assert seen[-1] is Level.MAINTENANCE
    assert rungs.ladder.serving is Level.PEOPLE, "what is in the ledger is handled once it can be"
    store.away = False
    assert await rungs.look() is Level.PEOPLE
    assert await rungs.deeds() == [("system", "level stepped", "people")], "written down late"


async def test_a_single_failed_look_is_no_outage() -> None:
    store = Fleeting()
    rungs = Rungs(store)
    store.away = True
    assert await rungs.look() is Level.FULL
    store.away = False
    assert await rungs.look() is Level.FULL
    assert rungs.told == []


async def test_the_lower_of_the_hand_and_the_fall_counts() -> None:
    rungs = Rungs()
    rungs.index.failure = OSError("disk")
    await fails(rungs)
    await rungs.levels.set(Level.QUOTATION, ZHAO, why="核对文件")
    assert await rungs.look() is Level.PEOPLE
    rungs.index.failure = None
    assert [await rungs.look(after_s=60) for _ in UP] == [
        Level.PUBLISHED,
        Level.QUOTATION,
        Level.QUOTATION,
    ]
    await rungs.levels.set(Level.MAINTENANCE, ZHAO, why="换盘")
    assert await rungs.look() is Level.MAINTENANCE


async def test_several_workers_that_fall_tell_the_room_once() -> None:
    one = Rungs()
    other = Rungs(one.store)
    for rungs in (one, other):
        rungs.index.failure = OSError("disk")
        await fails(rungs)
        await rungs.look()
    assert len(await one.deeds()) == 2
    assert len([one_ for one_ in await one.hears(ROOM) if "Level" in one_.plain]) == 1
