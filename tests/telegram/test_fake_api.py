"""The fake keeps Telegram's contract: asked over HTTP, without any library between."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeAlias

import aiohttp
import pytest

from tests.telegram.client import Person
from tests.telegram.fake_api import FakeTelegram
from tests.telegram.fake_faults import Fault
from tests.telegram.fake_rules import Problem

Ask: TypeAlias = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
async def ask(server: FakeTelegram) -> AsyncIterator[Ask]:
    async with aiohttp.ClientSession() as session:

        async def call(method: str, *, token: str = server.token, **params: object) -> Any:
            url = f"{server.url}/bot{token}/{method}"
            async with session.post(url, json=params) as response:
                answer = await response.json()
                assert response.status == answer.get("error_code", 200)
                return answer

        yield call


def error(code: int, description: str) -> dict[str, Any]:
    return {"ok": False, "error_code": code, "description": description}


async def ids(ask: Ask, **params: object) -> list[int]:
    answer = await ask("getUpdates", **params)
    return [update["update_id"] - 810_000_000 for update in answer["result"]]


async def test_get_me(ask: Ask) -> None:
    me = {"id": 7000000001, "is_bot": True, "first_name": "明白", "username": "mingbai_bot"}
    assert await ask("getMe") == {"ok": True, "result": me}
    assert await ask("GETME") == {"ok": True, "result": me}


async def test_tokens_and_methods(ask: Ask) -> None:
    wrong = "7000000001:wrongwrongwrongwrongwrongwrongwrong"
    assert await ask("getMe", token=wrong) == error(401, "Unauthorized")
    assert await ask("getMe", token="nonsense") == error(404, "Not Found")
    assert await ask("getNothing") == error(404, "Not Found: method not found")


SENT = {"chat_id": 1001}
LONG = "文" * 4097
BAD: list[tuple[dict[str, Any], int, str]] = [
    ({"chat_id": 5, "text": "a"}, 400, "Bad Request: chat not found"),
    ({"text": "a"}, 400, "Bad Request: chat not found"),
    ({"chat_id": "@name", "text": "a"}, 400, "Bad Request: chat not found"),
    (SENT | {"text": ""}, 400, "Bad Request: message text is empty"),
    (SENT, 400, "Bad Request: message text is empty"),
    (SENT | {"text": " \n"}, 400, "Bad Request: message text is empty"),
    (SENT | {"text": LONG}, 400, "Bad Request: message is too long"),
    (SENT | {"text": "𠮷" * 2049}, 400, "Bad Request: message is too long"),
    (
        SENT | {"text": "a", "reply_parameters": {"message_id": 9}},
        400,
        "Bad Request: message to be replied not found",
    ),
]


@pytest.mark.parametrize(("params", "code", "description"), BAD)
@pytest.mark.usefixtures("person")
async def test_what_is_not_sent(
    ask: Ask, params: dict[str, Any], code: int, description: str
) -> None:
    assert await ask("sendMessage", **params) == error(code, description)


@pytest.mark.parametrize(
    ("offset", "length", "description"),
    [
        (-1, 1, "receive an entity with incorrect offset -1"),
        (0, -1, "receive an entity with incorrect length -1"),
        (6, 1, "entity begins after the end of the text at UTF-16 offset 6"),
        (
            1,
            5,
            "entity beginning at UTF-16 offset 1 ends after the end of the text at UTF-16 offset 6",
        ),
        (2, 1, "entity begins in a middle of a UTF-16 symbol at byte offset 0"),
        (
            0,
            2,
            "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 0",
        ),
    ],
)
@pytest.mark.usefixtures("person")
async def test_entities_that_cover_no_text(
    ask: Ask, offset: int, length: int, description: str
) -> None:
    entities = [{"type": "bold", "offset": offset, "length": length}]
    answer = await ask("sendMessage", chat_id=1001, text="a𠮷bc", entities=entities)
    assert answer == error(400, f"Bad Request: {description}")


@pytest.mark.parametrize(
    ("button", "description"),
    [
        ({"text": "a", "callback_data": "文" * 22}, "BUTTON_DATA_INVALID"),
        (
            {"text": "a"},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "", "callback_data": "a"},
            'can\'t parse inline keyboard button: Field "text" must be non-empty',
        ),
        (
            {"text": "a", "url": "http://localhost/"},
            "inline keyboard button URL 'http://localhost/' is invalid: Wrong HTTP URL",
        ),
        (
            {"text": "a", "url": "file:///a"},
            "inline keyboard button URL 'file:///a' is invalid: Unsupported URL protocol",
        ),
    ],
)
@pytest.mark.usefixtures("person")
async def test_buttons_that_are_none(ask: Ask, button: dict[str, str], description: str) -> None:
    markup = {"inline_keyboard": [[button]]}
    answer = await ask("sendMessage", chat_id=1001, text="a", reply_markup=markup)
    assert answer == error(400, f"Bad Request: {description}")


async def test_a_message_is_kept_without_blanks_around_it(ask: Ask, person: Person) -> None:
    entities = [
        {"type": "bold", "offset": 0, "length": 5},
        {"type": "italic", "offset": 5, "length": 1},
    ]
    answer = await ask("sendMessage", chat_id="1001", text="\n 𠮷a \n", entities=entities)
    message = answer["result"]
    assert isinstance(message.pop("date"), int)
    assert message == {
        "message_id": 1,
        "from": person.server.me,
        "chat": {"id": 1001, "type": "private", "first_name": "王芳"},
        "text": "𠮷a",
        "entities": [{"type": "bold", "offset": 0, "length": 3}],
    }


async def test_edits(ask: Ask, person: Person) -> None:
    person.send("我的")
    await ask("sendMessage", chat_id=1001, text="甲")
    same = await ask("editMessageText", chat_id=1001, message_id=2, text="甲 ")
    assert same == error(
        400,
        "Bad Request: message is not modified: specified new message content and reply markup "
        "are exactly the same as a current content and reply markup of the message",
    )
    markup = {"inline_keyboard": [[{"text": "好", "callback_data": "up"}]]}
    edited = await ask(
        "editMessageText", chat_id=1001, message_id=2, text="甲", reply_markup=markup
    )
    assert edited["result"]["reply_markup"] == markup
    assert isinstance(edited["result"]["edit_date"], int)
    bare = await ask("editMessageText", chat_id=1001, message_id=2, text="甲")
    assert "reply_markup" not in bare["result"]
    for message_id, description in (
        (1, "message can't be edited"),
        (9, "message to edit not found"),
    ):
        refused = await ask("editMessageText", chat_id=1001, message_id=message_id, text="乙")
        assert refused == error(400, f"Bad Request: {description}")


async def test_delete_and_get_chat(ask: Ask, person: Person) -> None:
    sent = person.send("a")
    for expected in (
        {"ok": True, "result": True},
        error(400, "Bad Request: message to delete not found"),
    ):
        assert await ask("deleteMessage", chat_id=1001, message_id=sent.message_id) == expected
    assert (await ask("getChat", chat_id=1001))["result"]["type"] == "private"


async def test_a_document_is_uploaded(server: FakeTelegram, ask: Ask, person: Person) -> None:
    missing = await ask("sendDocument", chat_id=1001)
    assert missing == error(400, "Bad Request: there is no document in the request")
    url = f"{server.url}/bot{server.token}/sendDocument"
    async with aiohttp.ClientSession() as session:
        for content, caption, status in (
            ("甲", "乙", 200),
            ("", "", 400),
            ("甲", "丙" * 1025, 400),
        ):
            form = aiohttp.FormData({"chat_id": "1001", "caption": caption})
            form.add_field("document", content, filename="a.json")
            async with session.post(url, data=form) as response:
                assert response.status == status, await response.text()
    [heard] = person.unread()
    assert (heard.text, heard.file, person.reads(heard)) == ("乙", "a.json", "甲")


async def test_privacy_mode_keeps_what_is_not_for_the_bot(
    server: FakeTelegram, ask: Ask, person: Person
) -> None:
    server.privacy_mode = True
    server.chats.open_group(-5)
    member = person.in_chat(-5)
    for text in ("大家好", "/help", "/help@other_bot", "问@mingbai_bot一下"):
        member.send(text)
    updates = (await ask("getUpdates"))["result"]
    assert [one["message"]["text"] for one in updates] == ["/help", "问@mingbai_bot一下"]


async def test_commands_are_kept_by_scope_and_language(ask: Ask) -> None:
    scope = {"type": "all_private_chats"}
    commands = [{"command": "help", "description": "帮助"}]
    set_ = await ask("setMyCommands", commands=commands, scope=scope, language_code="zh")
    assert set_ == {"ok": True, "result": True}
    assert (await ask("getMyCommands", scope=scope, language_code="zh"))["result"] == commands
    assert (await ask("getMyCommands", scope=scope))["result"] == []
    assert (await ask("getMyCommands", language_code="zh"))["result"] == []


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"language_code": "zh-hans"}, "invalid language code specified"),
        ({"commands": [{"command": "Help", "description": "a"}]}, "BOT_COMMAND_INVALID"),
        (
            {"commands": [{"command": "help", "description": ""}]},
            "BOT_COMMAND_DESCRIPTION_INVALID",
        ),
    ],
)
async def test_commands_that_are_refused(
    ask: Ask, params: dict[str, object], description: str
) -> None:
    answer = await ask("setMyCommands", **{"commands": [], **params})
    assert answer == error(400, f"Bad Request: {description}")


async def test_an_inline_query_is_answered_once(server: FakeTelegram, ask: Ask) -> None:
    await ask("getUpdates", allowed_updates=["inline_query"])
    query = Person(server).types("公积金")
    article = {
        "type": "article",
        "id": "1",
        "title": "甲",
        "input_message_content": {"message_text": "甲"},
    }
    for results, button, description in (
        ([article] * 2, None, "RESULT_ID_DUPLICATE"),
        ([article | {"id": "号" * 22}], None, "RESULT_ID_INVALID"),
        ([article | {"title": ""}], None, "article title is empty"),
        ([], {"text": "a", "start_parameter": "甲"}, "START_PARAM_INVALID"),
    ):
        refused = await ask(
            "answerInlineQuery", inline_query_id=query, results=results, button=button
        )
        assert refused == error(400, f"Bad Request: {description}")
    first = await ask("answerInlineQuery", inline_query_id=query, results=[article])
    assert first == {"ok": True, "result": True}
    late = await ask("answerInlineQuery", inline_query_id=query, results=[])
    assert late["description"].startswith("Bad Request: query is too old")


async def test_forms_and_addresses_are_read_as_well(server: FakeTelegram, person: Person) -> None:
    form = {
        "chat_id": "1001",
        "text": "甲",
        "entities": json.dumps([{"type": "bold", "offset": 0, "length": 1}]),
    }
    url = f"{server.url}/bot{server.token}"
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{url}/sendMessage", data=form) as response:
            assert response.status == 200
        async with session.get(f"{url}/getUpdates", params={"limit": "1"}) as response:
            assert await response.json() == {"ok": True, "result": []}
    assert (await person.hears()).entities == (("bold", 0, 1, ""),)
    assert server.calls_of("sendMessage")[0]["entities"] == [
        {"type": "bold", "offset": 0, "length": 1}
    ]


async def test_updates_stay_until_they_are_acknowledged(ask: Ask, person: Person) -> None:
    for text in ("一", "二", "三"):
        person.send(text)
    assert await ids(ask) == [1, 2, 3]
    assert await ids(ask, limit=2) == [1, 2]
    assert await ids(ask, offset=810_000_003) == [3]
    assert await ids(ask) == [3]
    person.send("四")
    assert await ids(ask, offset=-1) == [4]
    assert await ids(ask) == [4]
    assert await ids(ask, offset=810_000_005) == []


async def test_an_acknowledged_update_can_come_again_once(
    server: FakeTelegram, ask: Ask, person: Person
) -> None:
    sent = person.send("一")
    assert await ids(ask, offset=sent.update_id + 1) == []
    server.updates.resend(sent.update_id)
    assert await ids(ask, offset=sent.update_id + 1) == [1]
    assert await ids(ask, offset=sent.update_id + 1) == []


async def test_a_long_poll_ends_with_the_first_update(
    server: FakeTelegram, ask: Ask, person: Person
) -> None:
    poll = asyncio.create_task(ids(ask, timeout=30))
    await server.changes.until(lambda: server.calls)
    assert not poll.done()
    person.send("一")
    assert await asyncio.wait_for(poll, 5) == [1]


async def test_the_older_of_two_polls_ends(server: FakeTelegram, ask: Ask, person: Person) -> None:
    older = asyncio.ensure_future(ask("getUpdates", timeout=30))
    await server.changes.until(lambda: len(server.calls) == 1)
    newer = asyncio.create_task(ids(ask, timeout=30))
    assert await asyncio.wait_for(older, 5) == error(
        409,
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
    )
    person.send("一")
    assert await asyncio.wait_for(newer, 5) == [1]


async def test_only_the_updates_that_were_asked_for(ask: Ask, person: Person) -> None:
    await ids(ask, allowed_updates=["edited_message"])
    sent = person.send("一")
    person.edit(sent, text="二")
    assert await ids(ask) == [2]


async def test_no_polling_while_there_is_a_webhook(server: FakeTelegram, ask: Ask) -> None:
    server.updates.webhook = "https://a.cn/hook"
    assert await ask("getUpdates") == error(
        409,
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first",
    )
    assert await ask("deleteWebhook") == {"ok": True, "result": True}
    assert await ids(ask) == []


async def test_deleting_the_webhook_can_forget_updates(ask: Ask, person: Person) -> None:
    person.send("一")
    await ask("deleteWebhook")
    assert await ids(ask) == [1]
    await ask("deleteWebhook", drop_pending_updates=True)
    assert await ids(ask) == []


async def test_a_press_is_answered_once(server: FakeTelegram, ask: Ask, person: Person) -> None:
    markup = {"inline_keyboard": [[{"text": "好", "callback_data": "up"}]]}
    await ask("sendMessage", chat_id=1001, text="a", reply_markup=markup)
    person.press(await person.hears(), "好")
    [update] = (await ask("getUpdates"))["result"]
    query = update["callback_query"]
    assert (query["data"], query["message"]["message_id"]) == ("up", 1)
    too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    for expected in ({"ok": True, "result": True}, error(400, too_old)):
        assert await ask("answerCallbackQuery", callback_query_id=query["id"]) == expected
    assert server.answered == [query["id"]]


async def test_groups_throw_out_and_move(server: FakeTelegram, ask: Ask, person: Person) -> None:
    server.chats.open_group(-1)
    server.chats.open_group(-1002, kind="supergroup")
    server.migrate(-1, -1001, person.user)
    assert await ask("sendMessage", chat_id=-1, text="a") == error(
        400, "Bad Request: group chat was upgraded to a supergroup chat"
    ) | {"parameters": {"migrate_to_chat_id": -1001}}
    assert (await ask("sendMessage", chat_id=-1001, text="a"))["result"]["message_id"] == 2
    server.close(-1002, person.user)
    assert await ask("sendMessage", chat_id=-1002, text="a") == error(
        403, "Forbidden: bot was kicked from the supergroup chat"
    )
    person.block()
    assert await ask("sendMessage", chat_id=1001, text="a") == error(
        403, "Forbidden: bot was blocked by the user"
    )


async def test_faults_come_as_ordered(server: FakeTelegram, ask: Ask, person: Person) -> None:
    server.chats.open_group(-1)
    server.faults.throttle(3, times=2, chat=1001)
    throttled = error(429, "Too Many Requests: retry after 3") | {"parameters": {"retry_after": 3}}
    assert (await ask("sendMessage", chat_id=-1, text="a"))["ok"] is True
    assert await ask("sendMessage", chat_id=1001, text="a") == throttled
    assert await ask("sendMessage", chat_id=1001, text="a") == throttled
    assert (await ask("sendMessage", chat_id=1001, text="a"))["ok"] is True
    server.faults.fail(Problem(500, "Internal Server Error"), method="getMe")
    assert (await ask("getChat", chat_id=1001))["ok"] is True
    assert await ask("getMe") == error(500, "Internal Server Error")
    for fault, kept in ((Fault.DROP, 0), (Fault.DROP_AFTER, 1)):
        person.unread()
        server.faults.order(fault)
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await ask("sendMessage", chat_id=1001, text="a")
        assert len(person.unread()) == kept
    assert [call.fault for call in server.calls if call.fault] == [
        *[Fault.ERROR] * 3,
        Fault.DROP,
        Fault.DROP_AFTER,
    ]
