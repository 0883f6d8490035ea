"""What people and platforms really send. A citizen never sees a traceback, nothing is doubled."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.desk.tickets import State
from tests.e2e.world import STAFF, World, world


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("😀😀😀", "文字"),
        ("？！……", "文字"),
        ("问" * 4096, "2000"),
    ],
)
async def test_what_is_no_question_gets_a_hint(bot: World, text: str, reply: str) -> None:
    wang = bot.citizen()
    wang.send(text)
    assert reply in (await wang.hears()).text


async def test_ten_thousand_characters_on_the_page(bot: World) -> None:
    async with bot.browser() as citizen:
        await citizen.send("公积金" * 3333 + "？")
        assert "2000" in await citizen.hears_text()


async def test_an_empty_message_on_the_page(bot: World) -> None:
    async with bot.browser() as citizen:
        await citizen.send("   ")
        assert "空" in await citizen.hears_text()


async def test_pictures_and_voices_get_a_hint(bot: World) -> None:
    wang = bot.citizen()
    for send in (wang.sticker, wang.photo, wang.voice):
        send()
        assert "文字" in (await wang.hears()).text


async def test_an_edited_message_is_not_answered_again(bot: World) -> None:
    wang = bot.citizen()
    sent = wang.send("自己主动辞职能领失业金吗？")
    await wang.hears()
    wang.edit(sent, text="养狗要办什么证？")
    assert "新的问题" in (await wang.hears()).text
    assert await bot.app.desk.waiting() == []


async def test_the_same_update_three_times_is_one_question(bot: World) -> None:
    wang = bot.citizen()
    sent = wang.send("养狗要办什么证？")
    await wang.hears()
    for _ in range(2):
        bot.server.updates.resend(sent.update_id)
    wang.send("谢谢")
    await wang.hears()  # in order: had the copies been handled, this were another ticket
    assert [ticket.id for ticket in await bot.app.desk.waiting()] == [1]
    assert wang.unread() == []


async def test_a_command_in_a_foreign_group_is_answered_there(bot: World) -> None:
    group = bot.server.chats.open_group(-55, "邻里群")
    wang = bot.citizen(chat=group)
    wang.send("/help@mingbai_bot")
    assert "政策" in (await wang.hears()).text
    wang.send("大家好")  # people talking with one another
    wang.send("/help@mingbai_bot")
    await wang.hears()
    assert wang.unread() == []


async def test_a_forged_staff_button_does_nothing(bot: World) -> None:
    wang = bot.citizen()
    wang.send("养狗要办什么证？")
    told = await wang.hears()
    wang.press_action(told.id, "close:1")
    await wang.hears()
    [ticket] = await bot.app.desk.waiting()
    assert ticket.state is State.OPEN


async def test_a_throttled_chat_waits_alone_and_loses_nothing(bot: World) -> None:
    wang, chen = bot.citizen(), bot.citizen(1002, name="陈刚")
    bot.server.faults.throttle(30, times=1, chat=wang.chat)
    wang.send("你好")
    chen.send("你好")
    assert "政策" in (await chen.hears()).text
    assert wang.unread() == []
    bot.clock.forward(31)
    bot.app.sender.wake()
    assert "政策" in (await wang.hears()).text
    assert wang.unread() == []


async def test_without_a_release_questions_go_to_staff(tmp_path: Path) -> None:
    async with world(tmp_path / "none", tmp_path) as bot:
        wang = bot.citizen()
        wang.send("失业金怎么领？")
        told = (await wang.hears()).text
        assert "编号 1" in told
        assert "Traceback" not in told


async def test_a_restart_in_the_middle_loses_and_doubles_nothing(
    releases: Path, tmp_path: Path
) -> None:
    async with world(releases, tmp_path) as bot:
        wang = bot.citizen()
        wang.send("养狗要办什么证？")
        await wang.hears()
    async with world(releases, tmp_path) as bot:
        agent = bot.agent(7, "李敏")
        [ticket] = await bot.app.desk.waiting()
        assert ticket.question == "养狗要办什么证？"
        assert agent.unread() == []
        assert bot.server.chats.rooms[STAFF].shown == []
