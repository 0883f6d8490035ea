"""What people do in Telegram, and what the bot is told of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.channels.telegram import TelegramChannel
from bot.types import Address, Button, Delivery, Input, Message, Span
from tests.telegram.client import Heard, Person, Sent
from tests.telegram.fake_api import FakeTelegram
from tests.telegram.harness import STAFF, Inbox, channel_to, running

NOON = 1_750_000_000
AT = datetime(2025, 6, 15, 15, 6, 40, tzinfo=UTC)
GROUP = -555
HOME = Address("telegram", "1001")


async def bot_says(channel: TelegramChannel, chat: str, text: str, *buttons: Button) -> int:
    delivery = Delivery(to=Address("telegram", chat), body=(Span(text),), buttons=(buttons,))
    return int(await channel.send(delivery, edit=None))


async def test_a_text(inbox: Inbox, person: Person) -> None:
    sent = person.send("怎么申请公租房？👍🏽", date=NOON)
    assert await inbox.has(1) == [
        Message(
            id=f"u{sent.update_id}",
            address=HOME,
            sender="1001",
            sender_name="",
            kind=Input.TEXT,
            text="怎么申请公租房？👍🏽",
            reply_to=None,
            language="zh-hans",
            at=AT,
        )
    ]


async def test_a_person_without_a_language(server: FakeTelegram, inbox: Inbox) -> None:
    Person(server, language=None).send("你好")
    assert [message.language for message in await inbox.has(1)] == [None]


@pytest.mark.parametrize(
    ("act", "text"),
    [
        (Person.sticker, ""),
        (Person.photo, ""),
        (Person.voice, ""),
        (Person.video, ""),
        (Person.location, ""),
        (Person.contact, ""),
        (Person.document, ""),
        (lambda person: person.photo("这张表怎么填？"), "这张表怎么填？"),
        (lambda person: person.document("请看附件"), "请看附件"),
    ],
)
async def test_what_we_cannot_read(
    inbox: Inbox, person: Person, act: Callable[[Person], Sent], text: str
) -> None:
    act(person)
    assert [(message.kind, message.text) for message in await inbox.has(1)] == [
        (Input.UNSUPPORTED, text)
    ]


async def test_an_edit(inbox: Inbox, person: Person) -> None:
    sent = person.send("公租房", date=NOON)
    edited = person.edit(sent, text="廉租房", edit_date=NOON + 60)
    first, second = await inbox.has(2)
    assert second == replace(
        first,
        id=f"u{edited.update_id}",
        kind=Input.EDITED,
        text="廉租房",
        at=AT + timedelta(seconds=60),
    )


async def test_a_changed_caption_is_an_edit(inbox: Inbox, person: Person) -> None:
    person.edit(person.photo("旧"), caption="新")
    photo, edited = await inbox.has(2)
    assert (photo.kind, photo.text) == (Input.UNSUPPORTED, "旧")
    assert (edited.kind, edited.text) == (Input.EDITED, "新")


async def test_a_live_location_that_moves_is_no_edit(inbox: Inbox, person: Person) -> None:
    person.edit(person.location())
    person.send("在吗")
    assert [message.kind for message in await inbox.has(2)] == [Input.UNSUPPORTED, Input.TEXT]


async def test_a_button(
    server: FakeTelegram, channel: TelegramChannel, inbox: Inbox, person: Person
) -> None:
    await bot_says(channel, "1001", "答案", Button("有用", "up:7"), Button("转人工", "human:7"))
    before = datetime.now(UTC)
    pressed = person.press(await person.hears(), "转人工")
    [message] = await inbox.has(1)
    assert message == Message(
        id=f"u{pressed.update_id}",
        address=HOME,
        sender="1001",
        kind=Input.ACTION,
        text="human:7",
        reply_to="1",
        language="zh-hans",
        at=message.at,
    )
    assert before <= message.at <= datetime.now(UTC)
    assert message.at.tzinfo is UTC
    assert await server.changes.until(lambda: server.answered) == [
        server.calls_of("answerCallbackQuery")[0]["callback_query_id"]
    ]


async def test_a_spinner_that_cannot_end_stops_nothing(
    server: FakeTelegram, channel: TelegramChannel, inbox: Inbox, person: Person
) -> None:
    await bot_says(channel, "1001", "答案", Button("有用", "up:7"))
    heard = await person.hears()
    server.faults.throttle(3600, method="answerCallbackQuery")
    with capture_logs() as logs:
        person.press(heard, "有用")
        await server.changes.until(lambda: server.calls_of("answerCallbackQuery"))
        person.press(heard, "有用")
        await server.changes.until(lambda: server.answered)
    assert [message.text for message in inbox.messages] == ["up:7", "up:7"]
    assert [log["event"] for log in logs] == ["telegram_spinner_left"]


async def test_a_button_on_a_message_too_old_to_see(inbox: Inbox, person: Person) -> None:
    person.room.messages[5] = {"message_id": 5, "date": 0, "chat": person.room.chat}
    person.press_action(5, "human")
    assert [(message.text, message.reply_to) for message in await inbox.has(1)] == [("human", "5")]


async def test_replies(channel: TelegramChannel, inbox: Inbox, person: Person) -> None:
    own = person.send("公租房")
    await bot_says(channel, "1001", "哪个城市？")
    person.send("深圳", reply_to=await person.hears())
    person.send("公租房怎么申请", reply_to=own.message_id)
    assert [(message.text, message.reply_to) for message in await inbox.has(3)] == [
        ("公租房", None),
        ("深圳", "2"),
        ("公租房怎么申请", None),
    ]


async def test_what_no_person_said_is_ignored(
    server: FakeTelegram, inbox: Inbox, person: Person
) -> None:
    server.chats.open_group(STAFF, "坐席")
    colleague = person.in_chat(STAFF)
    other_bot = Person(server, 42, chat=STAFF)
    other_bot.user["is_bot"] = True
    with capture_logs() as logs:
        other_bot.send("@mingbai_bot 你好")
        colleague.post(new_chat_members=[person.user])
        colleague.post(pinned_message={"message_id": 1, "date": 0, "chat": colleague.room.chat})
        colleague.send("匿名", sender_chat=colleague.room.chat)
        person.send("到此为止")
        await inbox.has(1)
    assert [message.text for message in inbox.messages] == ["到此为止"]
    assert [log["event"] for log in logs] == ["telegram_staff_anonymous"]


async def test_everything_of_the_staff_chat_and_the_names_of_its_people(
    server: FakeTelegram, channel: TelegramChannel, inbox: Inbox
) -> None:
    server.chats.open_group(STAFF, "坐席", kind="supergroup")
    colleague = Person(server, 2002, name="李强", chat=STAFF)
    colleague.user["last_name"] = "（三号）"
    await bot_says(channel, str(STAFF), "工单 7", Button("认领", "claim:7"))
    heard = await colleague.hears()
    colleague.send("请带身份证", reply_to=heard)
    colleague.send("闲聊")
    colleague.sticker()
    colleague.press(heard, "认领")
    got = await inbox.has(4)
    assert [(m.kind, m.text, m.reply_to) for m in got] == [
        (Input.TEXT, "请带身份证", "1"),
        (Input.TEXT, "闲聊", None),
        (Input.UNSUPPORTED, "", None),
        (Input.ACTION, "claim:7", "1"),
    ]
    assert {(m.sender, m.sender_name, m.address.chat) for m in got} == {
        ("2002", "李强 （三号）", "-100200")
    }


GROUP_TALK: list[tuple[str, str | None]] = [  # said, and what the bot is told
    ("大家好", None),
    ("@mingbai_bot 怎么办居住证？", "怎么办居住证？"),
    ("@Mingbai_Bot 怎么办居住证？", "怎么办居住证？"),
    ("请问 @mingbai_bot 怎么办", "请问 怎么办"),
    ("请问@mingbai_bot怎么办", "请问 怎么办"),
    ("怎么办居住证 @mingbai_bot", "怎么办居住证"),
    ("@mingbai_bot", ""),
    ("@mingbai_bot_2 你好", None),
    ("a@mingbai_bot", None),
    ("https://t.me/@mingbai_bot", None),
    ("/ask@mingbai_bot 居住证", "/ask 居住证"),
    ("/ask@MINGBAI_bot", "/ask"),
    ("/ask@other_bot 居住证", None),
    ("/help", "/help"),
    ("/etc/hosts 是什么", None),
    ("/求助", None),
]


@pytest.mark.parametrize(("said", "told"), GROUP_TALK)
async def test_in_a_group_only_what_is_said_to_us(
    server: FakeTelegram, inbox: Inbox, person: Person, said: str, told: str | None
) -> None:
    server.chats.open_group(GROUP)
    member = person.in_chat(GROUP)
    member.send(said)
    member.send("/end")
    expected = ["/end"] if told is None else [told, "/end"]
    got = await inbox.has(len(expected))
    assert [message.text for message in got] == expected
    assert {(m.address.chat, m.sender, m.sender_name) for m in got} == {("-555", "1001", "")}


async def test_in_a_group_answers_to_us_and_our_buttons_count(
    server: FakeTelegram, channel: TelegramChannel, inbox: Inbox, person: Person
) -> None:
    server.chats.open_group(GROUP)
    member = person.in_chat(GROUP)
    await bot_says(channel, str(GROUP), "哪个城市？", Button("转人工", "human"))
    heard = await member.hears()
    own = member.send("不知道")
    member.send("我也是", reply_to=own.message_id)
    member.send("深圳", reply_to=heard)
    member.photo("@mingbai_bot 这个")
    member.photo("风景")
    member.press(heard, "转人工")
    assert [(m.kind, m.text, m.reply_to) for m in await inbox.has(3)] == [
        (Input.TEXT, "深圳", "1"),
        (Input.UNSUPPORTED, "这个", None),
        (Input.ACTION, "human", "1"),
    ]


async def test_in_a_forum_the_opening_of_a_topic_is_not_answered(
    server: FakeTelegram, inbox: Inbox, person: Person
) -> None:
    server.chats.open_group(GROUP, kind="supergroup")
    member = person.in_chat(GROUP)
    topic = {"name": "住房", "icon_color": 0}
    opening = member.room.add(server.me, forum_topic_created=topic)
    member.send("闲聊", reply_to=opening["message_id"], is_topic_message=True)
    member.send("/end", reply_to=opening["message_id"], is_topic_message=True)
    assert [(m.text, m.reply_to) for m in await inbox.has(1)] == [("/end", None)]


async def test_what_no_database_takes_is_replaced(inbox: Inbox, person: Person) -> None:
    person.send("a\0b")
    person.post(text="c\ud800d")
    assert [message.text for message in await inbox.has(2)] == ["a\ufffdb", "c\ufffdd"]


async def test_a_staff_chat_with_a_new_id_is_followed_and_logged(
    server: FakeTelegram, inbox: Inbox, person: Person
) -> None:
    server.chats.open_group(STAFF, "坐席")
    with capture_logs() as logs:
        server.migrate(STAFF, -100300, person.user)
        server.close(STAFF, person.user)
        person.send("完")
        await inbox.has(1)
    assert logs == [
        {
            "event": "telegram_chat_migrated",
            "log_level": "warning",
            "chat": str(STAFF),
            "new_chat": "-100300",
            "staff": True,
        }
    ]
    assert [message.text for message in inbox.messages] == ["完"]


async def test_the_id_of_another_group_is_logged_once(
    server: FakeTelegram, inbox: Inbox, person: Person
) -> None:
    server.chats.open_group(GROUP)
    member = person.in_chat(GROUP)
    with capture_logs() as logs:
        member.send("大家好")
        member.send("/end")
        await inbox.has(1)
    assert logs == [{"event": "telegram_group_seen", "log_level": "info", "chat": "-555"}]


async def test_one_malformed_update_does_not_stop_the_rest(
    server: FakeTelegram, inbox: Inbox, person: Person
) -> None:
    with capture_logs() as logs:
        bad = server.updates.report("message", {"text": "机密"})  # no chat, no date
        worse = server.updates.report("message", {"message_id": "x", "date": "y", "chat": []})
        person.send("好的")
        got = await inbox.has(1)
        await server.changes.until(lambda: not server.updates.pending)
    assert [message.text for message in got] == ["好的"]
    assert logs == [
        {
            "event": "telegram_update_parked",
            "log_level": "error",
            "update_id": str(update_id),
            "kind": "unreadable",
            "error": error,
        }
        for update_id, error in ((bad, "KeyError"), (worse, "TypeError"))
    ]


async def test_the_same_update_twice_has_the_same_id(
    server: FakeTelegram, inbox: Inbox, person: Person
) -> None:
    first = person.send("一")
    await inbox.has(1)
    await server.changes.until(lambda: not server.updates.pending)
    server.updates.resend(first.update_id)
    await inbox.has(2)
    second = person.send("二")
    assert [message.id for message in await inbox.has(3)] == [
        f"u{first.update_id}",
        f"u{first.update_id}",
        f"u{second.update_id}",
    ]


async def test_who_we_are(server: FakeTelegram) -> None:
    unopened = channel_to(server)
    assert (unopened.name, unopened.username) == ("telegram", "")
    async with unopened as channel, running(channel, Inbox()):
        assert channel.username == "mingbai_bot"


async def test_a_person_reads_only_what_is_new(channel: TelegramChannel, person: Person) -> None:
    for text in ("一", "二", "三"):
        await bot_says(channel, "1001", text)
    assert await person.hears() == Heard(id=1, text="一")
    assert person.unread() == [Heard(id=2, text="二"), Heard(id=3, text="三")]
    assert person.unread() == []
    with pytest.raises(AssertionError, match=r"^nothing new in 0\.01 s; the bot said: "):
        await person.hears(timeout_s=0.01)
