"""A Bot API that takes connections and says nothing does not keep the page from being served."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.channels.telegram import MEETING_S, TelegramChannel
from tests.telegram.client import Person
from tests.telegram.fake_api import FakeTelegram
from tests.telegram.harness import Inbox, running


class SilentTelegram(FakeTelegram):
    """Answers nothing until a test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.speaks = asyncio.Event()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        await self.speaks.wait()
        return await super()._serve(request)


@pytest.fixture
async def silent() -> AsyncIterator[SilentTelegram]:
    async with SilentTelegram() as server:
        yield server


def channel_to(server: FakeTelegram) -> TelegramChannel:
    return TelegramChannel(
        server.token, base_url=server.url, poll_s=5, first_pause_s=0.001, meeting_s=0.1
    )


async def test_the_start_waits_a_moment_and_says_so(silent: SilentTelegram) -> None:
    began_s = time.monotonic()
    with capture_logs() as logs:
        async with channel_to(silent) as channel:
            assert time.monotonic() - began_s < 2
            assert channel.username == ""
    assert [(log["event"], log["error"]) for log in logs] == [
        ("telegram_unreachable", "no answer")
    ]
    assert MEETING_S < 5


async def test_it_goes_on_trying_and_takes_what_waits(silent: SilentTelegram) -> None:
    inbox = Inbox()
    async with channel_to(silent) as channel, running(channel, inbox):
        Person(silent).send("有人吗")
        await asyncio.sleep(0.05)
        silent.speaks.set()
        assert [message.text for message in await inbox.has(1)] == ["有人吗"]
        assert channel.username == "mingbai_bot"
