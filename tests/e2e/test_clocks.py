"""Due times, from the citizen's /status to the supervisor's note, through the Bot API."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.app import running
from bot.desk.concerns.daily import JOB
from bot.desk.rounds import Round
from bot.desk.tickets import Deadlines, Ticket
from bot.desk.watch import Watch
from tests.e2e.world import World, world

UNKNOWN = "请问澜港市的狗证怎么办理？"


async def test_a_citizen_asks_for_an_overdue_reply_and_then_withdraws_the_question(
    bot: World,
) -> None:
    wang, staff = bot.citizen(), bot.agent(7, "李雷")
    wang.send(f"/human {UNKNOWN}")
    await wang.hears()
    assert "期限 2026-11-24" in (await staff.hears()).text
    bot.clock.forward(timedelta(days=2).total_seconds())
    wang.send("/status")
    status = await wang.hears()
    wang.press(status, "催办 1 号")
    assert "编号 1 已催办" in (await wang.hears()).text
    assert "催办 1 次" in (await staff.hears()).text
    assert "编号 1 已超期，市民来催办。" in (await staff.hears()).text
    wang.press(status, "撤回 1 号")
    wang.press(await wang.hears(), "是，撤回")
    assert (await wang.hears()).text.startswith("编号 1 已撤回。")
    assert "已撤回" in (await staff.hears()).text
    assert (await staff.hears()).text == "编号 1 已由市民撤回。"


async def test_the_watch_tells_the_room_and_marks_the_card(bot: World) -> None:
    wang, staff = bot.citizen(), bot.agent(7, "李雷")
    wang.send(f"/human {UNKNOWN}")
    await wang.hears()
    await staff.hears()
    bot.clock.forward(timedelta(days=2, hours=5).total_seconds())
    watch = Watch(bot.store, bot.app.desk, archive_days=0)
    await watch.step()
    assert "【超期】期限 2026-11-24，已报督办" in (await staff.hears()).text
    assert (await staff.hears()).text == "已超期：1 件\n· 2026-11-24 无人签收：编号 1"


async def test_a_running_bot_watches(releases: Path, tmp_path: Path) -> None:
    async with world(releases, tmp_path) as bot:
        wang = bot.citizen()
        wang.send(f"/human {UNKNOWN}")
        await wang.hears()
        ticket, _ = await bot.app.desk.look(1)
        async with bot.store.begin() as work:  # as from a version without clocks
            await work.tickets.save(replace(ticket, deadlines=Deadlines()))
    async with world(releases, tmp_path) as bot, asyncio.timeout(10):
        while not (await seen(bot)).deadlines.due:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.02)


async def test_a_running_bot_looks_for_hot_concerns_once_a_day(bot: World) -> None:
    """One more process, at nine in the morning."""
    quiet = bot.settings.model_copy(update={"telegram_bot_token": None, "web": False})
    nine = bot.clock().replace(hour=9)
    async with running(quiet, bot.store, bot.index, clock=lambda: nine), asyncio.timeout(10):
        while not (rounds := await looks(bot)):  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.02)
    assert [one.day for one in rounds] == [nine.date()]


async def looks(bot: World) -> Sequence[Round]:
    async with bot.store.begin() as work:
        return await work.entries(Round).find(job=JOB)


async def seen(bot: World) -> Ticket:
    ticket, _ = await bot.app.desk.look(1)
    return ticket
