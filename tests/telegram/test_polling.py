"""Reception over bad days: nothing is acknowledged before it is stored, nothing is lost."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from datetime import timedelta

import pytest
from structlog.testing import capture_logs
from telegram.error import BadRequest, NetworkError, RetryAfter

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_errors import patiently, until_done
from bot.errors import ConfigError
from bot.types import Address, Delivery, Message, Span
from tests.telegram.client import Person
from tests.telegram.fake_api import FakeTelegram
from tests.telegram.fake_faults import Fault
from tests.telegram.fake_rules import Problem
from tests.telegram.harness import Inbox, channel_to, running

HOME = Address("telegram", "1001")
BAD_TOKEN = (
    "TELEGRAM_BOT_TOKEN: Telegram does not accept it. Open @BotFather, send /mybots, "
    "choose the bot, press “API Token” and copy the whole token into the setting. With "
    "a Bot API server of your own, check TELEGRAM_API_URL as well."
)


async def test_a_batch_is_acknowledged_after_it_is_stored(
    server: FakeTelegram, channel: TelegramChannel, person: Person
) -> None:
    person.send("一")
    person.send("二")
    entered, stored = asyncio.Event(), asyncio.Event()
    got: list[str] = []

    async def receive(messages: Sequence[Message]) -> None:
        entered.set()
        await stored.wait()
        got.extend(message.text for message in messages)

    async with running(channel, receive):
        await asyncio.wait_for(entered.wait(), 5)
        assert len(server.updates.pending) == 2
        assert len(server.calls_of("getUpdates")) == 1
        stored.set()
        await server.changes.until(lambda: not server.updates.pending)
    assert got == ["一", "二"]
    first, second = server.calls_of("getUpdates")
    assert first == {
        "timeout": "5",
        "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
    }
    assert second == first | {"offset": "810000003"}


async def test_a_webhook_is_removed_first(
    server: FakeTelegram, channel: TelegramChannel, person: Person
) -> None:
    server.updates.webhook = "https://old.example/hook"
    person.send("还在")
    inbox = Inbox()
    async with running(channel, inbox):
        assert [message.text for message in await inbox.has(1)] == ["还在"]
    assert [call.method for call in server.calls][:3] == ["getMe", "deleteWebhook", "getUpdates"]


async def test_what_could_not_be_stored_comes_again(
    server: FakeTelegram, channel: TelegramChannel, person: Person
) -> None:
    inbox = Inbox()
    inbox.failures = [OSError("disk full"), OSError("disk full")]
    person.send("一")
    with capture_logs() as logs:
        async with running(channel, inbox):
            assert [message.text for message in await inbox.has(1)] == ["一"]
            await server.changes.until(lambda: not server.updates.pending)
            person.send("二")
            await inbox.has(2)
    assert inbox.calls == 4
    failed = [log["event"] for log in logs if log["log_level"] == "error"]
    assert failed == ["telegram_intake_failed", "telegram_intake_failed"]


async def test_a_crash_before_the_acknowledgement_loses_nothing(
    server: FakeTelegram, person: Person
) -> None:
    person.send("一")
    first = Inbox()
    first.failures = [asyncio.CancelledError()]  # type: ignore[list-item] # the process dies
    async with channel_to(server) as channel, running(channel, first):
        await first.called(1)
    person.send("二")
    second = Inbox()
    async with channel_to(server) as channel, running(channel, second):
        got = await second.has(2)
    assert first.messages == []
    assert [message.text for message in got] == ["一", "二"]


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize(
    "fault", ["500", "502", "429", "409", "drop", "drop after", "garbage", "400"]
)
async def test_no_fault_of_the_platform_loses_an_update(
    server: FakeTelegram, channel: TelegramChannel, person: Person, fault: str, times: int
) -> None:
    match fault:
        case "429":
            server.faults.throttle(0.01, times=times, method="getUpdates")
        case "drop" | "drop after" | "garbage":
            server.faults.order(Fault(fault), times=times, method="getUpdates")
        case code:
            server.faults.fail(Problem(int(code), "Trouble"), times=times, method="getUpdates")
    person.send("一")
    inbox = Inbox()
    async with running(channel, inbox):
        await inbox.has(1)
        server.faults.order(Fault.DROP, method="getUpdates")
        person.send("二")
        person.send("三")
        await inbox.has(3)
        await server.changes.until(lambda: not server.updates.pending)
    assert [message.text for message in inbox.messages] == ["一", "二", "三"]
    met = [call.fault for call in server.calls if call.method == "getUpdates" and call.fault]
    assert len(met) == times + 1


async def test_hundreds_of_updates_arrive_in_order(
    channel: TelegramChannel, person: Person
) -> None:
    for number in range(250):
        person.send(str(number))
    inbox = Inbox()
    async with running(channel, inbox):
        got = await inbox.has(250)
    assert [message.text for message in got] == [str(number) for number in range(250)]
    assert inbox.calls == 3


async def test_the_server_is_away_and_comes_back(person: Person, server: FakeTelegram) -> None:
    port = int(server.url.rsplit(":", 1)[1])
    await server.stop()
    inbox = Inbox()
    with capture_logs() as logs:
        async with channel_to(server) as channel, running(channel, inbox):
            assert channel.username == ""
            person.send("有人吗")
            await server.start(port)
            await inbox.has(1)
            assert channel.username == "mingbai_bot"
            await server.stop()
            await server.start(port)
            person.send("还在吗")
            await inbox.has(2)
    assert [message.text for message in inbox.messages] == ["有人吗", "还在吗"]
    assert logs[0]["event"] == "telegram_unreachable"


async def test_another_poller_is_named_and_outlived(
    server: FakeTelegram, channel: TelegramChannel, person: Person
) -> None:
    inbox = Inbox()
    with capture_logs() as logs:
        async with running(channel, inbox):
            await server.changes.until(lambda: server.calls_of("getUpdates"))
            server.updates.stop_polls()  # as the poll of another program does
            await server.changes.until(lambda: len(server.calls_of("getUpdates")) == 2)
            person.send("一")
            await inbox.has(1)
    [conflict] = [log for log in logs if log["log_level"] == "error"]
    assert conflict == {
        "event": "telegram_conflict",
        "log_level": "error",
        "mend": "Another program polls with the same token. Stop it, or give it its own token.",
        "error": "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
    }


@pytest.mark.parametrize(
    "token", ["7000000001:wrongwrongwrongwrongwrongwrongwrong", "7000000001:short", "x", ""]
)
async def test_a_bad_token_ends_it_with_advice(server: FakeTelegram, token: str) -> None:
    with pytest.raises(ConfigError) as caught:
        async with TelegramChannel(token, base_url=server.url):
            pytest.fail("entered")
    assert caught.value.problems == (BAD_TOKEN,)


async def test_a_token_revoked_later_ends_it_with_advice(
    server: FakeTelegram, channel: TelegramChannel
) -> None:
    task = asyncio.create_task(channel.run(Inbox()))
    await server.changes.until(lambda: server.calls_of("getUpdates"))
    server.token = "7000000001:anotheranotheranotheranotheranother"
    server.updates.stop_polls()
    with pytest.raises(ConfigError) as caught:
        await asyncio.wait_for(task, 5)
    assert caught.value.problems == (BAD_TOKEN,)


async def test_no_log_shows_the_token_or_what_people_write(
    server: FakeTelegram, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    inbox = Inbox()
    with capture_logs() as logs:
        async with channel_to(server) as channel, running(channel, inbox):
            server.faults.fail(Problem(500, "Trouble"), method="getUpdates")
            person.send("我的病历")
            await inbox.has(1)
            await channel.send(Delivery(to=HOME, body=(Span("您的病历"),)), edit=None)
    for secret in (server.token.split(":")[1], "病历"):
        assert [record.name for record in caplog.records if secret in record.getMessage()] == []
        assert secret not in str(logs)
    assert "httpx" not in {record.name for record in caplog.records}
    assert logging.getLogger("httpx").filters == []


@pytest.mark.parametrize("suffix", ["", "/", "/bot", "/bot/"])
async def test_the_base_url_with_and_without_bot(server: FakeTelegram, suffix: str) -> None:
    async with TelegramChannel(f" {server.token}\n", base_url=server.url + suffix) as channel:
        assert channel.username == "mingbai_bot"


async def test_a_pause_that_telegram_asks_for_is_kept() -> None:
    failures: list[float] = []

    async def step() -> float:
        failures.append(time.monotonic())
        if len(failures) == 1:
            raise RetryAfter(timedelta(seconds=0.2))
        return failures[1] - failures[0]

    assert await until_done(step, first_pause_s=0.001) >= 0.2


async def test_what_the_bot_can_do_without_is_tried_three_times() -> None:
    tries: list[int] = []

    async def step() -> None:
        tries.append(1)
        raise NetworkError("away")

    with pytest.raises(NetworkError):
        await patiently(step)
    assert len(tries) == 3


async def test_a_refusal_is_not_tried_again() -> None:
    tries: list[int] = []

    async def step() -> None:
        tries.append(1)
        raise BadRequest("never")

    with pytest.raises(BadRequest):
        await patiently(step)
    assert len(tries) == 1


async def test_a_webhook_of_another_program_is_named(
    server: FakeTelegram, channel: TelegramChannel, person: Person
) -> None:
    inbox = Inbox()
    with capture_logs() as logs:
        async with running(channel, inbox):
            await server.changes.until(lambda: server.calls_of("getUpdates"))
            server.updates.webhook = "https://other.example/hook"
            server.updates.stop_polls()
            await server.changes.until(lambda: len(server.calls_of("getUpdates")) >= 3)
            server.updates.webhook = ""
            person.send("还在")
            await inbox.has(1)
    mends = {log["mend"] for log in logs if log["event"] == "telegram_conflict"}
    assert any("TELEGRAM_WEBHOOK_URL" in mend for mend in mends)
