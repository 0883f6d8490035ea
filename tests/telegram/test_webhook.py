"""The webhook over real HTTP: what Telegram posts, and what others try."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pytest
from aiohttp import ClientSession
from structlog.testing import capture_logs

from bot.channels.base import Unfit
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_webhook import HEADER, PATH, Webhook, webhook_of
from bot.config import Settings
from bot.errors import ConfigError, StoreError
from bot.types import Message
from bot.web.app import serving
from bot.web.webhook import MAX_BODY_BYTES, Posts, alone
from tests.telegram.client import Person
from tests.telegram.fake_api import FakeTelegram
from tests.telegram.fake_courier import Courier, posting
from tests.telegram.fake_faults import Fault
from tests.telegram.harness import STAFF, Inbox, running

SECRET = "0123456789abcdef-secret"
ADDRESS = f"https://bot.example.gov.cn{PATH}"
WEBHOOK = Webhook(url=ADDRESS, secret=SECRET, look_s=0.05)


@dataclass(slots=True)
class Parked:
    """A register in memory; `away` as a store that cannot be written to."""

    found: list[Unfit] = field(default_factory=list)
    away: bool = False

    async def reach(self) -> None:
        if self.away:
            raise StoreError("away")

    async def park(self, unfit: Unfit, /) -> None:
        await self.reach()
        self.found.append(unfit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooked:
    server: FakeTelegram
    channel: TelegramChannel
    inbox: Inbox
    parked: Parked
    courier: Courier
    url: str
    http: ClientSession

    async def post(self, text: str, **headers: str) -> tuple[int, str]:
        """As Telegram would, but for what `headers` say otherwise; return status and words."""
        given = {HEADER: SECRET, "Content-Type": "application/json"}
        sent = given | {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.http.post(self.url, data=BytesIO(text.encode()), headers=sent) as response:
            return response.status, await response.text()


@asynccontextmanager
async def hooking(
    server: FakeTelegram, *, webhook: Webhook = WEBHOOK, body_s: float = 5
) -> AsyncIterator[Hooked]:
    async with AsyncExitStack() as stack:
        parked, inbox = Parked(), Inbox()
        channel = TelegramChannel(
            server.token,
            base_url=server.url,
            staff_chat=str(STAFF),
            first_pause_s=0.001,
            parking=parked,
            webhook=webhook,
        )
        await stack.enter_async_context(channel)
        posts = Posts(channel.take_post, secret=webhook.secret, body_s=body_s)
        port = await stack.enter_async_context(serving(alone(posts), host="127.0.0.1", port=0))
        url = f"http://127.0.0.1:{port}{PATH}"
        http = await stack.enter_async_context(ClientSession())
        courier = await stack.enter_async_context(posting(server, url))
        async with running(channel, inbox):
            await server.changes.until(lambda: server.updates.webhook)
            yield Hooked(
                server=server,
                channel=channel,
                inbox=inbox,
                parked=parked,
                courier=courier,
                url=url,
                http=http,
            )


@pytest.fixture
async def hooked(server: FakeTelegram) -> AsyncIterator[Hooked]:
    async with hooking(server) as opened:
        yield opened


def question(person: Person, text: str, *, number: int = 1) -> dict[str, Any]:
    message = {"message_id": number, "date": 1, "chat": person.room.chat, "from": person.user}
    return {"update_id": number, "message": message | {"text": text}}


def texts(messages: Sequence[Message]) -> list[str]:
    return [message.text for message in messages]


async def test_telegram_is_told_where_to_post(hooked: Hooked) -> None:
    told = {
        "url": ADDRESS,
        "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
        "secret_token": SECRET,
        "max_connections": "40",
    }
    assert hooked.server.calls_of("setWebhook") == [told]  # what waits is kept
    assert hooked.server.calls_of("getUpdates") == []


async def test_what_is_posted_is_taken_in_order(hooked: Hooked, person: Person) -> None:
    for number in range(30):
        person.send(str(number))
    got = await hooked.inbox.has(30)
    assert texts(got) == [str(number) for number in range(30)]
    await hooked.server.changes.until(lambda: not hooked.server.updates.pending)


async def test_an_update_is_acknowledged_after_it_is_stored(
    hooked: Hooked, person: Person
) -> None:
    hooked.inbox.failures = [StoreError("disk full"), StoreError("disk full")]
    person.send("一")
    assert texts(await hooked.inbox.has(1)) == ["一"]
    await hooked.server.changes.until(lambda: not hooked.server.updates.pending)
    assert hooked.courier.answers == [503, 503, 200]


async def test_a_replayed_update_has_the_same_id(hooked: Hooked, person: Person) -> None:
    """So the ledger knows it."""
    body = json.dumps(question(person, "一"))
    assert [(await hooked.post(body))[0] for _ in range(2)] == [200, 200]
    assert {message.id for message in hooked.inbox.messages} == {"u1"}


async def test_an_edit_that_overtakes_its_message_is_an_edit(
    hooked: Hooked, person: Person
) -> None:
    first = question(person, "一", number=7)
    edit = {"update_id": 8, "edited_message": first["message"] | {"text": "二", "edit_date": 2}}
    for update in (edit, first):
        assert (await hooked.post(json.dumps(update)))[0] == 200
    assert [(one.kind, one.text) for one in hooked.inbox.messages] == [
        ("edited", "二"),
        ("text", "一"),
    ]


async def test_a_group_that_moves_is_followed(hooked: Hooked, person: Person) -> None:
    hooked.server.chats.open_group(STAFF)
    hooked.server.migrate(STAFF, -100300, person.user)
    await hooked.server.changes.until(lambda: not hooked.server.updates.pending)
    person.in_chat(-100300).send("在新群")
    [message] = await hooked.inbox.has(1)
    assert (message.address.chat, message.sender_name) == ("-100300", "王芳")


@pytest.mark.parametrize("given", ["", "wrong", SECRET[:-1], SECRET + "x", "\u00e9"])
async def test_without_the_secret_nothing_is_read(
    hooked: Hooked, person: Person, given: str
) -> None:
    status, words = await hooked.post(json.dumps(question(person, "一")), **{HEADER: given})
    assert (status, json.loads(words)) == (403, {"error": "forbidden"})
    assert hooked.inbox.messages == []


async def test_who_guesses_is_slowed_down_and_telegram_is_not(
    hooked: Hooked, person: Person
) -> None:
    """Even from the same address, as behind a proxy."""
    guesses = [(await hooked.post("{}", **{HEADER: f"guess-{n}"}))[0] for n in range(25)]
    assert guesses == [403] * 20 + [429] * 5
    for number in range(1, 60):
        body = json.dumps(question(person, "一", number=number))
        assert (await hooked.post(body))[0] == 200


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("不是 JSON", "application/json", 400),
        ("[" * 100_000, "application/json", 400),
        ("[]", "application/json", 400),
        ("{}", "application/json", 400),
        ('{"update_id": "1"}', "application/json", 400),
        ('{"update_id": true}', "application/json", 400),
        ('{"update_id": 1}', "text/plain", 415),
        ("x" * (MAX_BODY_BYTES + 1), "application/json", 413),
    ],
)
async def test_what_is_no_update_is_refused_without_a_trace(
    hooked: Hooked, body: str, kind: str, status: int
) -> None:
    with capture_logs() as logs:
        got, words = await hooked.post(body, Content_Type=kind)
    assert got == status
    assert set(json.loads(words)) == {"error"}
    assert [log["event"] for log in logs] == ["webhook.bad_post"]


async def test_a_body_without_a_length_is_cut_as_well(hooked: Hooked) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(MAX_BODY_BYTES // 1024 + 2):
            yield b" " * 1024

    headers = {HEADER: SECRET, "Content-Type": "application/json"}
    async with hooked.http.post(hooked.url, data=endless(), headers=headers) as response:
        assert response.status == 413


async def test_a_body_that_does_not_come_holds_no_place(server: FakeTelegram) -> None:
    async with hooking(server, body_s=0.05) as hooked:
        port = int(hooked.url.split(":")[2].split("/")[0])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = (
            f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{HEADER}: {SECRET}\r\n"
            "Content-Type: application/json\r\nContent-Length: 50\r\n\r\n"
        )
        writer.write(head.encode())
        async with asyncio.timeout(2):
            assert b" 408 " in await reader.readline()
        writer.close()


async def test_a_kind_of_update_that_nobody_knows_is_taken(hooked: Hooked) -> None:
    for body in ('{"update_id": 1}', '{"update_id": 2, "brain_wave": {"of": 7}}'):
        assert (await hooked.post(body))[0] == 200
    assert (hooked.inbox.messages, hooked.parked.found) == ([], [])


async def test_what_cannot_be_read_is_parked(hooked: Hooked, person: Person) -> None:
    assert (await hooked.post('{"update_id": 5, "message": {"text": "机密"}}'))[0] == 200
    unfit = Unfit(channel="telegram", update_id="5", kind="unreadable", error="KeyError")
    assert hooked.parked.found == [unfit]
    person.send("好的")
    assert texts(await hooked.inbox.has(1)) == ["好的"]


async def test_a_broken_ornament_does_not_cost_the_question(
    hooked: Hooked, person: Person
) -> None:
    update = question(person, "失业金怎么领？")
    update["message"]["entities"] = [{"type": "bold"}]
    update["message"]["reply_to_message"] = {"no": "message"}
    with capture_logs() as logs:
        assert (await hooked.post(json.dumps(update)))[0] == 200
    assert texts(hooked.inbox.messages) == ["失业金怎么领？"]
    assert [log["event"] for log in logs] == ["telegram_update_saved"]


async def test_one_that_cannot_be_stored_is_parked_and_the_rest_goes_on(
    server: FakeTelegram, hooked: Hooked, person: Person
) -> None:
    receive = Poisoned(hooked.inbox)
    hooked.channel.open(receive)
    person.send("毒")
    person.send("好的")
    assert texts(await hooked.inbox.has(1)) == ["好的"]
    assert [one.error for one in hooked.parked.found] == ["ValueError"]
    await server.changes.until(lambda: not server.updates.pending)


async def test_nothing_is_parked_while_the_store_is_away(hooked: Hooked, person: Person) -> None:
    hooked.parked.away = True
    hooked.inbox.failures = [StoreError("away") for _ in range(12)]
    person.send("一")
    await hooked.inbox.called(8)
    hooked.parked.away = False
    hooked.inbox.failures.clear()
    assert texts(await hooked.inbox.has(1)) == ["一"]
    assert hooked.parked.found == []


async def test_a_poisoned_batch_is_sifted_when_polling(
    server: FakeTelegram, person: Person
) -> None:
    parked, inbox = Parked(), Inbox()
    for text in ("一", "毒", "二"):
        person.send(text)
    channel = TelegramChannel(
        server.token, base_url=server.url, first_pause_s=0.001, poll_s=5, parking=parked
    )
    async with channel, running(channel, Poisoned(inbox)):
        assert texts(await inbox.has(2)) == ["一", "二"]
        await server.changes.until(lambda: not server.updates.pending)
    assert [one.error for one in parked.found] == ["ValueError"]


async def test_a_webhook_that_was_taken_away_is_set_again(hooked: Hooked) -> None:
    with capture_logs() as logs:
        hooked.server.updates.webhook = "https://other.example/hook"
        await hooked.server.changes.until(lambda: hooked.server.updates.webhook == ADDRESS)
    assert "telegram_webhook_lost" in {log["event"] for log in logs}


async def test_what_telegram_says_of_the_webhook_is_in_the_log(hooked: Hooked) -> None:
    hooked.server.updates.trouble = {"last_error_date": 7, "last_error_message": "Read timeout"}
    with capture_logs() as logs:
        looks = len(hooked.server.calls_of("getWebhookInfo"))
        await hooked.server.changes.until(
            lambda: len(hooked.server.calls_of("getWebhookInfo")) >= looks + 3
        )
    failing = [log for log in logs if log["event"] == "telegram_webhook_failing"]
    assert [log["error"] for log in failing] == ["Read timeout"]


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.DROP_AFTER, Fault.GARBAGE])
async def test_the_webhook_is_set_however_often_that_fails(
    server: FakeTelegram, fault: Fault, person: Person
) -> None:
    server.faults.order(fault, times=2, method="setWebhook")
    server.faults.throttle(0.01, method="setWebhook")
    async with hooking(server) as hooked:
        person.send("一")
        assert texts(await hooked.inbox.has(1)) == ["一"]


async def test_a_worker_that_tells_telegram_nothing_takes_posts(
    server: FakeTelegram, person: Person
) -> None:
    inbox = Inbox()
    channel = TelegramChannel(server.token, base_url=server.url, webhook=WEBHOOK)
    async with channel:
        channel.open(inbox)
        await channel.take_post(question(person, "一"))
    assert texts(inbox.messages) == ["一"]
    assert server.calls_of("setWebhook") == []


async def test_nothing_is_taken_while_telegram_cannot_say_who_we_are(
    server: FakeTelegram, person: Person
) -> None:
    await server.stop()
    inbox = Inbox()
    channel = TelegramChannel(server.token, base_url=server.url, webhook=WEBHOOK)
    async with channel, AsyncExitStack() as stack:
        channel.open(inbox)
        posts = Posts(channel.take_post, secret=SECRET)
        port = await stack.enter_async_context(serving(alone(posts), host="127.0.0.1", port=0))
        http = await stack.enter_async_context(ClientSession())
        headers = {HEADER: SECRET}
        body = question(person, "一")
        url = f"http://127.0.0.1:{port}{PATH}"
        async with http.post(url, json=body, headers=headers) as response:
            assert (response.status, response.headers["Retry-After"]) == (503, "5")
    assert inbox.messages == []


async def test_the_secret_is_in_no_log_and_no_error(
    server: FakeTelegram, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with capture_logs() as logs:
        async with hooking(server) as hooked:
            hooked.inbox.failures = [ValueError(person.user["first_name"])]
            person.send("我的病历")
            await hooked.inbox.has(1)
            _, words = await hooked.post("{}", **{HEADER: "wrong"})
            hooked.server.updates.webhook = ""
            await server.changes.until(lambda: server.updates.webhook)
    said = [record.getMessage() for record in caplog.records]
    for hidden in (SECRET, server.token.split(":")[1], "病历", "王芳"):
        assert [
            line for line in (*said, *map(str, logs), words, repr(WEBHOOK)) if hidden in line
        ] == []


def test_the_secret_comes_of_the_token_where_none_is_set() -> None:
    made = webhook_of("https://bot.example.gov.cn", secret="", token="7:a")
    again = webhook_of("https://bot.example.gov.cn/", secret="", token="7:a")
    other = webhook_of("https://bot.example.gov.cn/deep/path", secret="", token="7:b")
    assert made is not None
    assert again is not None
    assert other is not None
    assert made.secret == again.secret != other.secret
    assert len(made.secret) == 64
    assert (made.url, again.url) == (ADDRESS, ADDRESS)
    assert other.url == "https://bot.example.gov.cn/deep/path"
    assert webhook_of("", secret="x", token="7:a") is None


@pytest.mark.parametrize(
    "url",
    ["http://bot.example", "bot.example", "https://", "https://u:p@bot.example", "https://[x"],
)
def test_an_address_that_telegram_cannot_post_to_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="TELEGRAM_WEBHOOK_URL: must be https") as caught:
        Settings.read({"telegram_webhook_url": url, "_env_file": None})
    assert "u:p" not in str(caught.value)


@pytest.mark.parametrize("secret", ["has space", "密码", "x" * 257])
def test_a_secret_that_no_header_takes_is_refused(secret: str) -> None:
    with pytest.raises(ConfigError, match="TELEGRAM_WEBHOOK_SECRET: takes 1 to 256") as caught:
        Settings.read({"telegram_webhook_secret": secret, "_env_file": None})
    assert secret not in str(caught.value)


class Poisoned:
    """A store that takes everything but one message."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    async def __call__(self, messages: Sequence[Message]) -> None:
        if any(message.text == "毒" for message in messages):
            raise ValueError("毒")
        await self._inbox(messages)
