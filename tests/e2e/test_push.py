"""Subscriptions, from /subscribe in the chat to one message when a release changed something."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from bot.subscriptions import MOST, Follows, Wish
from bot.types import Address
from index.build import prepare
from index.encoders.choice import Choice
from index.release import releases as all_releases
from index.release import switch
from knowledge.types import Disclosure, Document, Kind, Lang
from tests.e2e.world import World, world
from tests.telegram.client import Person
from tests.telegram.fake_faults import Fault
from tests.telegram.fake_rules import Problem

NIGHT: Final = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # midnight in the bureau's city
WAIT_S: Final = 16 * 60  # longer than a release must be the current one


def policy(name: str, title: str, text: str, **more: Any) -> Document:
    values: dict[str, Any] = {
        "language": Lang.ZH_HANS,
        "kind": Kind.POLICY,
        "source": f"https://jtj.langang.example/{name}",
        "disclosure": Disclosure.OPEN,
        "issuer": "澜港市交通局",
        "published": date(2025, 3, 1),
    }
    return Document(id=name, title=title, text=text, **{**values, **more})


BICYCLES: Final = policy(
    "bicycles",
    "澜港市公共自行车管理办法",
    "第一条 为鼓励居民使用公共自行车，制定本办法。\n"
    "第二条 公共自行车每次骑行前三十分钟免费。超过三十分钟的，每小时收费1元。\n"
    "第三条 公共自行车损坏的，骑行人应当报告。\n",
    number="澜交规〔2025〕3号",
    topics=("公共自行车", "出行"),
)
FERRIES: Final = policy(
    "ferries",
    "澜港市轮渡票价优惠办法",
    "第一条 为方便市民乘坐轮渡，制定本办法。\n第二条 老年人乘坐轮渡，票价减半。\n",
    number="澜交规〔2024〕8号",
    topics=("轮渡", "出行"),
)
PARKING: Final = policy(
    "parking",
    "澜港市路边停车收费办法",
    "第一条 路边停车按时收费。\n第二条 路边停车首小时收费5元，以后每小时收费3元。\n",
    topics=("停车",),
)
NEW_BICYCLES: Final = replace(
    BICYCLES,
    text=BICYCLES.text.replace("每小时收费1元", "每小时收费2元")
    + "第四条 公共自行车骑行人应当佩戴头盔。\n",
)
EXPLAINED: Final = policy(
    "bicycles-explained",
    "《澜港市公共自行车管理办法》政策解读",
    "一、为什么修改\n公共自行车的养护费用上涨。\n",
    kind=Kind.INTERPRETATION,
    interprets=("bicycles",),
    topics=("公共自行车",),
)
NEW_FERRIES: Final = policy(
    "ferries-2026",
    "澜港市轮渡票价管理办法",
    "第一条 轮渡票价由市交通局制定。\n第二条 老年人和学生乘坐轮渡免费。\n",
    number="澜交规〔2026〕1号",
    topics=("轮渡",),
    repeals=("ferries",),
)
OLD_FERRIES: Final = replace(FERRIES, expires=date(2026, 10, 31), superseded_by="ferries-2026")
CHARGERS: Final = policy(
    "chargers",
    "澜港市充电桩补贴办法",
    "第一条 为支持居民小区建设充电桩，制定本办法。\n"
    "第二条 居民小区建设充电桩的，每个充电桩补贴800元。\n",
    topics=("充电桩",),
)
LIBRARIES: Final = (
    (BICYCLES, FERRIES, PARKING),
    (NEW_BICYCLES, FERRIES, PARKING),
    (NEW_BICYCLES, EXPLAINED, OLD_FERRIES, NEW_FERRIES, PARKING, CHARGERS),
)
FIRST, CHANGED, SECOND = range(3)  # their places
QUESTION: Final = "《澜港市充电桩补贴办法》第二条怎么规定？"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of each library; the first is current."""
    root = tmp_path_factory.mktemp("built")
    for documents in LIBRARIES:
        prepare(documents, root, encoder=Choice().fit, calibrate=False)
    switch(root, names(root)[FIRST])
    return root


@pytest.fixture
def releases(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "releases"))


def names(root: Path) -> list[str]:
    return [manifest.name for manifest in all_releases(root)]


async def settled(bot: World) -> None:
    """Until there is nothing to tell now, and what was told has left."""
    left, busy = 1, True
    while left or busy:
        left = await _left(bot)
        busy = await bot.app.pusher.step()
        await asyncio.sleep(0.01)


async def _left(bot: World) -> int:
    async with bot.store.begin() as work:
        pushes = work.pushes
        return await pushes.pending(tried=False) + await pushes.pending(tried=True)


