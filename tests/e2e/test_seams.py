"""Where two things that a citizen can do meet: neither may undo or swallow the other."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

from bot.desk.tickets import State
from bot.store.base import Sought
from bot.types import Address, Reason, Result
from tests.e2e.world import World, world
from tests.telegram.client import Heard, Person

KNOWN: Final = "2027年居民医保新生儿怎么参保？"
UNKNOWN: Final = "瞭望塔上的灯笼鱼怎么申报年检？"
UNSURE: Final = "人才租房补贴总共能领多少个月？"
TOLD: Final = "累计发放期限不超过30个月"
RATE: Final = "失业保险金每个月发放标准"
GROUP: Final = -55


async def test_somebody_else_in_the_group_does_not_take_the_place_of_who_was_awaited(
    bot: World,
) -> None:
    group = bot.server.chats.open_group(GROUP, "邻里群")
    wang, chen = bot.citizen(chat=group), bot.citizen(1002, name="陈刚", chat=group)
    wang.send("/human@mingbai_bot")
    assert "请用一条消息写下" in (await wang.hears()).text
    await chen.hears()
    chen.send(f"@mingbai_bot {KNOWN}")
    assert "新生儿" in (await chen.hears()).text
    asked = await wang.hears()
    wang.send(f"@mingbai_bot {KNOWN}")
    assert "编号 1" in (await wang.hears()).text
    assert "新生儿" in asked.text
    [ticket] = await bot.app.desk.waiting()
    assert (ticket.question, ticket.reason) == (KNOWN, Reason.ASKED_FOR_PERSON)


async def test_somebody_else_has_nothing_to_cancel(bot: World) -> None:
    group = bot.server.chats.open_group(GROUP, "邻里群")
    wang, chen = bot.citizen(chat=group), bot.citizen(1002, name="陈刚", chat=group)
    wang.send(f"@mingbai_bot {UNSURE}")
    await wang.hears()
    await chen.hears()
    chen.send("/cancel@mingbai_bot")
    assert "没有" in (await chen.hears()).text
    await wang.hears()
    wang.send("@mingbai_bot 1")
    assert TOLD in (await wang.hears()).text


async def test_a_picture_does_not_end_what_the_next_message_is_for(bot: World) -> None:
    wang = bot.citizen()
    wang.send("/human")
    await wang.hears()
    wang.photo()
    assert "文字" in (await wang.hears()).text
    wang.send(KNOWN)
    assert "编号 1" in (await wang.hears()).text
    [ticket] = await bot.app.desk.waiting()
    assert ticket.question == KNOWN


async def _looks_up(bot: World, complaint: str) -> tuple[Person, Heard]:
    wang = bot.citizen()
    wang.send(complaint)
    shown = await wang.hears()
    wang.press(shown, "不，查政策")
    return wang, await wang.hears()


async def test_a_complaint_that_is_looked_up_can_be_chosen_from(bot: World) -> None:
    wang, offer = await _looks_up(bot, f"我有个建议，{UNSURE[:-1]}")
    assert "可能相关" in offer.text
    wang.press(offer, "1")
    assert "现行有效" in (await wang.hears()).text


async def test_a_complaint_that_is_looked_up_can_be_followed_and_handed_over(bot: World) -> None:
    wang, told = await _looks_up(bot, f"我要投诉，{UNKNOWN[:-1]}")
    assert "编号 1" in told.text
    wang.press(told, "能回答时通知我")
    assert "灯笼鱼" in (await wang.hears()).text


async def test_an_answer_to_what_is_looked_up_leads_to_a_person(bot: World) -> None:
    wang, answer = await _looks_up(bot, f"我有个建议，{RATE}")
    assert "现行有效" in answer.text
    wang.press(answer, "转人工")
    assert "编号 1" in (await wang.hears()).text
    wang.send("人工")
    assert "编号 1" in (await wang.hears()).text
    [ticket] = await bot.app.desk.waiting()
    assert RATE in ticket.question


async def test_a_reply_that_was_on_its_way_when_all_was_erased_can_be_answered(bot: World) -> None:
    wang, agent = bot.citizen(), bot.agent(7, "李敏")
    wang.send(UNKNOWN)
    await wang.hears()
    card = await agent.hears()
    wang.send("/forget")
    asks = await wang.hears()
    bot.server.faults.throttle(30, times=1, chat=wang.chat)
    agent.send("请到窗口办理。", reply_to=card)
    await agent.hears()
    await agent.hears()
    wang.press(asks, "是，删除")
    await _until_closed(bot, 1)
    bot.clock.forward(31)
    bot.app.sender.wake()
    reply = await wang.hears()
    assert "请到窗口办理。" in reply.text
    assert "已删除" in (await wang.hears()).text
    wang.send("窗口在哪条街？那里养灯笼鱼吗", reply_to=reply)
    told = await wang.hears()
    async with bot.store.begin() as work:
        waiting = await work.tickets.find(Sought())
    assert [ticket.asked_from for ticket in waiting] == [Address("telegram", str(wang.chat))]
    assert "编号 2" in told.text


async def _until_closed(bot: World, ticket_id: int) -> None:
    async with asyncio.timeout(5):
        while (await bot.app.desk.look(ticket_id))[0].state is not State.ARCHIVED:  # noqa: ASYNC110 - the store tells nobody
            await asyncio.sleep(0.01)


async def test_a_chat_on_the_page_outlives_a_new_token_of_telegram(
    releases: Path, tmp_path: Path
) -> None:
    async with world(releases, tmp_path, telegram_bot_token=None) as bot, bot.browser() as wang:
        await wang.send(UNSURE)
        offer = await wang.hears()
    async with world(releases, tmp_path) as bot, bot.browser() as again:
        again.chat = wang.chat
        await again.press(offer, "1")
        await bot.app.dispatcher.idle()
        async with bot.store.begin() as work:
            pressed = await work.inbox.get(2)
        assert pressed is not None
        assert pressed.outcome.result is Result.ANSWERED
        await again.send("/forget")
        await again.press({"buttons": [[{"label": "是，删除", "action": "forget"}]]}, "是，删除")
        await bot.app.dispatcher.idle()
        async with bot.store.begin() as work:
            assert [await work.inbox.get(number) for number in (1, 2, 3)] == [None] * 3


async def test_a_link_is_not_taken_for_a_phone(bot: World) -> None:
    wang = bot.citizen()
    wang.send("/start doc_t20231227_13912345678")
    wang.send("/start 13912345678")
    await wang.hears()
    await wang.hears()
    async with bot.store.begin() as work:
        found = [await work.inbox.get(number) for number in (1, 2)]
    texts = [past.message.text for past in found if past]
    assert texts == ["/start doc_t20231227_13912345678", "/start 〔电话〕"]
