"""The ladder through both channels: the switch in the room, and an index that fails."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from bot.degrade import ladder
from bot.degrade.level import Level
from index.types import Found
from tests.e2e.test_main_job import ANSWERED, UNANSWERABLE
from tests.e2e.test_room_commands import hears
from tests.e2e.world import World


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ladder, "LOOK_S", 0.02)


async def reached(bot: World, level: Level) -> None:
    async with asyncio.timeout(5):
        while bot.app.ladder.level is not level:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)


async def test_staff_close_for_maintenance_and_what_was_asked_is_answered_after_it(
    bot: World,
) -> None:
    wang, li = bot.citizen(), bot.agent(7, "李敏")
    wang.send("/level maintenance 我来关")  # of a citizen it is a word like any other
    await wang.hears()
    li.send("/level maintenance 换盘")
    await hears(li, "维护中")
    await reached(bot, Level.MAINTENANCE)
    async with bot.browser() as citizen:
        wang.send(ANSWERED)
        assert "已经记下" in (await wang.hears()).text
        await citizen.send(UNANSWERABLE)
        assert "已经记下" in await citizen.hears_text()
        await citizen.send("你好")
        assert "重新发送" in await citizen.hears_text()
        async with bot.http.get(f"http://127.0.0.1:{bot.app.web_port}/?lang=ko") as page:
            assert "점검 중" in await page.text()
        bot.clock.forward(60)  # a group takes so many messages a minute
        li.send("/level auto")
        await reached(bot, Level.FULL)
        assert ANSWERED in (await wang.hears()).text
        assert "技能" in (await wang.hears()).text
        assert UNANSWERABLE in await citizen.hears_text()
        assert "编号" in await citizen.hears_text()
    async with bot.store.begin() as work:
        assert await work.inbox.unfinished() == []


async def test_an_index_that_fails_leaves_every_question_to_people(
    bot: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_question: str, *, on: date) -> Found:
        raise OSError(f"the disk failed on {on}")

    monkeypatch.setattr(bot.index, "search", broken)
    li = bot.agent(7, "李敏")
    for number in range(1, 4):
        citizen = bot.citizen(1000 + number)
        citizen.send(f"{ANSWERED}{number}")
        assert f"编号 {number}" in (await citizen.hears()).text
    await reached(bot, Level.PEOPLE)
    assert "仅人工" in (await hears(li, "服务级别")).text
    wang = bot.citizen(2000)
    wang.send(ANSWERED)
    assert "目前暂不检索" in (await wang.hears()).text
    assert "编号 4" in (await wang.hears()).text
