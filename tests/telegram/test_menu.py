"""The menu of commands: set where it differs, and never in the way of the messages."""

from __future__ import annotations

from structlog.testing import capture_logs

from bot.channels.telegram import TelegramChannel
from tests.telegram.client import Person
from tests.telegram.fake_api import FakeTelegram
from tests.telegram.harness import Inbox, running

MENUS = {"": [("help", "Help")], "zh": [("help", "帮助"), ("ask", "提问")]}


def channel_to(server: FakeTelegram) -> TelegramChannel:
    return TelegramChannel(
        server.token, base_url=server.url, poll_s=5, first_pause_s=0.001, menus=MENUS
    )


async def hello(server: FakeTelegram) -> None:
    """Start a bot, and wait until it takes a message in."""
    inbox = Inbox()
    async with channel_to(server) as channel, running(channel, inbox):
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
