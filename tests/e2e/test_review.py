"""Colleagues in the staff group: another department is asked, and a second person approves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from bot.desk.tickets import State
from tests.e2e.world import World, world
from tests.telegram.client import Heard, Person

QUESTION: Final = "瞭望塔上的灯笼鱼怎么申报年检？"
ROSTER: Final = """\
[department.fishing]
name = "渔政科"
topics = ["灯笼鱼"]
sensitive = ["灯笼鱼"]

[department.towers]
name = "塔台科"

[[member]]
id = "telegram:7"
name = "李敏"
departments = ["fishing"]

[[member]]
id = "telegram:8"
name = "陈刚"
departments = ["towers"]
roles = ["agent", "reviewer"]
"""


@pytest.fixture
async def bot(releases: Path, tmp_path: Path) -> AsyncIterator[World]:
    roster = tmp_path / "roster.toml"
    roster.write_text(ROSTER, encoding="utf-8")
    async with world(releases, tmp_path, roster=roster) as running:
        yield running


async def hears(person: Person, words: str) -> Heard:
    """The next message of the room with these words."""
    while words not in (heard := await person.hears()).text:
        pass
    return heard


async def test_a_reply_goes_through_two_departments_and_two_people(bot: World) -> None:
    wang, li = bot.citizen(), bot.agent(7, "李敏")
    wang.send(QUESTION)
    card = await hears(li, QUESTION)
    chen = bot.agent(8, "陈刚")
    li.press(card, "认领")
    await hears(li, "李敏")
    async with bot.store.begin() as work:
        assert (await work.tickets.get(1)).sensitive
    await wang.hears()
    assert "渔政科" in (await wang.hears()).text
    li.press(card, "会商")
    li.press(await hears(li, "请哪个部门会商"), "塔台科")
    li.send("塔上能养鱼吗？", reply_to=await hears(li, "李敏："))
    notice = await hears(chen, "请求会商")
    bot.clock.forward(60)  # a group takes so many messages a minute
    chen.press(notice, "代表塔台科答复")
    chen.send("塔上不能养鱼。", reply_to=await hears(chen, "陈刚："))
    draft = await hears(li, "回复草稿")
    assert "塔台科答复：塔上不能养鱼。" in draft.text
    li.send("塔台科答复：塔上不能养鱼。", reply_to=draft)
    bot.clock.forward(60)
    shown = await hears(chen, "待复核")
    assert wang.unread() == []
    chen.press(shown, "通过")
    assert "塔上不能养鱼。" in (await wang.hears()).text
    ticket, events = await bot.app.desk.look(1)
    assert (ticket.state, ticket.holder and ticket.holder.name) == (State.ANSWERED, "李敏")
    assert [event.who for event in events if event.what in {"submitted", "approved"}] == [
        "telegram:7",
        "telegram:8",
    ]
