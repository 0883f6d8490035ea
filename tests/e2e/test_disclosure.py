"""A request for information, from the form to the letter, through the whole bot."""

from __future__ import annotations

import base64
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from bot.desk.disclosure.entry import Form, Request
from bot.desk.disclosure.handling import Disclosures
from bot.desk.disclosure.letter import Decision
from bot.desk.disclosure.results import Result
from bot.desk.tickets import Agent, State
from tests.e2e.world import World, world
from tests.telegram.client import Heard, Person

LI = Agent("telegram:7", "李敏")
WANTED = "2025年度滨海路路灯维护费用的决算"
NAME, PHONE, IDENTITY = "王小芳", "13800138000", "110101199003078515"


def desk(bot: World) -> Disclosures:
    return Disclosures(bot.store, bot.app.desk, sender=bot.settings.letter_sender)


async def to_summary(wang: Person) -> Heard:
    wang.send("/disclosure")
    wang.press(await wang.hears(), "公民（自然人）")
    assert "2/6" in (await wang.hears()).text
    wang.send(f"{NAME} {IDENTITY}")
    assert "3/6" in (await wang.hears()).text
    wang.send(WANTED)
    wang.press(await wang.hears(), "电子文本")
    wang.press(await wang.hears(), "在此对话中")
    assert "6/6" in (await wang.hears()).text
    wang.send(PHONE)
    return await wang.hears()


async def told(wang: Person, words: str) -> Heard:
    """The next message with these words; what is said of the handling comes between."""
    while words not in (heard := await wang.hears()).text:
        pass
    return heard


async def filed(wang: Person) -> Heard:
    wang.press(await to_summary(wang), "确认提交")
    return await wang.hears()


async def test_from_the_form_to_the_letter_in_telegram(bot: World) -> None:
    wang, agent = bot.citizen(), bot.agent(7, "李敏")
    receipt = await filed(wang)
    assert "2026-0001" in receipt.text
    assert "2026-12-21" in receipt.text
    card = await agent.hears()
    assert WANTED in card.text
    assert NAME not in card.text
    await desk(bot).ask_correction(1, LI, "请写明路段")
    asked = await told(wang, "请写明路段")
    place = "滨海路12号3栋502室"  # masked in what is kept of the chat, not in the request
    wang.send(f"{place}，联系电话 {PHONE}", reply_to=asked)
    await told(wang, "已收到您对申请")
    await desk(bot).reply(1, LI, Decision(result=Result.OPEN, text="决算为 12 万元。"))
    letter = await told(wang, "决算为 12 万元。")
    assert f"{NAME} 〔身份证号〕：" in letter.text
    assert f"补正：“{place}，联系电话 〔电话〕”" in letter.text
    assert (await wang.hears()).file == "依申请公开2026-1.pdf"
    ticket, events = await bot.app.desk.look(1)
    assert ticket.state is State.ANSWERED
    assert not any(place in event.text for event in events if event.what == "asked")


async def test_a_correction_that_is_just_written_keeps_its_address(bot: World) -> None:
    wang = bot.citizen()
    await filed(wang)
    await desk(bot).ask_correction(1, LI, "请写明路段")
    await told(wang, "请写明路段")
    place = "滨海路12号3栋502室"
    wang.send(f"{place}门前的路灯")
    await told(wang, "已收到您对申请")
    correction = (await desk(bot).case(1)).request.correction
    assert correction is not None
    assert correction.text == f"{place}门前的路灯"


async def test_the_page_gets_the_letter_as_a_file(bot: World) -> None:
    async with bot.browser() as browser:
        await browser.send("/disclosure")
        for answer in ("1", NAME, WANTED, "1", "1", PHONE, "确认"):
            await browser.hears()
            await browser.send(answer)
        assert "2026-0001" in browser_text(await browser.hears())
        await desk(bot).reply(1, LI, Decision(result=Result.REPEATED))
        while "不予重复处理" not in browser_text(letter := await browser.hears()):
            pass
    assert letter["file"]["name"] == "依申请公开2026-1.pdf"
    assert letter["file"]["media_type"] == "application/pdf"
    assert base64.b64decode(letter["file"]["data"]).startswith(b"%PDF-")


def browser_text(message: Any) -> str:
    return "".join(span["text"] for span in message["body"])


def tables_with(word: str, path: Path) -> list[str]:
    """The tables in which a word stands."""
    with closing(sqlite3.connect(path)) as database:
        tables = [
            name
            for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        return [
            table
            for table in tables
            if word in str(database.execute(f"SELECT * FROM {table}").fetchall())  # noqa: S608 - names of ours
        ]


async def test_name_and_contact_lie_in_one_table(releases: Path, tmp_path: Path) -> None:
    path = tmp_path / "bot.sqlite"
    async with world(releases, tmp_path) as bot:
        wang = bot.citizen()
        summary = await to_summary(wang)
        assert tables_with(NAME, path) == tables_with(PHONE, path) == ["disclosure_form"]
        wang.press(summary, "确认提交")
        assert "2026-0001" in (await wang.hears()).text
        assert tables_with(NAME, path) == tables_with(PHONE, path) == ["disclosure"]
    assert IDENTITY.encode() not in path.read_bytes()


async def test_a_restart_in_the_middle_of_the_form(releases: Path, tmp_path: Path) -> None:
    async with world(releases, tmp_path) as bot:
        wang = bot.citizen()
        wang.send("/disclosure")
        wang.press(await wang.hears(), "公民（自然人）")
        assert "2/6" in (await wang.hears()).text
    async with world(releases, tmp_path) as bot:
        wang = bot.citizen()
        for _ in range(3):  # the new server begins with update ids that the ledger has
            wang.send("/disclosure")
        assert "2/6" in (await wang.hears()).text
        wang.send(NAME)
        assert "3/6" in (await wang.hears()).text


async def test_the_copy_of_ones_data_has_it_and_forget_takes_it(
    releases: Path, tmp_path: Path
) -> None:
    async with world(releases, tmp_path, rate_burst=50) as bot:
        wang = bot.citizen()
        await filed(wang)
        wang.send("/mydata")
        await wang.hears()
        data = json.loads(wang.reads(await wang.hears()))
        [entered] = data["disclosure_requests"]
        assert (entered["number"], entered["contact"]) == ("2026-0001", PHONE)
        await desk(bot).reply(1, LI, Decision(result=Result.REPEATED))
        await told(wang, "不予重复处理")
        await wang.hears()  # the file
        wang.send("/disclosure")
        await wang.hears()
        wang.send("/forget")
        wang.press(await told(wang, "设置"), "是，删除")
        await wang.hears()
        async with bot.store.begin() as work:
            assert await work.entries(Form).find() == []
            [request] = await work.entries(Request).find()
        assert (request.name, request.contact) == ("", "")
        assert request.answer is not None
