"""
A Bot API server for tests: real HTTP on loopback, Telegram's rules and error bodies.

`python -m tests.telegram.fake_api --port 8081` serves one on its own: what you type goes to
the bot, what the bot says is printed.

It hands on everything that is said in groups, as for a bot whose privacy mode is off; with
`privacy_mode` only commands, mentions and answers to the bot, as Telegram does by default.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from aiohttp import web

from tests.telegram.fake_chats import Chats
from tests.telegram.fake_faults import Fault, Faults
from tests.telegram.fake_limits import Limits
from tests.telegram.fake_rules import (
    Json,
    Problem,
    bad_request,
    checked_commands,
    checked_quotations,
    may_see,
    menu_key,
)
from tests.telegram.fake_topics import Minutes
from tests.telegram.fake_updates import Changes, Updates

TOKEN: Final = "7000000001:FAKEfakeFAKEfakeFAKEfakeFAKEfakeFAK"
_WELL_FORMED: Final = re.compile(r"[0-9]+:[A-Za-z0-9_-]{35}")
_JSON_FIELDS: Final = (
    "allowed_updates",
    "button",
    "commands",
    "entities",
    "link_preview_options",
    "reply_markup",
    "reply_parameters",
    "results",
    "scope",
)


@dataclass(frozen=True, slots=True)
class Call:
    """One request of the bot's as it came, and the fault that it met."""

    method: str
    params: Json
    fault: Fault | None = None


