"""The menu of commands: set where it differs, and never in the way of the messages."""

from __future__ import annotations

from structlog.testing import capture_logs

from bot.channels.telegram import TelegramChannel
from tests.telegram.client import Person
from tests.telegram.fake_api import FakeTelegram
from tests.telegram.harness import Inbox, running

MENUS = {"": [("help", "Help")], "zh": [("help", "帮助"), ("ask", "提问")]}
STAFF = -100200
OWN = [("queue", "待办清单")]


def channel_to(server: FakeTelegram, *, staff: int | None = None) -> TelegramChannel:
    return TelegramChannel(
        server.token,
        base_url=server.url,
        staff_chat=None if staff is None else str(staff),
        poll_s=5,
        first_pause_s=0.001,
        menus=MENUS,
        staff_menu=OWN,
    )


async def hello(server: FakeTelegram, *, staff: int | None = None) -> None:
    """Start a bot, and wait until it takes a message in."""
    inbox = Inbox()
    async with channel_to(server, staff=staff) as channel, running(channel, inbox):
        Person(server).send("你好")
        await inbox.has(1)


async def test_a_menu_is_set_once_and_again_where_it_differs(server: FakeTelegram) -> None:
    await hello(server)
    assert server.menus["all_private_chats", "zh"] == [
        {"command": "help", "description": "帮助"},
        {"command": "ask", "description": "提问"},
    ]
    assert len(server.calls_of("setMyCommands")) == 2
    server.menus["all_private_chats", "zh"].pop()
    await hello(server)
    again = server.calls_of("setMyCommands")[2:]
    assert [call["language_code"] for call in again] == ["zh"]
    assert len(server.menus["all_private_chats", "zh"]) == 2


async def test_messages_are_taken_in_though_the_menu_cannot_be_set(server: FakeTelegram) -> None:
    server.faults.throttle(3600, method="setMyCommands")
    with capture_logs() as logs:
        await hello(server)
    assert "telegram_menu_left" in {log["event"] for log in logs}
    assert list(server.menus) == [("all_private_chats", "zh")]


async def test_the_staff_group_has_a_menu_of_its_own(server: FakeTelegram) -> None:
    server.chats.open_group(STAFF)
    await hello(server, staff=STAFF)
    own = [{"command": "queue", "description": "待办清单"}]
    assert server.menus[f"chat {STAFF}", ""] == own
    assert set(server.menus) == {
        ("all_private_chats", ""),
        ("all_private_chats", "zh"),
        (f"chat {STAFF}", ""),
    }
    before = len(server.calls_of("setMyCommands"))
    await hello(server, staff=STAFF)
    assert len(server.calls_of("setMyCommands")) == before


async def test_a_staff_group_that_is_gone_only_loses_its_menu(server: FakeTelegram) -> None:
    with capture_logs() as logs:
        await hello(server, staff=STAFF)
    left = [log for log in logs if log["event"] == "telegram_menu_left"]
    assert [(log["scope"], log["log_level"]) for log in left] == [("chat", "warning")]


async def test_the_menu_follows_a_group_that_becomes_a_supergroup(server: FakeTelegram) -> None:
    server.chats.open_group(STAFF)
    agent = Person(server, 7, chat=STAFF)
    inbox = Inbox()
    async with channel_to(server, staff=STAFF) as channel, running(channel, inbox):
        agent.send("早")
        await inbox.has(1)
        server.migrate(STAFF, -1009999, agent.user)
        await server.changes.until(lambda: ("chat -1009999", "") in server.menus)
