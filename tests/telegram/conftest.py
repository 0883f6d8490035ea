from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram import TelegramChannel
from tests.telegram.client import Person
from tests.telegram.fake_api import FakeTelegram
from tests.telegram.harness import Inbox, channel_to, running


@pytest.fixture
async def server() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as fake:
        yield fake


@pytest.fixture
async def channel(server: FakeTelegram) -> AsyncIterator[TelegramChannel]:
    async with channel_to(server) as opened:
        yield opened


@pytest.fixture
async def inbox(server: FakeTelegram, channel: TelegramChannel) -> AsyncIterator[Inbox]:
    """Receives while the test runs."""
    receive = Inbox()
    async with running(channel, receive):
        await server.changes.until(lambda: server.calls_of("getUpdates"))
        yield receive


@pytest.fixture
def person(server: FakeTelegram) -> Person:
    return Person(server)
