"""What a browser sends."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.errors import StoreError
from bot.store.memory import MemoryStore
from bot.types import Address, Input, Message
from tests.web.harness import ANN, BEN, CONFIG, NOON, Site, site_of

PLATFORM_ID = "w" + "0123456789abcdef" * 2


async def test_a_text_arrives_once_however_often_it_is_sent(site: Site) -> None:
    for _ in range(3):
        response = await site.say(text="失业金怎么领？", language="zh-Hans")
        assert response.status == 202
        assert await response.json() == {"accepted": True}
    [message] = site.core.messages
    assert replace(message, at=NOON) == Message(
        id=f"{ANN}:message-1",
        address=Address("web", ANN),
        sender=ANN,
        kind=Input.TEXT,
        text="失业金怎么领？",
        language="zh-Hans",
        at=NOON,
    )


async def test_the_same_id_in_two_conversations_is_two_messages(site: Site) -> None:
    await site.say(text="一")
    await site.say(text="二", chat=BEN)
    assert [message.text for message in site.core.messages] == ["一", "二"]


async def test_a_pressed_button(site: Site) -> None:
    response = await site.say(action="human:3", reply_to=PLATFORM_ID)
    assert response.status == 202
    [message] = site.core.messages
    assert (message.kind, message.text, message.reply_to) == (
        Input.ACTION,
        "human:3",
        PLATFORM_ID,
    )


@pytest.mark.parametrize(
    ("header", "field", "language"),
    [
        ("ko-KR,ko;q=0.9,en;q=0.8", None, "ko-KR"),
        ("ko-KR", "ja", "ja"),
        ("ko-KR", "<b>", "ko-KR"),
        ("*", 7, None),
        ("", None, None),
    ],
)
async def test_the_language(site: Site, header: str, field: object, language: str | None) -> None:
    body = {"chat": ANN, "id": "message-1", "text": "?"}
    await site.http.post(
        f"{site.url}/api/messages",
        json=body if field is None else {**body, "language": field},
        headers={"Accept-Language": header},
    )
    assert [message.language for message in site.core.messages] == [language]


async def test_what_the_conversation_answers_in_words_is_passed_on(site: Site) -> None:
    texts = ["", "长" * 20_000, "🌊" * 10_000]
    for number, text in enumerate(texts):
        assert (await site.say(id=f"message-{number}", text=text)).status == 202
    assert [message.text for message in site.core.messages] == texts


async def test_no_character_that_a_database_cannot_hold_gets_through(site: Site) -> None:
    body = json.dumps({"chat": ANN, "id": "message-1", "text": "a\0b\ud83d"})
    assert (await site.post(body.encode())).status == 202
    assert [message.text for message in site.core.messages] == ["ab?"]


@pytest.mark.parametrize(
    ("status", "error", "body"),
    [
        (400, "bad_json", b""),
        (400, "bad_json", b"{"),
        (400, "bad_json", b"[]"),
        (400, "bad_json", b"null"),
        (400, "bad_json", b"\xff\xfe\xfd"),
        (400, "bad_json", b"[" * 60_000),
        (400, "bad_json", b"1" * 60_000),
        (413, "too_large", b" " * (64 * 1024 + 1)),
    ],
)
async def test_no_message_at_all(site: Site, status: int, error: str, body: bytes) -> None:
    response = await site.post(body)
    assert (response.status, (await response.json())["error"]) == (status, error)
    assert site.core.messages == []


@pytest.mark.parametrize(
    ("status", "error", "fields"),
    [
        (400, "bad_chat", {"chat": None}),
        (400, "bad_chat", {"chat": 5}),
        (400, "bad_chat", {"chat": "A" * 21}),
        (400, "bad_chat", {"chat": "A" * 65}),
        (400, "bad_chat", {"chat": "A" * 30 + "\n"}),
        (400, "bad_chat", {"chat": "A" * 30 + ":x"}),
        (400, "bad_id", {"id": ""}),
        (400, "bad_id", {"id": "a:b:c:d:e:f"}),
        (400, "bad_id", {"id": ["message-1"]}),
        (400, "bad_message", {"action": "up:1", "text": "?"}),
        (400, "bad_text", {"text": None}),
        (400, "bad_text", {"text": {"a": 1}}),
        (400, "bad_action", {"action": ""}),
        (400, "bad_action", {"action": "字" * 22}),
        (400, "bad_action", {"action": "up:1\n"}),
        (400, "bad_action", {"action": 1}),
        (400, "bad_reply_to", {"reply_to": "5; drop table", "text": "?"}),
        (413, "too_large", {"text": "x" * 20_001}),
        (413, "too_large", {"text": "长" * 21_900}),
    ],
)
async def test_a_message_that_is_none(
    site: Site, status: int, error: str, fields: dict[str, object]
) -> None:
    what: dict[str, object] = {} if fields.keys() & {"text", "action"} else {"text": "?"}
    response = await site.say(**what, **fields)
    answer = await response.json()
    assert (response.status, answer["error"]) == (status, error)
    assert answer.keys() == {"error", "message"}
    assert site.core.messages == []


async def test_neither_text_nor_action(site: Site) -> None:
    response = await site.say()
    assert (response.status, (await response.json())["error"]) == (400, "bad_message")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_a_form_of_another_site_is_not_taken(site: Site, content_type: str) -> None:
    response = await site.post(b'{"chat": "x"}', content_type)
    assert (response.status, (await response.json())["error"]) == (415, "not_json")


async def test_too_many_messages_of_one_conversation() -> None:
    config = replace(CONFIG, messages_per_minute=3)
    async with site_of(MemoryStore(), config) as site:
        statuses = [(await site.say(id=f"message-{n}", text="?")).status for n in range(3)]
        refused = await site.say(id="message-3", text="?")
        other = await site.say(chat=BEN, text="?")
    assert statuses == [202, 202, 202]
    assert (refused.status, refused.headers["Retry-After"]) == (429, "20")
    assert other.status == 202


async def test_before_messages_are_taken_in() -> None:
    async with site_of(MemoryStore(), listening=False) as site:
        response = await site.say(text="?")
        health = await site.http.get(f"{site.url}/healthz")
    assert (response.status, response.headers["Retry-After"]) == (503, "3")
    assert health.status == 503


async def test_a_message_that_cannot_be_stored_is_asked_for_again(site: Site) -> None:
    site.core.failure = StoreError("the disk is full")
    response = await site.say(text="?")
    assert (response.status, response.headers["Retry-After"]) == (503, "5")
    assert "disk" not in await response.text()


async def test_a_citizen_never_sees_an_exception(site: Site) -> None:
    site.core.failure = ZeroDivisionError("secret")
    response = await site.say(text="?")
    assert response.status == 500
    assert await response.json() == {
        "error": "failed",
        "message": "Something went wrong on our side. Please try again.",
    }