async def switched(bot: World, name: str, *, wait: bool = True) -> None:
    """The release is served; long enough for its followers to be told, if `wait`."""
    switch(bot.settings.releases, name)
    await bot.index.refresh()
    await settled(bot)
    if wait:
        bot.clock.forward(WAIT_S)
        await settled(bot)


async def released(bot: World, library: int, *, wait: bool = True) -> None:
    await switched(bot, names(bot.settings.releases)[library], wait=wait)


async def follows(person: Person, words: str) -> str:
    person.send(f"/subscribe {words}")
    return (await person.hears()).text


async def follow(bot: World, user_id: int, *words: str, language: str = "zh-hans") -> Person:
    """Somebody who follows these, and has read that they do."""
    person = bot.citizen(user_id, language=language)
    for one in words:
        await follows(person, one)
    return person


# Following


async def test_a_document_is_followed_by_its_number_its_title_or_a_part_of_it(
    bot: World,
) -> None:
    wang = bot.citizen()
    told = "已关注《澜港市公共自行车管理办法》。有变化时我会在这里告诉您。"
    assert await follows(wang, "澜交规〔2025〕3号") == told
    assert (
        await follows(wang, "《澜港市公共自行车管理办法》")
        == "您已经关注了：《澜港市公共自行车管理办法》"
    )
    assert "您已經關注了" in await follows(wang, "公共自行車管理")


async def test_a_topic_is_chosen_from_buttons(bot: World) -> None:
    wang = bot.citizen()
    wang.send("/subscribe")
    offer = await wang.hears()
    assert offer.text.startswith("请选择要关注的主题。")
    assert offer.buttons == (("出行", "公共自行车"), ("轮渡", "停车"))
    wang.press(offer, "轮渡")
    assert (await wang.hears()).text.startswith("已关注轮渡。")
    assert (await follows(wang, "月球")).startswith("我没有找到叫这个名字的文件或主题：月球")


async def test_a_name_of_several_documents_is_asked_back(bot: World) -> None:
    wang = bot.citizen()
    wang.send("/subscribe 办法")
    offer = await wang.hears()
    assert offer.text.startswith("您要关注哪一份文件？\n1. 《")
    assert offer.buttons == (("1", "2", "3"),)
    wang.press(offer, "2")
    assert "已关注《" in (await wang.hears()).text


async def test_the_list_ends_one_subscription_or_all(bot: World) -> None:
    wang = await follow(bot, 1001, "轮渡", "停车", "公共自行车")
    wang.send("/unsubscribe")
    listed = await wang.hears()
    assert listed.text == "您关注了：\n1. 轮渡\n2. 停车\n3. 公共自行车"
    wang.press(listed, "取消 2")
    assert (await wang.hears()).text == "已取消关注停车。"
    wang.press(listed, "取消 2")
    assert (await wang.hears()).text == "这一项现在找不到了。"
    wang.press(listed, "全部取消")
    assert "全部取消关注" in (await wang.hears()).text
    wang.send("/unsubscribe")
    assert (await wang.hears()).text == "您没有关注任何内容。"


async def test_an_answer_can_be_followed(bot: World) -> None:
    wang = bot.citizen()
    wang.send("《澜港市公共自行车管理办法》第二条是什么？")
    answer = await wang.hears()
    assert "每小时收费1元" in answer.text
    wang.press(answer, "有变化时通知我")
    assert "已关注《澜港市公共自行车管理办法》" in (await wang.hears()).text
    wang.send("/subscribe")  # what was talked about last
    assert "您已经关注了" in (await wang.hears()).text


@pytest.mark.parametrize("words", ["退订", "取消關注", "Unsubscribe!", "구독 취소", "配信停止"])
async def test_plain_words_lead_to_the_list(bot: World, words: str) -> None:
    wang = await follow(bot, 1001, "停车")
    wang.send(words)
    assert "1. 停车" in (await wang.hears()).text


async def test_there_is_a_limit_and_a_way_below_it(bot: World) -> None:
    wang = await follow(bot, 1001, "停车")
    async with bot.store.begin() as work:
        [one] = await work.subscriptions.of(Address("telegram", "1001"))
        for number in range(MOST - 1):
            wish = Wish(
                address=one.address,
                follows=Follows.TOPIC,
                target=f"主题{number}",
                title=f"主题{number}",
                release=one.release,
                language=one.language,
                since=one.since,
            )
            await work.subscriptions.add(wish)
    wang.send("/subscribe 轮渡")
    full = await wang.hears()
    assert full.text.startswith("您已关注 50 项，已到上限，请先取消一项。\n\n您关注了：\n1. 停车")
    assert "您已经关注了：停车" in await follows(wang, "停车")
    wang.press(full, "取消 50")
    assert "已取消关注主题48" in (await wang.hears()).text
    assert "已关注轮渡" in await follows(wang, "轮渡")


