"""
A database of the version before this one goes on: nothing in it is lost or forgotten.

`tests/data/store/r0001.sql` was written by that version (commit 64cf747) in a dialog through the
fake Telegram server, then shortened. It holds what a stop in the middle leaves: a message that
was taken and not handled, a reply that was not sent, and somebody who was asked for a question.
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from bot.store.base import Sought
from bot.types import Reason, Result
from tests.e2e.world import World, world
from tests.telegram.client import Person

DUMP: Final = Path(__file__).parents[1] / "data" / "store" / "r0001.sql"
ANSWERED: Final = "自己主动辞职能领失业金吗？"
LEFT: Final = "2027年居民医保新生儿怎么参保？"  # was taken and not handled


@pytest.fixture
async def upgraded(releases: Path, tmp_path: Path) -> AsyncIterator[World]:
    with closing(sqlite3.connect(tmp_path / "bot.sqlite")) as database:
        database.executescript(DUMP.read_text(encoding="utf-8"))
    async with world(releases, tmp_path) as running:
        yield running


def earlier(person: Person, message_id: int) -> int:
    """A message of the bot's that the fake server, being new, does not know."""
    while person.room.last_id < message_id:
        person.room.add(person.server.chats.me, text="…")
    return message_id


async def test_what_a_stop_left_is_handled_and_sent(upgraded: World) -> None:
    chen = upgraded.citizen(1002, name="陈刚")
    liu = upgraded.citizen(1003, name="刘洋")
    assert "新生儿" in (await chen.hears()).text
    assert "不客气" in (await liu.hears()).text
    async with upgraded.store.begin() as work:
        assert await work.inbox.unfinished() == []


async def test_staff_answer_an_open_ticket_under_its_old_card(upgraded: World) -> None:
    agent = upgraded.agent(8, "陈立")
    chen = upgraded.citizen(1002, name="陈刚")
    await chen.hears()
    agent.press_action(earlier(agent, 4), "claim:2")
    assert "处理中" in (await agent.hears()).text
    assert "人工处理" in (await chen.hears()).text
    agent.send("请到公安机关登记。", reply_to=4)
    reply = await chen.hears()
    assert "请到公安机关登记。" in reply.text
    chen.press(reply, "继续询问")
    await chen.hears()
    chen.send("周末办公吗？")
    assert "编号 2" in (await chen.hears()).text


async def test_an_old_reply_of_staff_can_be_answered(upgraded: World) -> None:
    wang = upgraded.citizen()
    wang.send("那猫呢？", reply_to=earlier(wang, 5))
    assert "编号 1" in (await wang.hears()).text
    async with upgraded.store.begin() as work:
        waiting = {ticket.id for ticket in await work.tickets.find(Sought())}
    assert waiting == {1, 2, 4}


async def test_the_button_of_an_old_answer_hands_that_question_over(upgraded: World) -> None:
    wang = upgraded.citizen()
    wang.press_action(earlier(wang, 2), "human:1")
    assert "已转交" in (await wang.hears()).text
    async with upgraded.store.begin() as work:
        waiting = [ticket.question for ticket in await work.tickets.find(Sought())]
    assert ANSWERED in waiting


async def test_who_was_asked_for_a_question_is_heard(upgraded: World) -> None:
    zhao = upgraded.citizen(1004, name="赵欣")
    zhao.send("失业保险金每个月发多少？")
    assert "已转交" in (await zhao.hears()).text
    async with upgraded.store.begin() as work:
        last = (await work.tickets.find(Sought()))[-1]
    assert (last.question, last.reason) == ("失业保险金每个月发多少？", Reason.ASKED_FOR_PERSON)


async def test_a_question_in_an_old_group_is_not_asked_twice(upgraded: World) -> None:
    group = upgraded.server.chats.open_group(-55, "邻里群")
    liu = upgraded.citizen(1003, name="刘洋", chat=group)
    liu.send("@mingbai_bot 瞭望塔上的灯笼鱼怎么申报年检？")
    assert "编号 4" in (await liu.hears()).text


async def test_all_that_was_stored_before_is_handed_out_and_erased(upgraded: World) -> None:
    wang = upgraded.citizen()
    wang.send("/mydata")
    [name] = [(await wang.hears()).file or (await wang.hears()).file]
    assert name.endswith(".json")
    assert ANSWERED in wang.room.files[max(wang.room.files)]
    wang.send("/forget")
    wang.press(await wang.hears(), "是，删除")
    assert "编号 1" in (await wang.hears()).text
    async with upgraded.store.begin() as work:
        assert await work.inbox.get(1) is None
        assert await work.inbox.get(2) is None
        found = await work.inbox.get(5)
    assert found is not None
    assert found.outcome.result is Result.UNRESOLVED
