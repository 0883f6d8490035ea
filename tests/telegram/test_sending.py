"""What the bot says, as it arrives in Telegram, and what becomes of refusals."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_pace import Pace
from bot.errors import ChannelError, Refused, Throttled
from bot.types import Address, Attachment, Button, Delivery, Span, Style
from tests.telegram.client import Heard, Person
from tests.telegram.fake_api import FakeTelegram
from tests.telegram.fake_faults import Fault
from tests.telegram.fake_rules import Problem
from tests.telegram.harness import Inbox, running

HOME = Address("telegram", "1001")
HELLO = Delivery(to=HOME, body=(Span("您好"),))
ANSWER = Delivery(
    to=HOME,
    body=(
        Span("👍🏽 "),
        Span("深圳市𠮷例", Style.BOLD),
        Span("\n"),
        Span("第十四条　年满十八周岁。", Style.QUOTE),
        Span("\n"),
        Span("原文", Style.LINK, "https://www.sz.gov.cn/a?b=1&c=2"),
    ),
    buttons=(
        (Button("有用", "up:7"), Button("没用", "down:7")),
        (Button("原文", url="https://www.sz.gov.cn/a"), Button("本机", url="file:///a")),
        (Button("空", url="gov.cn"),),
    ),
)


@contextmanager
def refused(reason: str) -> Iterator[None]:
    with pytest.raises(Refused) as caught:
        yield
    assert str(caught.value) == reason


async def test_text_entities_and_buttons(
    server: FakeTelegram, channel: TelegramChannel, person: Person
) -> None:
    assert await channel.send(ANSWER, edit=None) == "1"
    assert await person.hears() == Heard(
        id=1,
        text="👍🏽 深圳市𠮷例\n第十四条　年满十八周岁。\n原文",
        entities=(
            ("bold", 5, 6, ""),
            ("blockquote", 12, 12, ""),
            ("text_link", 25, 2, "https://www.sz.gov.cn/a?b=1&c=2"),
        ),
        buttons=(("有用", "没用"), ("原文",)),
    )
    [call] = server.calls_of("sendMessage")
    assert sorted(call) == ["chat_id", "entities", "link_preview_options", "reply_markup", "text"]
    assert call["link_preview_options"] == {"is_disabled": True}


async def test_an_answer_quotes_its_question(
    server: FakeTelegram, channel: TelegramChannel, person: Person
) -> None:
    asked = person.send("公租房")
    await channel.send(replace(HELLO, reply_to=str(asked.message_id)), edit=None)
    await channel.send(replace(HELLO, reply_to="999"), edit=None)  # deleted meanwhile
    await channel.send(replace(HELLO, reply_to="u810000001"), edit=None)  # no message's id
    assert [heard.reply_to for heard in person.unread()] == [1, None, None]
    assert [call.get("reply_parameters") for call in server.calls_of("sendMessage")] == [
        {"message_id": 1, "allow_sending_without_reply": True},
        {"message_id": 999, "allow_sending_without_reply": True},
        None,
    ]


async def test_a_long_text_comes_in_parts(channel: TelegramChannel, person: Person) -> None:
    asked = person.send("公租房")
    delivery = Delivery(
        to=HOME,
        body=(Span("甲" * 4000 + "。\n\n"), Span("乙" * 4095 + "。", Style.BOLD), Span("丙")),
        buttons=((Button("有用", "up:7"),),),
        reply_to=str(asked.message_id),
    )
    assert await channel.send(delivery, edit=None) == "4"
    assert person.unread() == [
        Heard(id=2, text="甲" * 4000 + "。", reply_to=1),
        Heard(id=3, text="乙" * 4095 + "。", entities=(("bold", 0, 4096, ""),)),
        Heard(id=4, text="丙", buttons=(("有用",),)),
    ]


async def test_blank_parts_are_left_out(channel: TelegramChannel, person: Person) -> None:
    body = (Span("甲" * 4096), Span("\n" * 5000), Span("乙"))
    await channel.send(Delivery(to=HOME, body=body), edit=None)
    assert [heard.text for heard in person.unread()] == ["甲" * 4096, "乙"]


async def test_after_a_failure_the_rest_of_the_parts_follow(
    server: FakeTelegram, channel: TelegramChannel, person: Person
) -> None:
    delivery = Delivery(to=HOME, body=(Span("甲" * 4096 + "乙" * 4096 + "丙"),))
    server.faults.throttle(7, method="sendMessage", skip=1)
    with pytest.raises(Throttled):
        await channel.send(delivery, edit=None)
    assert await channel.send(delivery, edit=None) == "3"
    assert await channel.send(delivery, edit=None) == "6"  # a new one is whole
    assert [heard.text[0] for heard in person.unread()] == list("甲乙丙甲乙丙")


async def test_what_took_too_long_goes_on_where_it_was(
    channel: TelegramChannel, person: Person
) -> None:
    """More parts than a chat takes at once: the rest waits for the pace."""
    parts = "甲乙丙丁戊己庚辛壬癸子丑"
    delivery = Delivery(to=HOME, body=(Span("".join(part * 4096 for part in parts)),))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.8):
            await channel.send(delivery, edit=None)
    await channel.send(delivery, edit=None)
    assert [heard.text[0] for heard in person.unread()] == list(parts)


def in_parts(parts: str, **more: Any) -> Delivery:
    """One message for each character, repeated until the message is full."""
    return Delivery(to=HOME, body=(Span("".join(part * 4096 for part in parts)),), **more)


def shown(person: Person) -> str:
    """What the chat has of the bot now: of each message the first character."""
    return "".join(str(one["text"])[0] for one in person.room.messages.values())


async def begun(server: FakeTelegram, channel: TelegramChannel, delivery: Delivery) -> None:
    """Send the first two parts; the third one fails."""
    server.faults.throttle(7, method="sendMessage", skip=2)
    with pytest.raises(Throttled):
        await channel.send(delivery, edit=None)


@pytest.mark.parametrize("parts", ["甲乙丙丁", "甲乙丁", "甲丁", "丁", "丁戊己庚", "甲"])
async def test_what_takes_the_place_of_a_half_sent_delivery_is_shown_whole_and_alone(
    server: FakeTelegram, channel: TelegramChannel, person: Person, parts: str
) -> None:
    await begun(server, channel, in_parts("甲乙丙", key="card"))
    told = await channel.send(in_parts(parts, key="card"), edit=None)
    assert shown(person) == parts
    assert told == str(max(person.room.messages))


async def test_what_was_half_sent_once_is_sent_whole_the_next_time(
    server: FakeTelegram, channel: TelegramChannel, person: Person
) -> None:
    """Another delivery took its place; then a third one says the same as the first."""
    await begun(server, channel, in_parts("甲乙丙", key="card"))
    other = await channel.send(in_parts("丁", key="card"), edit=None)
    await channel.send(in_parts("甲乙丙", key="card"), edit=other)
    assert shown(person) == "甲乙丙"


async def test_a_message_that_began_with_an_edit_goes_on_in_its_place(
    server: FakeTelegram, channel: TelegramChannel, person: Person
) -> None:
    old = await channel.send(in_parts("戊", key="card"), edit=None)
    server.faults.throttle(7, method="sendMessage")
    with pytest.raises(Throttled):
        await channel.send(in_parts("甲乙", key="card"), edit=old)
    assert await channel.send(in_parts("丙", key="card"), edit=old) == old
    assert shown(person) == "丙"


async def test_what_must_be_below_is_so_though_something_was_half_sent_above(
    server: FakeTelegram, channel: TelegramChannel, person: Person
) -> None:
    old = await channel.send(in_parts("戊", key="card"), edit=None)
    await channel.send(in_parts("己"), edit=None)
    server.faults.throttle(7, method="sendMessage")
    with pytest.raises(Throttled):
        await channel.send(in_parts("甲乙", key="card"), edit=old)
    await channel.send(in_parts("甲丙", key="card", anew=True), edit=old)
    assert shown(person) == "己甲丙"


async def test_of_what_was_given_up_half_sent_another_message_takes_nothing(
    server: FakeTelegram, channel: TelegramChannel, person: Person
) -> None:
    await begun(server, channel, in_parts("甲乙丙"))
    await channel.send(in_parts("甲丁"), edit=None)
    await channel.send(in_parts("甲乙丙"), edit=None)
    assert shown(person) == "甲乙甲丁甲乙丙"


class Third(Pace):
    """The third call that is to be made waits for ever."""

    def __init__(self) -> None:
        super().__init__()
        self._asked = 0

    async def take(self, chat: str) -> None:
        self._asked += 1
        if self._asked == 3:
            await asyncio.Event().wait()
        await super().take(chat)


async def test_where_removing_what_is_above_takes_too_long_nothing_is_said_twice(
    server: FakeTelegram, person: Person
) -> None:
    anew = in_parts("甲", key="card", anew=True)
    async with TelegramChannel(server.token, base_url=server.url, pace=Third()) as channel:
        old = await channel.send(in_parts("戊", key="card"), edit=None)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await channel.send(anew, edit=old)
        assert shown(person) == "戊甲"
        await channel.send(anew, edit=old)
    assert shown(person) == "甲"


async def test_what_a_moved_group_was_half_sent_goes_on_where_it_is_now(
    server: FakeTelegram, channel: TelegramChannel, person: Person
) -> None:
    """The outbox tells the new address the next time."""
    server.chats.open_group(-7)
    delivery = replace(in_parts("甲乙丙"), to=Address("telegram", "-7"))
    server.faults.throttle(7, method="sendMessage", skip=1)
    with pytest.raises(Throttled):
        await channel.send(delivery, edit=None)
    server.migrate(-7, -1007, person.user)
    member = person.in_chat(-1007)
    server.faults.throttle(7, method="sendMessage", skip=2)
    with pytest.raises(Throttled):
        await channel.send(delivery, edit=None)
    await channel.send(replace(delivery, to=Address("telegram", "-1007")), edit=None)
    assert [one.text[0] for one in member.unread()] == ["乙", "丙"]


async def test_a_file_follows_its_message(channel: TelegramChannel, person: Person) -> None:
    file = Attachment("您的资料.json", '{"问题": "𠮷"}')
    assert await channel.send(replace(HELLO, attachment=file), edit=None) == "2"
    message, document = person.unread()
    assert (message.text, message.file) == ("您好", "")
    assert (document.text, document.file) == ("", "您的资料.json")
    assert person.reads(document) == '{"问题": "𠮷"}'


async def test_a_file_that_was_throttled_comes_without_its_message_again(
    server: FakeTelegram, channel: TelegramChannel, person: Person
) -> None:
    delivery = replace(HELLO, attachment=Attachment("a.json", "{}"))
    server.faults.throttle(7, method="sendDocument")
    with pytest.raises(Throttled):
        await channel.send(delivery, edit=None)
    await channel.send(delivery, edit=None)
    assert [heard.file for heard in person.unread()] == ["", "a.json"]


async def test_after_a_refusal_nothing_is_remembered(
    server: FakeTelegram, channel: TelegramChannel, person: Person
) -> None:
    delivery = Delivery(to=HOME, body=(Span("甲" * 4096 + "乙"),))
    server.faults.fail(Problem(403, "Forbidden: gone"), method="sendMessage", skip=1)
    with refused("Forbidden: gone"):
        await channel.send(delivery, edit=None)
    assert await channel.send(delivery, edit=None) == "3"
    assert [heard.text[0] for heard in person.unread()] == list("甲甲乙")


@pytest.mark.parametrize(
    ("button", "message"),
    [
        (Button("长", "a" * 65), "an action of more than 64 bytes: "),
        (Button("长", "认领" * 11), "an action of more than 64 bytes: "),
        (Button("", "up"), "a button without a label: "),
        (Button("无"), "a button needs either an action or a URL: "),
        (Button("双", "up", "https://a.cn"), "a button needs either an action or a URL: "),
    ],
)
async def test_impossible_buttons_are_our_mistake(
    server: FakeTelegram, channel: TelegramChannel, button: Button, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        await channel.send(replace(HELLO, buttons=((button,),)), edit=None)
    assert server.calls_of("sendMessage") == []


async def test_sixty_four_bytes_are_possible(channel: TelegramChannel, person: Person) -> None:
    await channel.send(replace(HELLO, buttons=((Button("可", "a" * 64),),)), edit=None)
    assert (await person.hears()).buttons == (("可",),)


async def test_an_edit_takes_the_place(channel: TelegramChannel, person: Person) -> None:
    old = await channel.send(replace(HELLO, buttons=((Button("有用", "up"),),)), edit=None)
    assert await channel.send(Delivery(to=HOME, body=(Span("再见"),)), edit=old) == old
    assert person.unread() == [
        Heard(id=1, text="您好", buttons=(("有用",),)),
        Heard(id=1, text="再见", edited=True),
    ]


async def test_an_edit_that_changes_nothing_is_done(
    channel: TelegramChannel, person: Person
) -> None:
    old = await channel.send(ANSWER, edit=None)
    assert await channel.send(ANSWER, edit=old) == old
    assert [heard.edited for heard in person.unread()] == [False]


async def test_what_cannot_be_edited_is_sent_anew(
    server: FakeTelegram, channel: TelegramChannel, person: Person
) -> None:
    theirs = person.send("不是机器人的")
    assert await channel.send(HELLO, edit=str(theirs.message_id)) == "2"
    server.chats.delete_message({"chat_id": 1001, "message_id": 2})
    assert await channel.send(HELLO, edit="2") == "3"
    assert [(heard.text, heard.edited) for heard in person.unread()] == [
        ("您好", False),
        ("您好", False),
    ]


async def test_an_edit_that_grew_goes_on_below(channel: TelegramChannel, person: Person) -> None:
    old = await channel.send(HELLO, edit=None)
    body = (Span("甲" * 4096 + "乙"),)
    assert await channel.send(Delivery(to=HOME, body=body), edit=old) == "2"
    assert [(heard.id, heard.text[0], heard.edited) for heard in person.unread()] == [
        (1, "您", False),
        (1, "甲", True),
        (2, "乙", False),
    ]


async def test_throttled(server: FakeTelegram, channel: TelegramChannel, person: Person) -> None:
    server.faults.throttle(17, chat=1001)
    with pytest.raises(Throttled) as caught:
        await channel.send(HELLO, edit=None)
    assert caught.value.retry_after_s == 17.0
    assert await channel.send(HELLO, edit=None) == "1"
    assert [heard.text for heard in person.unread()] == ["您好"]


async def test_blocked_by_the_user(
    server: FakeTelegram, channel: TelegramChannel, person: Person
) -> None:
    await channel.send(HELLO, edit=None)
    person.block()
    for edit in (None, "1"):
        with refused("Forbidden: bot was blocked by the user"):
            await channel.send(HELLO, edit=edit)
    assert server.updates.pending[0]["my_chat_member"]["new_chat_member"]["status"] == "kicked"


async def test_unknown_chat(channel: TelegramChannel) -> None:
    with refused("Chat not found"):
        await channel.send(replace(HELLO, to=Address("telegram", "404")), edit=None)


async def test_nothing_to_say_is_refused_with_the_reason(
    channel: TelegramChannel, person: Person
) -> None:
    for body in ((), (Span(" \n"),)):
        with refused("Message text is empty"):
            await channel.send(Delivery(to=HOME, body=body), edit=None)
    assert person.unread() == []


@pytest.mark.parametrize("code", [500, 502, 401, 409])
async def test_errors_that_may_pass(
    server: FakeTelegram, channel: TelegramChannel, person: Person, code: int
) -> None:
    server.faults.fail(Problem(code, "Trouble"), method="sendMessage")
    with pytest.raises(ChannelError) as caught:
        await channel.send(HELLO, edit=None)
    assert type(caught.value) is ChannelError
    assert server.token not in repr(caught.value)
    await channel.send(HELLO, edit=None)
    assert len(person.unread()) == 1


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.DROP_AFTER, Fault.GARBAGE])
async def test_broken_connections_may_pass(
    server: FakeTelegram, channel: TelegramChannel, person: Person, fault: Fault
) -> None:
    server.faults.order(fault, method="sendMessage")
    with pytest.raises(ChannelError) as caught:
        await channel.send(HELLO, edit=None)
    assert type(caught.value) is ChannelError
    await channel.send(HELLO, edit=None)
    assert len(person.unread()) == (2 if fault is Fault.DROP_AFTER else 1)


@pytest.mark.parametrize(
    "complaint",
    [
        "can't parse entities: unexpected end",
        "entity begins in a middle of a UTF-16 symbol at byte offset 4",
        "ENTITY_TEXT_INVALID",
    ],
)
async def test_entities_that_telegram_rejects_cost_only_the_styles(
    server: FakeTelegram, channel: TelegramChannel, person: Person, complaint: str
) -> None:
    server.faults.fail(Problem(400, f"Bad Request: {complaint}"), method="sendMessage")
    assert await channel.send(ANSWER, edit=None) == "1"
    assert await person.hears() == Heard(
        id=1,
        text="👍🏽 深圳市𠮷例\n第十四条　年满十八周岁。\n原文",
        buttons=(("有用", "没用"),),
    )
    server.faults.fail(Problem(400, f"Bad Request: {complaint}"), method="editMessageText")
    assert await channel.send(ANSWER, edit="1") == "1"  # plain already
    assert person.unread() == []


async def test_plain_text_is_tried_once(
    server: FakeTelegram, channel: TelegramChannel, person: Person
) -> None:
    problem = Problem(400, "Bad Request: can't parse entities")
    server.faults.fail(problem, times=2, method="sendMessage")
    with refused("Can't parse entities"):
        await channel.send(ANSWER, edit=None)
    assert len(server.calls_of("sendMessage")) == 2
    assert person.unread() == []


async def test_an_address_that_telegram_rejects_costs_only_its_button(
    channel: TelegramChannel, person: Person
) -> None:
    row = (Button("本地", url="http://localhost:8080/"), Button("有用", "up"))
    with capture_logs() as logs:
        await channel.send(replace(HELLO, buttons=(row,)), edit=None)
    assert await person.hears() == Heard(id=1, text="您好", buttons=(("有用",),))
    assert [log["event"] for log in logs] == ["telegram_sent_plain"]


async def test_a_group_that_moved_is_followed(
    server: FakeTelegram, channel: TelegramChannel, person: Person
) -> None:
    server.chats.open_group(-7)
    in_group = replace(HELLO, to=Address("telegram", "-7"), reply_to="1")
    old = await channel.send(in_group, edit=None)
    server.migrate(-7, -1007, person.user)
    member = person.in_chat(-1007)
    with capture_logs() as logs:
        assert await channel.send(in_group, edit=old) == "2"
        assert await channel.send(in_group, edit=old) == "3"
    assert [(heard.text, heard.reply_to, heard.edited) for heard in member.unread()] == [
        ("您好", None, False),
        ("您好", None, False),
    ]
    assert logs == [
        {
            "event": "telegram_chat_migrated",
            "log_level": "warning",
            "chat": "-7",
            "new_chat": "-1007",
            "staff": False,
        }
    ]


async def test_sending_and_polling_at_the_same_time(
    server: FakeTelegram, channel: TelegramChannel, person: Person
) -> None:
    inbox = Inbox()
    async with running(channel, inbox):
        await server.changes.until(lambda: server.calls_of("getUpdates"))
        await channel.send(HELLO, edit=None)
        assert (await person.hears()).text == "您好"
        person.send("谢谢")
        assert [message.text for message in await inbox.has(1)] == ["谢谢"]