async def test_who_is_forgotten_follows_nothing(bot: World) -> None:
    wang = await follow(bot, 1001, "停车")
    wang.send("/forget")
    asked = await wang.hears()
    wang.press(asked, asked.buttons[0][0])
    await wang.hears()
    async with bot.store.begin() as work:
        assert await work.subscriptions.of(Address("telegram", "1001")) == []


# Being told


async def test_one_message_tells_all_that_is_new(bot: World) -> None:
    wang = await follow(bot, 1001, "澜交规〔2025〕3号", "轮渡")
    chen = await follow(bot, 1002, "停车")
    await released(bot, SECOND)
    told = await wang.hears()
    assert told.text == (
        "您关注的内容有变化。\n\n"
        "1. 《澜港市公共自行车管理办法》 澜交规〔2025〕3号\n"
        "政策原文 · 有修改 · 现行有效\n"
        "第二条 有修改：\n原为：\n超过三十分钟的，每小时收费1元。\n"
        "现为：\n超过三十分钟的，每小时收费2元。\n"
        "第四条 新增：\n公共自行车骑行人应当佩戴头盔。\n"
        "https://jtj.langang.example/bicycles\n\n"
        "2. 《〈澜港市公共自行车管理办法〉政策解读》\n"
        "新发布政策解读 · 澜港市交通局 · 现行有效\n"
        "解读的是《澜港市公共自行车管理办法》。\n"
        "https://jtj.langang.example/bicycles-explained\n\n"
        "3. 《澜港市轮渡票价优惠办法》 澜交规〔2024〕8号\n"
        "政策原文 · 有修改 · 已被替代\n"
        "效力：现行有效 → 已被替代\n有效期至：2026-10-31\n由《澜港市轮渡票价管理办法》替代。\n"
        "https://jtj.langang.example/ferries\n\n"
        "4. 《澜港市轮渡票价管理办法》 澜交规〔2026〕1号\n"
        "新发布文件 · 澜港市交通局 · 现行有效\n"
        "废止《澜港市轮渡票价优惠办法》。\n"
        "https://jtj.langang.example/ferries-2026\n\n"
        "您关注了：澜港市公共自行车管理办法、轮渡"
    )
    assert told.buttons == (("查看 1", "查看 2", "查看 3"), ("查看 4",), ("取消关注",))
    bot.clock.forward(WAIT_S)
    await settled(bot)
    assert wang.unread() == []
    assert chen.unread() == []


async def test_the_frame_is_in_the_language_of_the_reader(bot: World) -> None:
    smith = bot.citizen(1001, name="Smith", language="en")
    smith.send("/language")
    smith.press(await smith.hears(), "English")
    await smith.hears()
    await follows(smith, "澜交规〔2025〕3号")
    await released(bot, CHANGED)
    told = await smith.hears()
    assert told.text.startswith("What you follow has changed.\n\n《澜港市公共自行车管理办法》")
    assert "第二条 is changed.\nBefore:\n超过三十分钟的，每小时收费1元。\nNow:\n" in told.text
    assert told.buttons == (("View changes", "Unsubscribe"), ("Helpful", "Not helpful"))


async def test_looking_closer_and_voting_are_counted(bot: World) -> None:
    wang = await follow(bot, 1001, "澜交规〔2025〕3号")
    await follow(bot, 1002, "公共自行车")
    await released(bot, CHANGED)
    told = await wang.hears()
    wang.press(told, "查看变化")
    seen = await wang.hears()
    assert seen.text.startswith("以下是那次更新的内容，此后可能又有变化。\n\n《澜港市公共")
    assert seen.buttons == (("查看原文",), ("有帮助", "没有帮助"))
    wang.press(seen, "有帮助")
    assert (await wang.hears()).text
    async with bot.store.begin() as work:
        [reach] = await work.pushes.reach()
    assert (reach.sent, reach.delivered, reach.opened, reach.helpful) == (2, 2, 1, 1)


async def test_who_opts_out_is_told_no_more(bot: World) -> None:
    wang = await follow(bot, 1001, "澜交规〔2025〕3号")
    await released(bot, CHANGED)
    wang.press(await wang.hears(), "取消关注")
    wang.press(await wang.hears(), "取消 1")
    assert "已取消关注" in (await wang.hears()).text
    await released(bot, FIRST)
    assert wang.unread() == []


async def test_who_blocks_the_bot_follows_nothing_any_more(bot: World) -> None:
    wang = await follow(bot, 1001, "澜交规〔2025〕3号")
    chen = await follow(bot, 1002, "澜交规〔2025〕3号")
    wang.block()
    await released(bot, CHANGED)
    assert "每小时收费2元" in (await chen.hears()).text
    async with bot.store.begin() as work:
        assert [one.count for one in await work.subscriptions.followers()] == [1]


