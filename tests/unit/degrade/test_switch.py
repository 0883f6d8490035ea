"""The switch: who may, what is written down, how it ends, and who follows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.degrade.level import Level
from bot.degrade.until import until_in
from bot.desk.tickets import Agent
from bot.errors import LevelRefused, NotAllowed
from tests.unit.degrade.ladders import Rungs
from tests.unit.desk.office import ROOM, WANG, ZHAO

STRANGER = Agent("telegram:1001", "市民")
HOUR = timedelta(hours=1)


async def test_every_worker_follows_at_its_next_look() -> None:
    one = Rungs()
    other = Rungs(one.store)
    await one.levels.set(Level.PUBLISHED, ZHAO, why="核对文件")
    assert [await one.look(), await other.look()] == [Level.PUBLISHED] * 2
    assert (one.told, other.told) == ([Level.PUBLISHED], [Level.PUBLISHED])
    await other.levels.lift(ZHAO)
    assert [await one.look(), await other.look()] == [Level.FULL] * 2
    assert one.told == [Level.PUBLISHED, Level.FULL]


async def test_each_change_is_a_line_of_the_audit_log_and_told_in_the_room() -> None:
    rungs = Rungs()
    until = rungs.office.time.now + HOUR
    await rungs.levels.set(Level.PEOPLE, ZHAO, why="核对文件", until=until)
    await rungs.levels.lift(ZHAO)
    assert await rungs.deeds() == [
        (ZHAO.id, "level set", "people until 2026-11-23 11:00"),
        (ZHAO.id, "level set", "full"),
    ]
    told = [delivery.plain for delivery in await rungs.hears(ROOM)]
    assert told[0] == (
        "Level: 2026-11-23 10:00 · people only · until 2026-11-23 11:00 · 赵敏 · 核对文件"
    )
    assert "everything" in told[1]


@pytest.mark.parametrize("agent", [WANG, STRANGER])
async def test_nobody_else_may_switch(agent: Agent) -> None:
    rungs = Rungs()
    with pytest.raises(NotAllowed):
        await rungs.levels.set(Level.MAINTENANCE, agent, why="我想")
    with pytest.raises(NotAllowed):
        await rungs.levels.lift(agent)
    assert await rungs.look() is Level.FULL
    assert await rungs.deeds() == []


@pytest.mark.parametrize(
    "text", ["/level maintenance", "/level maintenance 没有理由", "level:set"]
)
async def test_a_citizen_cannot_switch(text: str) -> None:
    rungs = Rungs()
    await rungs.says(text)
    assert await rungs.look() is Level.FULL


async def test_a_reason_is_needed_and_a_time_to_come() -> None:
    rungs = Rungs()
    now = rungs.office.time.now
    for why, until in (("  ", None), ("长" * 301, None), ("维护", now)):
        with pytest.raises(LevelRefused):
            await rungs.levels.set(Level.PEOPLE, ZHAO, why=why, until=until)
    assert await rungs.deeds() == []


async def test_a_step_ends_at_its_time_and_that_is_written_down_once() -> None:
    one = Rungs()
    other = Rungs(one.store)
    await one.levels.set(Level.MAINTENANCE, ZHAO, why="换盘", until=one.office.time.now + HOUR)
    assert await one.look(after_s=3599) is Level.MAINTENANCE
    assert await one.look(after_s=1) is Level.FULL
    other.office.time.now = one.office.time.now
    assert await other.look() is Level.FULL
    assert (await one.deeds())[1:] == [("system", "level over", "maintenance")]
    assert "is over: maintenance" in (await one.hears(ROOM))[-1].plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14:30", "2026-11-23 14:30"),
        ("9:05", "2026-11-24 09:05"),
        ("2026-12-01 08:00", "2026-12-01 08:00"),
        ("25:00", None),
        ("2026-13-01 08:00", None),
        ("明天", None),
        ("", None),
    ],
)
def test_when_a_step_ends_is_read_as_staff_write_it(text: str, expected: str | None) -> None:
    now = Rungs().office.time.now
    until = until_in(text, now)
    assert (until and f"{until:%Y-%m-%d %H:%M}") == expected
    assert until is None or until.tzinfo is now.tzinfo
