"""/level in the staff room."""

from __future__ import annotations

import pytest

from bot.degrade.level import Level, Step
from bot.store.memory import MemoryStore
from tests.unit.desk.office import ROSTER, WANG, ZHAO
from tests.unit.desk.room import Room


async def steps(store: MemoryStore) -> list[tuple[Level, str, str]]:
    async with store.begin() as work:
        found = await work.entries(Step).find()
    return [(one.level, f"{one.until:%m-%d %H:%M}" if one.until else "", one.why) for one in found]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("people 14:30 核对文件", (Level.PEOPLE, "11-23 14:30", "核对文件")),
        ("maintenance 2026-12-01 08:00 换盘", (Level.MAINTENANCE, "12-01 08:00", "换盘")),
        ("people 2026-12-01 08：00 核对文件", (Level.PEOPLE, "12-01 08:00", "核对文件")),
        ("quotation 新版本 14:30", (Level.QUOTATION, "", "新版本 14:30")),
    ],
)
async def test_a_supervisor_sets_a_level(words: str, expected: tuple[Level, str, str]) -> None:
    store = MemoryStore()
    room = Room(store, ROSTER)
    await room.say(ZHAO, f"/level {words}")
    assert await steps(store) == [expected]
    shown = room.read(await room.say(WANG, "/level"))
    assert "Level now: everything" in shown, "this worker did not look yet"
    assert expected[2] in shown


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("24:00 核对文件", "24:00"),
        ("25:10 核对文件", "25:10"),
        ("8:5 核对文件", "8:5"),
        ("9.30 核对文件", "9.30"),
        ("14:30核对文件", "14:30核对文件"),
        ("9点半 核对文件", "9点半"),
        ("2026-12-01 核对文件", "2026-12-01"),
        ("2026-12-01 24:00 核对文件", "2026-12-01 24:00"),
        ("2026/12/1 8:00 核对文件", "2026/12/1 8:00"),
    ],
)
async def test_a_time_that_is_none_is_no_reason(words: str, named: str) -> None:
    store = MemoryStore()
    room = Room(store, ROSTER)
    told = room.read(await room.say(ZHAO, f"/level people {words}"))
    assert f"{named} is no time such as 14:30 or 2026-12-01 14:30." in told
    assert await steps(store) == []


@pytest.mark.parametrize(
    "why", ["3台服务器故障", "12345 热线转来", "1.2.3 版本上线", "2026年检修"]
)
async def test_a_reason_may_begin_with_a_figure(why: str) -> None:
    store = MemoryStore()
    await Room(store, ROSTER).say(ZHAO, f"/level people {why}")
    assert await steps(store) == [(Level.PEOPLE, "", why)]


async def test_an_agent_may_not_and_what_cannot_be_read_is_explained() -> None:
    store = MemoryStore()
    room = Room(store, ROSTER)
    assert "only for supervisors" in room.read(await room.say(WANG, "/level people 我想"))
    assert "Say why" in room.read(await room.say(ZHAO, "/level people"))
    assert "/level auto" in room.read(await room.say(ZHAO, "/level off"))
    assert await steps(store) == []
