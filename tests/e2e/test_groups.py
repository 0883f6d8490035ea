"""In groups: silent unless spoken to, discreet, and at home where the group moves."""

from __future__ import annotations

import pytest

from bot.store.base import Sought
from tests.e2e.world import World

KNOWN = "2027年居民医保新生儿怎么参保？"
UNKNOWN = "瞭望塔上的灯笼鱼怎么申报年检？"
GROUP, NEW = -55, -100055


@pytest.mark.parametrize("privacy", [True, False], ids=["privacy mode", "reads everything"])
async def test_only_what_is_said_to_the_bot_is_answered(bot: World, *, privacy: bool) -> None:
    bot.server.privacy_mode = privacy
    group = bot.server.chats.open_group(GROUP, "邻里群")
    wang = bot.citizen(chat=group)
    wang.send(KNOWN)
    wang.send(f"@mingbai_bot {KNOWN}")
    answer = await wang.hears()
    assert "新生儿" in answer.text
    wang.send("/help@mingbai_bot")
    assert "/forget" in (await wang.hears()).text
    wang.send("/help@other_bot")
    wang.send("谢谢", reply_to=answer)
    assert (await wang.hears()).text
    assert wang.unread() == []


async def test_staff_see_the_question_and_nothing_else_of_the_group(bot: World) -> None:
    group = bot.server.chats.open_group(GROUP, "邻里群")
    wang, chen = bot.citizen(chat=group), bot.citizen(1002, name="陈刚", chat=group)
    agent = bot.agent(7, "李敏")
    said = chen.send("我家孩子的病历丢了")
    wang.send(f"@mingbai_bot {UNKNOWN}", reply_to=said.message_id)
    await wang.hears()
    card = (await agent.hears()).text
    assert UNKNOWN in card
    assert "病历" not in card
    assert "陈刚" not in card
    async with bot.store.begin() as work:
        [ticket] = await work.tickets.find(Sought())
        [event] = await work.audit.of(ticket.id)
    assert "病历" not in ticket.question + repr(ticket.evidence) + event.text


async def test_a_reply_finds_the_group_that_became_a_supergroup(bot: World) -> None:
    group = bot.server.chats.open_group(GROUP, "邻里群")
    wang, agent = bot.citizen(chat=group), bot.agent(7, "李敏")
    wang.send(f"@mingbai_bot {UNKNOWN}")
    await wang.hears()
    card = await agent.hears()
    bot.server.migrate(GROUP, NEW, wang.user)
    agent.send("请到窗口办理。", reply_to=card)
    moved = wang.in_chat(NEW)
    assert "请到窗口办理。" in (await moved.hears()).text
    moved.send(f"@mingbai_bot {KNOWN}")
    assert "新生儿" in (await moved.hears()).text


async def test_what_concerns_one_person_is_told_to_them_alone(bot: World) -> None:
    group = bot.server.chats.open_group(GROUP, "邻里群")
    wang = bot.citizen(chat=group)
    wang.send("/mydata@mingbai_bot")
    assert "请与我单独对话" in (await wang.hears()).text
    alone = bot.citizen()
    alone.send("/mydata")
    await alone.hears()
    assert "/mydata" in alone.reads(await alone.hears())
    assert bot.server.calls_of("sendDocument")[0]["chat_id"] == "1001"


async def test_erasing_takes_what_was_said_in_groups_too(bot: World) -> None:
    group = bot.server.chats.open_group(GROUP, "邻里群")
    wang = bot.citizen(chat=group)
    chen = bot.citizen(1002, name="陈刚", chat=group)
    for person in (wang, chen):
        person.send(f"@mingbai_bot {KNOWN}")
        await wang.hears()
    alone = bot.citizen()
    alone.send("/forget")
    alone.press(await alone.hears(), "是，删除")
    assert "您的消息 2 条" in (await alone.hears()).text
    async with bot.store.begin() as work:
        assert await work.inbox.get(1) is None
        assert await work.inbox.get(2) is not None
