"""The staff room through the Bot API: a ticket's way, many at once, topics, a group that moves."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

import pytest

from bot.desk.cards import near_misses
from bot.desk.tickets import Draft
from bot.types import Address, Reason
from knowledge.types import Lang
from tests.e2e.world import STAFF, World, world
from tests.telegram import fake_topics
from tests.telegram.client import Heard, Person
from tests.telegram.fake_topics import COUNTED

UNANSWERABLE: Final = "养狗要办什么证？"
KNOWN: Final = "失业保险金每个月发多少？"
ROOM: Final = Address("telegram", str(STAFF))
NEW: Final = -1009002


async def _heard(agent: Person, words: str) -> Heard:
    """The next message with these words; others are passed over."""
    while words not in (heard := await agent.hears()).text:
        pass
    return heard


async def _opens(bot: World, number: int) -> None:
    draft = Draft(
        message_id=f"m{number}",
        asked_from=Address("telegram", str(5000 + number)),
        question=f"第{number}件：{UNANSWERABLE}",
        language=Lang.ZH_HANS,
        reason=Reason.UNSURE,
        opened=bot.clock(),
    )
    async with bot.store.begin() as work:
        await bot.app.desk.open(work, draft)


async def _waiting(bot: World) -> int:
    async with bot.store.begin() as work:
        return await work.outbox.waiting(ROOM)


async def test_staff_ask_back_and_then_reply(bot: World) -> None:
    wang, agent = bot.citizen(), bot.agent(7, "李敏")
    wang.send(f"/human {UNANSWERABLE}")
    await wang.hears()
    card = await agent.hears()
    agent.press(card, "认领")
    agent.press(await _heard(agent, "处理中"), "追问市民")
    prompt = await _heard(agent, "追问")
    agent.send("您住在哪个区？", reply_to=prompt)
    asked = await _heard(wang, "您住在哪个区？")
    wang.send("港东区", reply_to=asked)
    addition = await _heard(agent, "市民补充")
    agent.send("请到港东公安分局办理。", reply_to=addition)
    assert "请到港东公安分局办理。" in (await _heard(wang, "港东公安分局")).text
    ticket, _ = await bot.app.desk.look(1)
    assert ticket.reply == "请到港东公安分局办理。"


async def test_a_passage_of_the_card_is_sent_like_an_answer(bot: World) -> None:
    wang, agent = bot.citizen(), bot.agent(7, "李敏")
    found = await bot.index.search(KNOWN, on=bot.clock().date())
    wang.send(f"/human {KNOWN}")
    await wang.hears()
    card = await agent.hears()  # with what came near, though a person was asked for
    agent.press(card, "引用 1")
    reply = await _heard(wang, "编号 1")
    [(start, length)] = [
        (start, length)
        for kind, start, length, _ in reply.entities
        if kind in {"blockquote", "expandable_blockquote"}
    ]
    quoted = reply.text.encode("utf-16-le")[2 * start : 2 * (start + length)].decode("utf-16-le")
    [nearest, *_] = near_misses(found)
    original = "".join(nearest.quote.split())
    assert "".join(quoted.split()) == original
    assert "现行有效" in reply.text


@pytest.mark.slow
async def test_two_hundred_tickets_in_a_minute_reach_the_room_within_its_budget(
    bot: World,
) -> None:
    wang = bot.citizen()
    for number in range(1, 201):
        await _opens(bot, number)
        if number % 10 == 0:
            bot.clock.forward(3)
            bot.app.sender.wake()
            await asyncio.sleep(0)
    wang.send(KNOWN)  # whoever asks meanwhile does not wait
    assert "失业保险" in (await wang.hears(timeout_s=10)).text
    while await _waiting(bot):
        bot.clock.forward(10)
        bot.app.sender.wake()
        await asyncio.sleep(0.05)
    room = bot.server.chats.rooms[STAFF]
    cards = {
        int(line.split()[1])
        for message in room.messages.values()
        if (line := message["text"]).startswith("编号 ")
    }
    buttons = {
        int(key["text"])
        for message in room.messages.values()
        for row in message["reply_markup"]["inline_keyboard"]
        for key in row
        if key["callback_data"].startswith("card:")
    }
    assert cards | buttons == set(range(1, 201))
    tried = [
        call
        for call in bot.server.calls
        if call.method.lower() in COUNTED and call.params["chat_id"] == str(STAFF)
    ]
    let_through = bot.server.minutes.calls[STAFF]  # the fake refuses the 21st of a minute
    assert len(tried) == len(let_through)
    assert len(room.messages) < 60

    agent = bot.agent(7, "李敏")
    bot.clock.forward(60)
    agent.send("/ticket 150")
    assert "第150件" in (await _heard(agent, "编号 150")).text


async def test_each_ticket_has_its_topic_and_a_deleted_one_loses_nothing(
    releases: Path, tmp_path: Path
) -> None:
    async with world(releases, tmp_path, telegram_staff_topics=True) as bot:
        room = bot.server.chats.rooms[STAFF]
        room.chat |= {"type": "supergroup", "is_forum": True}
        wang, agent = bot.citizen(), bot.agent(7, "李敏")
        wang.send(f"/human {UNANSWERABLE}")
        told = await wang.hears()
        card = await agent.hears()
        ticket, _ = await bot.app.desk.look(1)
        assert room.messages[card.id]["message_thread_id"] == int(ticket.thread or 0)
        assert bot.server.calls_of("createForumTopic")[0]["name"] == f"编号 1 · {UNANSWERABLE}"
        fake_topics.delete(room, int(ticket.thread or 0))
        wang.send("我住港东区", reply_to=told)
        note = await _heard(agent, "话题已被删除")
        addition = await _heard(agent, "我住港东区")
        ticket, _ = await bot.app.desk.look(1)
        assert int(ticket.thread or 0) == room.messages[note.id]["message_thread_id"]
        assert room.messages[addition.id]["message_thread_id"] == int(ticket.thread or 0)
        agent.send("请到公安分局办理。", reply_to=addition)
        assert "公安分局" in (await _heard(wang, "公安分局")).text


async def test_a_group_that_becomes_a_supergroup_is_followed_and_remembered(
    releases: Path, tmp_path: Path
) -> None:
    async with world(releases, tmp_path) as bot:
        wang, agent = bot.citizen(), bot.agent(7, "李敏")
        wang.send(f"/human {UNANSWERABLE}")
        await wang.hears()
        await agent.hears()
        bot.server.migrate(STAFF, NEW, agent.user)
        there = Person(bot.server, 7, name="李敏", chat=NEW)
        await bot.server.changes.until(lambda: bot.server.chats.rooms[NEW].shown)
        assert "本群已升级" in bot.server.chats.rooms[NEW].shown[0]["text"]
        there.send("/ticket 1")
        card = await _heard(there, "编号 1")
        there.send("请到公安分局办理。", reply_to=card)
        assert "公安分局" in (await _heard(wang, "公安分局")).text
    async with world(releases, tmp_path) as bot:  # the setting still has the old id
        bot.server.chats.open_group(NEW, kind="supergroup")
        bot.server.updates.skip(1000)
        chen, agent = bot.citizen(1002), Person(bot.server, 7, name="李敏", chat=NEW)
        chen.send("/human 老年公交卡在哪里补办？")
        await chen.hears()
        card = await _heard(agent, "编号 2")
        agent.press(card, "认领")
        assert "李敏" in (await agent.hears()).text
        assert bot.server.chats.rooms[STAFF].shown == []


async def test_two_agents_who_claim_at_once_are_told_who_has_it(bot: World) -> None:
    wang, first, second = bot.citizen(), bot.agent(7, "李敏"), bot.agent(8, "陈刚")
    wang.send(f"/human {UNANSWERABLE}")
    await wang.hears()
    card = await first.hears()
    first.press(card, "认领")
    second.press(card, "认领")
    assert "编号 1 正由 李敏 处理。" in (await _heard(first, "正由")).text
    ticket, _ = await bot.app.desk.look(1)
    assert ticket.holder is not None
    assert ticket.holder.name == "李敏"
