"""Unsure between a few passages: the citizen chooses, through both channels."""

from __future__ import annotations

import asyncio
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk.tickets import State
from bot.types import Reason
from index.build import build
from index.encoders.choice import Choice
from index.release import current, switch
from knowledge.library import read_library
from tests.e2e.world import World, world

UNSURE = "人才租房补贴总共能领多少个月？"
TOLD = "累计发放期限不超过30个月"
NONE = "都不是，请人工回答"
LIBRARY = Path(__file__).parents[2] / "knowledge" / "sample"


async def test_telegram_offers_numbers_and_a_press_brings_the_passage(bot: World) -> None:
    wang = bot.citizen()
    wang.send(UNSURE)
    offer = await wang.hears()
    assert "可能相关" in offer.text
    assert offer.buttons == (("1", "2", "3"), (NONE,))
    assert TOLD in offer.text.split("2. ")[0]
    wang.press(offer, "1")
    answer = await wang.hears()
    assert TOLD in answer.text
    assert "现行有效" in answer.text
    assert "https://rsj.langang.example/" in answer.text
    assert {"blockquote", "expandable_blockquote"} & {kind for kind, *_ in answer.entities}
    assert await bot.app.desk.waiting() == []


async def test_none_of_them_goes_to_staff_with_what_was_offered(bot: World) -> None:
    wang, agent = bot.citizen(), bot.agent(7, "李敏")
    wang.send(UNSURE)
    wang.press(await wang.hears(), NONE)
    assert "编号 1" in (await wang.hears()).text
    card = (await agent.hears()).text
    assert UNSURE in card
    assert "看过备选条文，都不是" in card
    assert TOLD in card.split("已给市民看过的条文：")[1]


async def test_pressing_twice_is_one_answer(bot: World) -> None:
    wang = bot.citizen()
    wang.send(UNSURE)
    offer = await wang.hears()
    wang.press(offer, "1")
    wang.press(offer, "1")
    assert TOLD in (await wang.hears()).text
    assert "内容就在上面" in (await wang.hears()).text


async def test_a_press_after_a_restart(releases: Path, tmp_path: Path) -> None:
    async with world(releases, tmp_path) as bot:
        wang = bot.citizen()
        wang.send(UNSURE)
        assert "可能相关" in (await wang.hears()).text
    async with world(releases, tmp_path) as bot:
        wang = bot.citizen()
        for _ in range(2):  # the new server begins with an update id that the ledger has
            wang.send("你好")
        hello = await wang.hears()
        wang.press_action(hello.id, "pick:1:1")
        assert TOLD in (await wang.hears()).text
        wang.send("2")
        assert "政策解读" in (await wang.hears()).text


async def test_only_who_asked_may_choose_in_a_group(bot: World) -> None:
    group = bot.server.chats.open_group(-55, "邻里群")
    wang = bot.citizen(chat=group)
    chen = bot.citizen(1002, name="陈刚", chat=group)
    wang.send(f"@mingbai_bot {UNSURE}")
    offer = await wang.hears()
    chen.press(offer, "1")
    assert "只有提问的人" in (await wang.hears()).text
    wang.press(offer, "1")
    assert TOLD in (await wang.hears()).text


async def throttled(bot: World) -> bool:
    """Whether a delivery waits for a time that has not come."""
    async with bot.store.begin() as work:
        now = await work.outbox.due(at=bot.clock.at)
        later = await work.outbox.due(at=bot.clock.at + timedelta(seconds=31))
    return {one.id for one in later} > {one.id for one in now}


async def test_a_throttled_offer_arrives_later_and_once(bot: World) -> None:
    wang = bot.citizen()
    bot.server.faults.throttle(30, times=1, chat=wang.chat)
    wang.send(UNSURE)
    wang.send("你好")
    chen = bot.citizen(1002, name="陈刚")
    chen.send("你好")
    await chen.hears()
    while not await throttled(bot):  # noqa: ASYNC110 - nothing tells of it
        await asyncio.sleep(0.01)
    assert wang.unread() == []
    bot.clock.forward(31)
    bot.app.sender.wake()
    offer = await wang.hears()
    assert offer.buttons == (("1", "2", "3"), (NONE,))
    assert "政策" in (await wang.hears()).text
    wang.press(offer, "1")
    assert TOLD in (await wang.hears()).text
    assert wang.unread() == []


async def test_the_web_page_offers_the_same(bot: World) -> None:
    async with bot.browser() as citizen:
        await citizen.send(UNSURE)
        offer = await citizen.hears()
        assert [[one["label"] for one in row] for row in offer["buttons"]] == [
            ["1", "2", "3"],
            [NONE],
        ]
        await citizen.press(offer, "1")
        answer = await citizen.hears()
        spans = [span for span in answer["body"] if span["style"] in {"quote", "mark"}]
        assert TOLD in "".join(span["text"] for span in spans)
        await citizen.send("都不是")
        assert "编号 1" in await citizen.hears_text()
    [ticket] = await bot.app.desk.waiting()
    assert (ticket.state, ticket.reason) == (State.OPEN, Reason.NONE_FITTED)


@pytest.mark.slow
async def test_a_release_that_lost_the_document_is_searched_again(
    releases: Path, tmp_path: Path
) -> None:
    documents = read_library([LIBRARY]).documents
    root = tmp_path / "releases"
    shutil.copytree(releases, root)
    whole = current(root)
    rest = [one for one in documents if not one.id.startswith("talent-rent-subsidy")]
    build(rest, root, encoder=Choice().fit)
    switch(root, whole)
    async with world(root, tmp_path) as bot:
        wang = bot.citizen()
        wang.send(UNSURE)
        offer = await wang.hears()
        newer = max(path.name for path in root.iterdir() if path.is_dir())
        switch(root, newer)
        await bot.index.refresh()
        wang.press(offer, "1")
        told = (await wang.hears()).text
        assert told.startswith("文件有了变化")
        assert TOLD not in told