class FakeTelegram:
    """Use inside `async with`, or call start() and stop(). What it knows survives a restart."""

    def __init__(self, token: str = TOKEN, *, username: str = "mingbai_bot") -> None:
        self.token = token
        self.url = ""
        self.me: Json = {
            "id": int(token.split(":", maxsplit=1)[0]),
            "is_bot": True,
            "first_name": "明白",
            "username": username,
        }
        self.calls: list[Call] = []
        self.privacy_mode = False
        self.answered: list[str] = []  # callback queries whose spinner ended
        self.menus: dict[tuple[str, str], list[Json]] = {}  # by scope and language
        self.quotations: dict[str, Json] = {}  # the bot's answers to inline queries, by their id
        self.changes = Changes()
        self.chats = Chats(self.me)
        self.updates = Updates(self.changes)
        self.faults = Faults()
        self.minutes = Minutes()
        self.limits = Limits()
        self._open_queries: set[str] = set()
        self._runner: web.AppRunner | None = None
        self._methods: dict[str, Callable[[Json], object]] = {
            "getme": lambda _: self.me,
            "sendmessage": self.chats.send_message,
            "senddocument": self.chats.send_document,
            "editmessagetext": self.chats.edit_message_text,
            "deletemessage": self.chats.delete_message,
            "createforumtopic": self.chats.create_forum_topic,
            "reopenforumtopic": self.chats.reopen_forum_topic,
            "getchat": self.chats.get_chat,
            "answercallbackquery": self._answer_callback_query,
            "setmycommands": self._set_my_commands,
            "getmycommands": lambda params: self.menus.get(self._menu_key(params), []),
            "answerinlinequery": self._answer_inline_query,
            "deletewebhook": self.updates.delete_webhook,
            "setwebhook": self.updates.set_webhook,
            "getwebhookinfo": self.updates.webhook_info,
        }

    async def start(self, port: int = 0) -> None:
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.url = "http://{}:{}".format(*self._runner.addresses[0])

    async def stop(self) -> None:
        self.updates.stop_polls()
        if self._runner:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    def calls_of(self, method: str) -> list[Json]:
        return [call.params for call in self.calls if call.method == method]

    # What people do, see also client.py

    def press(self, query: Json) -> int:
        self._open_queries.add(query["id"])
        return self.updates.report("callback_query", query)

    def hand_on(self, message: Json) -> int:
        """Report a message, unless the bot's privacy mode keeps it from the bot; 0 then."""
        if self.privacy_mode and not may_see(message, self.me):
            return 0
        return self.updates.report("message", message)

    def type_inline(self, query: Json) -> int:
        self._open_queries.add(query["id"])
        return self.updates.report("inline_query", query)

    def close(self, chat_id: int, by: Json) -> None:
        """Block the bot, or throw it out of a group."""
        room = self.chats.rooms[chat_id]
        room.closed = True
        change = {
            "chat": room.chat,
            "from": by,
            "date": int(time.time()),
            "old_chat_member": {"user": self.me, "status": "member"},
            "new_chat_member": {"user": self.me, "status": "kicked", "until_date": 0},
        }
        self.updates.report("my_chat_member", change)

    def migrate(self, chat_id: int, new_id: int, by: Json) -> None:
        """Make a supergroup of a group: a new id, and message ids start again."""
        old = self.chats.rooms[chat_id]
        old.moved_to = self.chats.open_group(new_id, old.chat["title"], kind="supergroup")
        new = self.chats.rooms[new_id]
        self.updates.report("message", old.add(by, migrate_to_chat_id=new_id))
        self.updates.report("message", new.add(by, migrate_from_chat_id=chat_id))

    # Requests

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        params = await _params(request)
        order = self.faults.take(method, params)
        fault = order.fault if order else None
        self.calls.append(Call(method, params, fault))
        self.changes.touch()
        try:
            if order and order.problem:
                raise order.problem
            if fault in {Fault.DROP, Fault.GARBAGE}:
                return _broken(request, fault)
            self._check_token(request.match_info["token"])
            result = await self._result(method.lower(), params)
            answer = web.json_response({"ok": True, "result": result})
        except Problem as problem:
            answer = web.json_response(problem.body(), status=problem.code)
        self.changes.touch()
        return _broken(request, fault) if fault is Fault.DROP_AFTER else answer

    def _check_token(self, token: str) -> None:
        if not _WELL_FORMED.fullmatch(token):
            raise Problem(404, "Not Found")
        if token != self.token:
            raise Problem(401, "Unauthorized")

    async def _result(self, method: str, params: Json) -> object:
        if method == "getupdates":
            return await self.updates.get_updates(params)
        if method not in self._methods:
            raise Problem(404, "Not Found: method not found")
        self.minutes.count(method, params)
        self.limits.count(method, params)
        return self._methods[method](params)

    def _answer_callback_query(self, params: Json) -> bool:
        query = params.get("callback_query_id", "")
        if query not in self._open_queries:
            raise bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        self._open_queries.remove(query)
        self.answered.append(query)
        return True

    def _set_my_commands(self, params: Json) -> bool:
        self.menus[self._menu_key(params)] = checked_commands(params.get("commands") or [])
        return True

    def _menu_key(self, params: Json) -> tuple[str, str]:
        """By kind of scope, or chat, and language; of a chat the bot must be a member."""
        scope, language = menu_key(params)
        if scope != "chat":
            return scope, language
        room = self.chats.room(params["scope"])
        return f"chat {room.chat['id']}", language

    def _answer_inline_query(self, params: Json) -> bool:
        query = params.get("inline_query_id", "")
        if query not in self._open_queries:
            raise bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        self.quotations[query] = checked_quotations(params)
        self._open_queries.remove(query)
        return True


async def _params(request: web.Request) -> Json:
    """Return the parameters, whether they came as JSON, as a form or in the address."""
    params: Json = dict(request.query)
    if request.content_type == "application/json":
        body: Json = await request.json()
        return params | body
    params |= await request.post()
    for name in _JSON_FIELDS:
        if isinstance(params.get(name), str):
            params[name] = json.loads(params[name])
    return params


def _broken(request: web.Request, fault: Fault | None) -> web.StreamResponse:
    if fault is Fault.GARBAGE:
        return web.Response(text="<html>502 nginx</html>", content_type="text/html")
    if request.transport:
        request.transport.close()
    return web.Response()


async def _main(port: int) -> None:
    from tests.telegram.console import talk  # noqa: PLC0415 - it imports this module

    server = FakeTelegram()
    await server.start(port)
    try:
        await talk(server)
    finally:
        await server.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A Bot API server for tests.")
    parser.add_argument("--port", type=int, default=8081)
    asyncio.run(_main(parser.parse_args().port))
