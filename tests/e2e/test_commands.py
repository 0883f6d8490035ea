"""The commands, through the Bot API: menus, links, status, language, data and erasure."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.commands.table import COMMANDS
from bot.links import Target, payload
from bot.types import Address, Reason
from tests.e2e.world import World, world

KNOWN = "2027年居民医保新生儿怎么参保？"
UNKNOWN = "瞭望塔上的灯笼鱼怎么申报年检？"
DOCUMENT = "housing-fund-withdrawal-2025"
NUMBER = "澜公积金规〔2025〕1号"


async def test_the_menu_is_set_in_each_language_and_only_once(
    releases: Path, tmp_path: Path
) -> None:
    async with world(releases, tmp_path) as bot:
        menus = bot.server.menus
        await bot.server.changes.until(lambda: len(menus) == 5)
        kinds = {kind for kind, _ in menus}
        assert kinds == {"all_private_chats"}
        names = [command.name for command in COMMANDS]
        for rows in menus.values():
            assert [row["command"] for row in rows] == names
        korean = {row["command"]: row["description"] for row in menus["all_private_chats", "ko"]}
        assert korean["forget"] == "내 데이터 삭제"
        assert len(bot.server.calls_of("setMyCommands")) == 5


LINKS = [
    ("", "您好，这里是"),
    (payload(Target.DOCUMENT, DOCUMENT), NUMBER),
    (payload(Target.TOPIC, "租房"), "与“租房”有关的文件"),
    ("doc_no-such-document", "您好，这里是"),
    ("topic_%E7%A7%9F", "您好，这里是"),
    ("inline", "您好，这里是"),
]


async def test_what_a_link_opens(bot: World) -> None:
    wang = bot.citizen()
    for start, told in LINKS:
        wang.send(f"/start {start}".strip())
        assert told in (await wang.hears()).text, start


async def test_what_is_asked_after_a_link_may_lean_on_its_document(bot: World) -> None:
    wang = bot.citizen()
    wang.send(f"/start {payload(Target.DOCUMENT, DOCUMENT)}")
    await wang.hears()
    wang.send("第六条呢？")
    answer = (await wang.hears()).text
    assert "第六条" in answer
    assert NUMBER in answer
    assert await bot.app.desk.waiting() == []


async def test_a_link_is_no_question_to_hand_over(bot: World) -> None:
    wang = bot.citizen()
    wang.send(f"/start {payload(Target.DOCUMENT, DOCUMENT)}")
    wang.press(await wang.hears(), "转人工")
    assert "请" in (await wang.hears()).text
    wang.send("/human")
    await wang.hears()
    assert await bot.app.desk.waiting() == []


async def test_a_document_that_a_link_opens_tells_how_it_stands(bot: World) -> None:
    kim = bot.citizen(1003, name="Kim", language="en")
    kim.send(f"/start {payload(Target.DOCUMENT, 'housing-fund-withdrawal-2022')}")
    heard = await kim.hears()
    assert heard.text.endswith("What would you like to know about it? Just type it.")
    assert "superseded" in heard.text
    assert heard.buttons == (("Open the original", "Ask a person"),)


async def test_a_topic_names_only_what_is_in_force(bot: World) -> None:
    wang = bot.citizen()
    wang.send(f"/start {payload(Target.TOPIC, '租房')}")
    heard = await wang.hears()
    assert "（2025年修订）" in heard.text
    assert "（2022年）" not in heard.text
    assert {kind for kind, *_ in heard.entities} == {"bold", "text_link"}


SAID = [
    ("zh-hans", "/help", "/forget  删除我的数据"),
    ("zh-hant", "/help", "/forget  刪除我的資料"),
    ("en", "/help", "/forget  Erase your data"),
    ("ko", "/nosuch", "없는 명령어입니다."),
    ("ja", "/nosuch", "このコマンドはありません。"),
    ("zh-hans", "/ask", "请用一条消息写下您的问题。"),
    ("ja", "/ask", "ご質問を一つのメッセージで入力してください。"),
    ("zh-hans", "/human", "请"),
    ("en", "/human", "I will pass you on to a person."),
    ("zh-hans", "/status", "没有"),
    ("ko", "/status", "없"),
    ("en", "/cancel", "There is nothing to cancel."),
    ("ja", "/cancel", "取り消すものはありません。"),
    ("zh-hant", "/language", "請選擇回覆語言。"),
    ("ko", "/language", "어떤 언어로 답변드릴까요?"),
    ("zh-hans", "/privacy", "保存了哪些信息"),
    ("en", "/privacy", "/forget erases it."),
    ("zh-hans", "/forget", "要删除您的消息"),
    ("en", "/forget", "Shall I erase your messages"),
]


async def test_commands_speak_the_language_of_the_phone(bot: World) -> None:
    for number, (language, command, told) in enumerate(SAID, start=2000):
        citizen = bot.citizen(number, language=language)
        citizen.send(command)
        assert told in (await citizen.hears()).text, (language, command)


async def test_status_tells_the_day_of_the_reply_and_when_it_is_late(bot: World) -> None:
    wang = bot.citizen()
    wang.send(f"/human {UNKNOWN}")
    assert "编号 1" in (await wang.hears()).text
    wang.send("/status")
    text = (await wang.hears()).text
    assert UNKNOWN in text
    assert "最迟 2026-11-25 回复" in text
    bot.clock.forward(timedelta(days=3).total_seconds())
    wang.send("/status")
    text = (await wang.hears()).text
    assert "原定 2026-11-25 前回复，现已超期" in text
    assert "12345" in text


async def test_the_language_that_was_chosen_frames_a_quotation_in_its_own(bot: World) -> None:
    wang = bot.citizen()
    wang.send("/language")
    wang.press(await wang.hears(), "English")
    assert (await wang.hears()).text == "From now on I reply in English."
    wang.send(f"/ask {KNOWN}")
    answer = (await wang.hears()).text
    assert "in force" in answer
    assert "新生儿" in answer


async def test_cancel_ends_an_open_offer(bot: World) -> None:
    wang = bot.citizen()
    wang.send("人才租房补贴总共能领多少个月？")
    offer = await wang.hears()
    assert offer.buttons[0] == ("1", "2", "3")
    wang.send("/cancel")
    assert (await wang.hears()).text == "好的，已取消。有问题随时再问。"
    async with bot.store.begin() as work:
        talk = await work.conversations.get(_address(wang.chat))
    assert talk.expects == ""


async def test_my_data_is_a_file_with_everything(bot: World) -> None:
    wang = bot.citizen()
    for text in ("我的电话13800138000，怎么办居住证", f"/human {UNKNOWN}", "/mydata"):
        wang.send(text)
    while (await wang.hears()).text != "以下是为您和本对话保存的全部信息。":
        pass
    file = await wang.hears()
    assert file.file == "mydata-2026-11-23.json"
    data = json.loads(wang.reads(file))
    assert data["conversation"]["chat"] == str(wang.chat)
    assert UNKNOWN in [one["question"] for one in data["questions_with_staff"]]
    assert any("怎么办居住证" in one["text"] for one in data["messages_from_you"])
    assert "13800138000" not in wang.reads(file)
    assert len(data["messages_to_you"]) >= 2


async def test_a_second_copy_of_my_data_does_not_hold_the_first(bot: World) -> None:
    wang = bot.citizen()
    sizes = []
    for _ in range(3):
        wang.send("/mydata")
        await wang.hears()
        sizes.append(len(wang.reads(await wang.hears())))
    assert sizes[2] - sizes[1] == pytest.approx(sizes[1] - sizes[0], abs=40)


async def test_on_the_web_page_the_data_is_in_the_message(bot: World) -> None:
    async with bot.browser() as citizen:
        await citizen.send(KNOWN)
        await citizen.hears()
        await citizen.send("/mydata")
        assert f'"text": "{KNOWN}"' in await citizen.hears_text()


async def test_erasing_leaves_no_word_in_the_database(bot: World, tmp_path: Path) -> None:
    wang = bot.citizen()
    wang.send(KNOWN)
    assert "新生儿" in (await wang.hears()).text
    wang.send("/language")
    wang.press(await wang.hears(), "English")
    await wang.hears()
    assert KNOWN in everything(tmp_path)
    wang.send("/forget")
    wang.press(await wang.hears(), "Yes, erase")
    receipt = (await wang.hears()).text
    assert receipt == (
        "Erased: 4 messages of yours, 4 of mine, and your settings.\n"
        "What stays, and why:\n"
        "· that you asked for this, as proof that it was done"
    )
    assert KNOWN not in everything(tmp_path)
    assert "新生儿" not in everything(tmp_path)
    async with bot.store.begin() as work:
        assert (await work.conversations.get(_address(wang.chat))).chosen is None


async def test_no_keeps_everything(bot: World) -> None:
    wang = bot.citizen()
    wang.send("/forget")
    wang.press(await wang.hears(), "否，保留")
    assert (await wang.hears()).text == "没有删除任何内容。"
    async with bot.store.begin() as work:
        first = await work.inbox.get(1)
        assert first is not None
        held = await work.people.held(_address(wang.chat), first.message.sender)
    assert [past.message.text for past in held.messages] == ["/forget", "keep"]


async def test_questions_with_staff_stay_and_the_receipt_says_why(bot: World) -> None:
    wang, agent = bot.citizen(), bot.agent(7, "李敏")
    for number in (1, 2):
        wang.send(f"/human 第{number}件事：{UNKNOWN}")
        await wang.hears()
    first, _ = await agent.hears(), await agent.hears()
    agent.send("请带身份证到窗口办理。", reply_to=first)
    assert "窗口" in (await wang.hears()).text
    wang.send("/forget")
    wang.press(await wang.hears(), "是，删除")
    receipt = (await wang.hears()).text
    assert "· 编号 2：工作人员还未答复" in receipt
    assert "· 编号 1：已办结" in receipt
    async with bot.store.begin() as work:
        done, waiting = await work.tickets.get(1), await work.tickets.get(2)
    assert (done.asked_from.chat, done.message_id) == ("forgotten", "erased:1")
    assert waiting.asked_from.chat == str(wang.chat)
    assert waiting.reason is Reason.ASKED_FOR_PERSON
    second = next(one for one in agent.room.shown if "编号 2" in one["text"])
    agent.send("第二件事也可以办。", reply_to=second["message_id"])
    assert "第二件事也可以办" in (await wang.hears()).text


async def test_an_erased_citizen_is_a_stranger_and_welcome(bot: World) -> None:
    wang = bot.citizen()
    wang.send("/forget")
    asked = await wang.hears()
    for _ in range(2):  # pressed twice
        wang.press(asked, "是，删除")
        assert "保留的内容和原因" in (await wang.hears()).text
    wang.send("/status")
    assert "没有" in (await wang.hears()).text
    wang.send(KNOWN)
    assert "新生儿" in (await wang.hears()).text


def _address(chat: int) -> Address:
    return Address("telegram", str(chat))


def everything(folder: Path) -> str:
    """All that the database has on the disk, its log included."""
    files = sorted(folder.glob("bot.sqlite*"))
    assert files
    return b"".join(file.read_bytes() for file in files).decode(errors="replace")
