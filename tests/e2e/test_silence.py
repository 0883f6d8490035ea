"""From the first card to the reply: a person answers, and the bot keeps out of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from bot.desk.tickets import Agent, State
from tests.e2e.world import World, world

UNKNOWN: Final = "瞭望塔上的灯笼鱼怎么申报年检？"
AGAIN: Final = "灯笼鱼申报年检要带什么？"
KNOWN: Final = "2027年居民医保新生儿怎么参保？"
PASSED: Final = "已转给处理编号 1 的工作人员。"


async def test_a_conversation_with_a_person(bot: World) -> None:
    wang, agent = bot.citizen(), bot.agent(7, "李敏")
    wang.send(UNKNOWN)
    assert "编号 1" in (await wang.hears()).text
    card = await agent.hears()
    agent.press(card, "认领")
    taken = await wang.hears()
    assert "人工处理" in taken.text
    assert "李敏" not in taken.text
    wang.send(AGAIN)
    assert (await wang.hears()).text == PASSED
    wang.send(KNOWN)
    assert "新生儿" in (await wang.hears()).text
    wang.send("谁来处理？", reply_to=taken)
    agent.send("请向渔政科申报。", reply_to=card)
    assert "请向渔政科申报。" in (await wang.hears()).text
    ticket, events = await bot.app.desk.look(1)
    assert ticket.state is State.ANSWERED
    assert [event.text for event in events if event.what == "asked"] == [AGAIN, "谁来处理？"]


async def test_a_ticket_that_is_given_back_is_the_bots_again(bot: World) -> None:
    wang, agent = bot.citizen(), bot.agent(7, "李敏")
    wang.send(UNKNOWN)
    await wang.hears()
    agent.press(await agent.hears(), "认领")
    await wang.hears()
    await bot.app.desk.release(1, Agent("telegram:7", "李敏"))
    bot.app.sender.wake()
    assert "重新等待" in (await wang.hears()).text
    wang.send(UNKNOWN)
    assert "编号 1" in (await wang.hears()).text


async def test_staff_read_that_their_reply_reached_nobody(bot: World) -> None:
    wang, agent = bot.citizen(), bot.agent(7, "李敏")
    wang.send(UNKNOWN)
    await wang.hears()
    card = await agent.hears()
    wang.block()
    agent.send("请向渔政科申报。", reply_to=card)
    while "未能送达" not in (heard := await agent.hears()).text:
        pass  # that it was sent, and the card: nobody knew better
    assert heard.text.startswith("编号 1：一条消息未能送达：市民已屏蔽本机器人。")
    assert agent.unread() == []


@pytest.mark.parametrize(("setting", "who"), [({}, "澜港市"), ({"staff_names": True}, "李敏")])
async def test_who_handles_it_is_named_as_the_setting_says(
    releases: Path, tmp_path: Path, setting: dict[str, Any], who: str
) -> None:
    async with world(releases, tmp_path, **setting) as bot:
        wang, agent = bot.citizen(), bot.agent(7, "李敏")
        wang.send(UNKNOWN)
        await wang.hears()
        agent.press(await agent.hears(), "认领")
        assert f"编号 1 的问题现由{who}" in (await wang.hears()).text


async def test_an_answer_that_telegram_held_up_does_not_go_out_after_somebody_claimed(
    bot: World,
) -> None:
    wang, agent = bot.citizen(), bot.agent(7, "李敏")
    wang.send(KNOWN)
    await wang.hears()
    wang.send("人工")
    await wang.hears()
    card = await agent.hears()
    bot.server.faults.throttle(30, times=1, chat=wang.chat)
    wang.send(KNOWN)
    await _until_put_off(bot)
    agent.press(card, "认领")
    assert "李敏" in (await agent.hears()).text
    bot.clock.forward(31)
    bot.app.sender.wake()
    assert "人工处理" in (await wang.hears()).text
    assert (await wang.hears()).text == PASSED
    assert wang.unread() == []


async def _until_put_off(bot: World) -> None:
    """Telegram has refused something, and it waits to be sent again."""
    async with asyncio.timeout(5):
        while True:
            async with bot.store.begin() as work:
                now = await work.outbox.due(at=bot.clock())
                later = await work.outbox.due(at=bot.clock() + timedelta(hours=1))
            if {one.id for one in later} > {one.id for one in now}:
                return
            await asyncio.sleep(0.01)
