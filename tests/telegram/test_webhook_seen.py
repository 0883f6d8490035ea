"""How it goes with the webhook, for those who watch: Telegram itself is asked."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.channels.telegram import TelegramChannel
from bot.seen.port import Posting
from tests.telegram.client import Person
from tests.telegram.fake_api import FakeTelegram
from tests.telegram.fake_faults import Fault
from tests.telegram.fake_rules import Problem
from tests.telegram.harness import Inbox, channel_to, running
from tests.telegram.test_webhook import ADDRESS, WEBHOOK

WELL = Posting(up=True, waiting=0)


def trouble(at: int) -> dict[str, Any]:
    return {"last_error_date": at, "last_error_message": "Connection timed out"}


@pytest.fixture
def hooked(server: FakeTelegram) -> TelegramChannel:
    """Nothing posts to it: a test says what Telegram thinks of that."""
    return TelegramChannel(server.token, base_url=server.url, first_pause_s=0.001, webhook=WEBHOOK)


async def becomes(channel: TelegramChannel, posting: Posting | None) -> None:
    async with asyncio.timeout(5):
        while channel.posting != posting:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.005)


async def stays(server: FakeTelegram, channel: TelegramChannel, posting: Posting) -> None:
    """For as long as Telegram is asked three times more."""
    await becomes(channel, posting)
    asked = len(server.calls_of("getWebhookInfo"))
    await server.changes.until(lambda: len(server.calls_of("getWebhookInfo")) >= asked + 3)
    assert channel.posting == posting


async def test_a_webhook_that_works_is_up(server: FakeTelegram, hooked: TelegramChannel) -> None:
    async with hooked, running(hooked, Inbox()):
        await stays(server, hooked, WELL)


async def test_what_waits_at_telegram_is_told(hooked: TelegramChannel, person: Person) -> None:
    async with hooked, running(hooked, Inbox()):
        await becomes(hooked, WELL)
        for text in ("一", "二", "三"):
            person.send(text)
        await becomes(hooked, Posting(up=True, waiting=3))


async def test_posts_that_fail_are_seen_until_none_waits(
    server: FakeTelegram, hooked: TelegramChannel, person: Person
) -> None:
    """Telegram names its last failure for ever, and tries again after ever longer pauses."""
    async with hooked, running(hooked, Inbox()):
        await becomes(hooked, WELL)
        person.send("有人吗")
        server.updates.trouble = trouble(7)
        await stays(server, hooked, Posting(up=False, waiting=1))
        server.updates.pending.clear()
        await stays(server, hooked, WELL)
        server.updates.trouble = trouble(8)
        person.send("有人吗")
        await becomes(hooked, Posting(up=False, waiting=1))


async def test_an_address_that_telegram_refuses_is_not_up(
    server: FakeTelegram, hooked: TelegramChannel
) -> None:
    refused = Problem(400, "Bad Request: bad webhook: failed to resolve host")
    server.faults.fail(refused, times=3, method="setWebhook")
    async with hooked, running(hooked, Inbox()):
        await server.changes.until(lambda: server.calls_of("setWebhook"))
        assert hooked.posting == Posting(up=False, waiting=0)
        await becomes(hooked, WELL)


async def test_a_webhook_that_is_taken_away_again_and_again_is_not_up(
    server: FakeTelegram, hooked: TelegramChannel
) -> None:
    """Though it is set again each time."""
    seen: set[bool] = set()
    async with hooked, running(hooked, Inbox()):
        await becomes(hooked, WELL)
        for _ in range(3):
            server.updates.webhook = "https://other.example/hook"
            await server.changes.until(lambda: server.updates.webhook == ADDRESS)
            assert hooked.posting is not None
            seen.add(hooked.posting.up)
        assert seen == {False}
        await becomes(hooked, WELL)


async def test_while_telegram_cannot_be_asked_it_is_not_up(
    server: FakeTelegram, hooked: TelegramChannel, person: Person
) -> None:
    async with hooked, running(hooked, Inbox()):
        person.send("一")
        await becomes(hooked, Posting(up=True, waiting=1))
        server.faults.order(Fault.DROP, times=6, method="getWebhookInfo")
        await becomes(hooked, Posting(up=False, waiting=1))
        await becomes(hooked, Posting(up=True, waiting=1))


async def test_only_who_looks_after_it_tells_of_it(hooked: TelegramChannel) -> None:
    """The figure of a worker that leads no more would stay for ever."""
    async with hooked:
        assert hooked.posting is None
        async with running(hooked, Inbox()):
            await becomes(hooked, WELL)
        assert hooked.posting is None


async def test_there_is_nothing_to_tell_of_a_bot_that_polls(server: FakeTelegram) -> None:
    async with channel_to(server) as channel, running(channel, Inbox()):
        await server.changes.until(lambda: server.calls_of("getUpdates"))
        assert channel.posting is None