async def test_a_message_that_telegram_refuses_ends_no_subscription(bot: World) -> None:
    wang = await follow(bot, 1001, "澜交规〔2025〕3号")
    problem = Problem(400, "Bad Request: message is too strange")
    bot.server.faults.fail(problem, method="sendMessage")
    await released(bot, CHANGED)
    assert wang.unread() == []
    async with bot.store.begin() as work:
        assert [one.count for one in await work.subscriptions.followers()] == [1]


# When


async def test_at_night_nobody_is_told(bot: World) -> None:
    wang = await follow(bot, 1001, "澜交规〔2025〕3号")
    bot.clock.at = NIGHT
    await released(bot, CHANGED)
    assert wang.unread() == []
    bot.clock.at = NIGHT.replace(day=24, hour=0, minute=29)
    await settled(bot)
    assert wang.unread() == []
    bot.clock.forward(60)
    await settled(bot)
    assert "每小时收费2元" in (await wang.hears()).text


async def test_a_release_that_is_taken_back_in_time_is_told_to_nobody(bot: World) -> None:
    wang = await follow(bot, 1001, "澜交规〔2025〕3号")
    first = bot.index.release
    await released(bot, CHANGED, wait=False)
    bot.clock.forward(60)
    await switched(bot, first)
    assert wang.unread() == []


async def test_a_release_that_is_taken_back_late_is_told_again(bot: World) -> None:
    wang = await follow(bot, 1001, "澜交规〔2025〕3号")
    first = bot.index.release
    await released(bot, CHANGED)
    assert "现为：\n超过三十分钟的，每小时收费2元。" in (await wang.hears()).text
    await switched(bot, first)
    assert "现为：\n超过三十分钟的，每小时收费1元。" in (await wang.hears()).text


async def test_two_releases_in_a_row_are_one_message(bot: World) -> None:
    wang = await follow(bot, 1001, "澜交规〔2025〕3号", "轮渡")
    await released(bot, CHANGED, wait=False)
    bot.clock.forward(60)
    await released(bot, SECOND)
    assert "轮渡票价管理办法" in (await wang.hears()).text
    assert wang.unread() == []


async def test_after_the_old_release_is_gone_it_begins_afresh(
    bot: World, caplog: pytest.LogCaptureFixture
) -> None:
    wang = await follow(bot, 1001, "澜交规〔2025〕3号")
    first, changed, second = names(bot.settings.releases)
    shutil.rmtree(bot.settings.releases / first)
    await switched(bot, changed)
    assert wang.unread() == []
    assert "cannot be told to those who follow it" in caplog.text
    await switched(bot, second)
    assert "新发布政策解读" in (await wang.hears()).text


# Questions


async def test_a_question_is_answered_once_a_document_answers_it(bot: World) -> None:
    wang = bot.citizen()
    wang.send(QUESTION)
    sorry = await wang.hears()
    assert "编号 1" in sorry.text
    wang.press(sorry, "能回答时通知我")
    assert QUESTION in (await wang.hears()).text
    await released(bot, CHANGED)
    assert wang.unread() == []
    await released(bot, SECOND)
    told = await wang.hears()
    assert told.text.startswith(f"您以前问的问题，现在可以回答了：{QUESTION}\n")
    assert "每个充电桩补贴800元" in told.text
    assert told.buttons == (("取消关注",), ("有帮助", "没有帮助"))
    wang.send("/unsubscribe")
    assert (await wang.hears()).text == "您没有关注任何内容。"


# Restarts


async def test_a_restart_in_the_middle_tells_everybody_once(
    releases: Path, tmp_path: Path
) -> None:
    people = range(1001, 1036)  # more than are on their way at a time
    async with world(releases, tmp_path) as bot:
        for user_id in people:
            await follow(bot, user_id, "澜交规〔2025〕3号")
        for user_id in people:
            bot.server.faults.order(Fault.GARBAGE, times=1, chat=user_id)
        await released_without_end(bot)
        async with bot.store.begin() as work:
            assert await work.pushes.pending(tried=True) == 30
            assert len(await work.subscriptions.waiting(bot.index.release)) == 5
    async with world(releases, tmp_path) as bot:
        persons = [bot.citizen(user_id) for user_id in people]
        bot.clock.forward(2 * 3600)
        await settled(bot)
        assert [len(one.unread()) for one in persons] == [1] * len(people)


async def released_without_end(bot: World) -> None:
    switch(bot.settings.releases, names(bot.settings.releases)[CHANGED])
    await bot.index.refresh()
    await bot.app.pusher.step()
    bot.clock.forward(WAIT_S)
    while await _tried(bot) < 30:
        await bot.app.pusher.step()
        await asyncio.sleep(0.01)


async def _tried(bot: World) -> int:
    async with bot.store.begin() as work:
        return await work.pushes.pending(tried=True)
