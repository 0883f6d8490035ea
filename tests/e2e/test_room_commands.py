"""What staff do by commands in their group, through the Bot API."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.desk.concerns.concern import Asked, Concern, Course
from bot.desk.room_commands import COMMANDS
from tests.e2e.world import STAFF, World
from tests.telegram.client import Heard, Person

CITIZENS = ("all_private_chats", "zh")
FOUND = Concern(
    label="停水几点来水？",
    examples=("停水几点来水？", "今天什么时候恢复供水？"),
    days=(Asked(date(2026, 11, 23), 8),),
    recent=8,
    before=1,
    found=date(2026, 11, 23),
    due=date(2026, 11, 25),
)


async def hears(person: Person, words: str) -> Heard:
    """The next message of the room with these words."""
    while words not in (heard := await person.hears()).text:
        pass
    return heard


async def test_the_group_has_the_menu_of_staff_and_citizens_theirs(bot: World) -> None:
    await bot.server.changes.until(lambda: (f"chat {STAFF}", "") in bot.server.menus)
    shown = bot.server.menus[f"chat {STAFF}", ""]
    assert [one["command"] for one in shown] == [one.name for one in COMMANDS]
    assert {"command": "concerns", "description": "热点关切：认领、回应、办结"} in shown
    citizens = {one["command"] for one in bot.server.menus[CITIZENS]}
    assert {"ask", "human"} <= citizens
    assert not citizens & {"queue", "concerns", "report"}


async def test_a_concern_is_worked_off_and_a_report_drawn_in_the_group(bot: World) -> None:
    async with bot.store.begin() as work:
        await work.entries(Concern).add(FOUND)
    li = bot.agent(7, "李敏")
    li.send("/help")
    assert "/concerns" in (await hears(li, "公开事项")).text
    li.send("/concerns@mingbai_bot")
    li.press(await hears(li, "热点关切：1"), "1")
    shown = await hears(li, "今天什么时候恢复供水？")
    li.press(shown, "我来负责")
    owned = await hears(li, "已认领 李敏")
    assert (owned.id, owned.edited) == (shown.id, True)
    li.send("/concerns answer 1 https://langang.example/water")
    await hears(li, "https://langang.example/water")
    bot.clock.forward(60)  # a group takes so many messages a minute
    li.send("/concerns close 1")
    await hears(li, "已关闭")
    async with bot.store.begin() as work:
        closed = await work.entries(Concern).get(1)
    assert replace(closed, version=1) == replace(
        FOUND,
        id=1,
        state=Course.CLOSED,
        owner=closed.owner,
        response="https://langang.example/water",
        closed=date(2026, 11, 23),
    )
    li.send("/report 2026-11-01 2026-11-23")
    await hears(li, "2026-11-01 至 2026-11-23")
    table = await li.hears()
    assert table.file == "report-2026-11-01-2026-11-23.csv"
    assert "questions,the bot,asked,0" in bot.server.chats.rooms[STAFF].files[table.id]
