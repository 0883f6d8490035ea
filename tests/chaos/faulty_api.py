"""
The Bot API on bad days, and a record of what arrived there: by which process, when, what came of it.

A process has an address of its own here (`url_of`), so each request is known to be its request,
however late it is read.
"""

from __future__ import annotations

import asyncio
import random
import time
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from aiohttp import web

from tests.telegram.fake_api import FakeTelegram
from tests.telegram.fake_rules import Json, Problem
from tests.telegram.fake_updates import Changes, Updates

SENDING: Final = frozenset({"sendmessage", "editmessagetext", "senddocument"})
# A killed process forgets how much it sent to a group, and the next one sends as much again: with
# Telegram's own minute, two hundred kills would take half a day.
MINUTES_FASTER: Final = 30
LATEST_S: Final = 2.0  # that an update comes late
REPEATED: Final = 0.1  # of all batches of updates hold one that was known before
RETRY_AFTER_S: Final = 1


class Mishap(StrEnum):
    THROTTLED = "429"
    BROKEN = "500"
    DROPPED = "cut before"  # the connection is cut, nothing is done
    SILENT = "silent before"  # accepted, never answered, nothing is done
    CUT = "cut after"  # done, then the connection is cut
    MUTE = "silent after"  # done, never answered
    HALF = "half an answer"  # done, and the answer stops in the middle


REFUSED: Final = frozenset({Mishap.THROTTLED, Mishap.BROKEN, Mishap.DROPPED, Mishap.SILENT})


@dataclass(slots=True, kw_only=True)
class Arrival:
    """A message or an edit that the bot sent, and that is in the chat now."""

    life: int  # number of the process
    chat: int
    message_id: int
    text: str
    edits: bool
    answered_at: float | None = None  # by time.monotonic(); None: the bot got no whole answer


class FaultyUpdates(Updates):
    """Some come late, and so in another order; some come again."""

    def __init__(self, changes: Changes, chance: random.Random) -> None:
        super().__init__(changes)
        self.loose: set[int] = set()  # chats whose updates come in any order
        self.held = 0  # updates that are on their way
        self._chance = chance

    def report(self, kind: str, content: Json) -> int:
        if _chat_of(content) not in self.loose:
            return super().report(kind, content)
        self.held += 1
        late_s = self._chance.uniform(0, LATEST_S)
        asyncio.get_running_loop().call_later(late_s, self._report_late, kind, content)
        return 0

    async def get_updates(self, params: Json) -> list[Json]:
        found = await super().get_updates(params)
        if found and self._chance.random() < REPEATED:
            self.resend(self._chance.choice(list(self._all)))
        return found

    @property
    def reported(self) -> dict[int, Json]:
        """All that were ever there, by their ids."""
        return self._all

    def _report_late(self, kind: str, content: Json) -> None:
        self.held -= 1
        super().report(kind, content)


class FaultyTelegram(FakeTelegram):
    def __init__(self, chance: random.Random, *, faulty: float) -> None:
        """Of all requests the part `faulty` meets a mishap, until `calm` is set."""
        super().__init__()
        self.faulty_updates = FaultyUpdates(self.changes, chance)
        self.updates = self.faulty_updates
        self.arrivals: list[Arrival] = []
        self.mishaps: list[Mishap] = []
        self.calm = False
        self._chance = chance
        self._faulty = faulty
        self._methods["deletewebhook"] = self.updates.delete_webhook
        self.minutes.clock = lambda: time.monotonic() * MINUTES_FASTER

    async def start(self, port: int = 0) -> None:
        app = web.Application()
        app.router.add_route("*", "/life{life}/bot{token}/{method}", self._serve_life)
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.url = "http://{}:{}".format(*self._runner.addresses[0])

    def url_of(self, life: int) -> str:
        return f"{self.url}/life{life}"

    async def _serve_life(self, request: web.Request) -> web.StreamResponse:
        mishap = self._next_mishap(request.match_info["method"].lower())
        if mishap is not None:
            self.mishaps.append(mishap)
        if mishap in REFUSED:
            return await _refused(request, mishap)
        arrived: list[Arrival] = []
        _arrived.set(arrived)
        _life.set(int(request.match_info["life"]))
        answer = await self._serve(request)
        if mishap is not None:
            return await _spoiled(request, answer, mishap)
        await answer.prepare(request)
        await answer.write_eof()
        for arrival in arrived:
            arrival.answered_at = time.monotonic()
        return answer

    def _next_mishap(self, method: str) -> Mishap | None:
        """Polls that are silent would stop everything for as long as a whole life lasts."""
        if self.calm or self._chance.random() >= self._faulty:
            return None
        kinds = [Mishap.THROTTLED, Mishap.BROKEN, Mishap.DROPPED]
        return self._chance.choice(list(Mishap) if method in SENDING else kinds)

    async def _result(self, method: str, params: Json) -> object:
        result = await super()._result(method, params)
        if method in SENDING and isinstance(result, dict):
            arrival = Arrival(
                life=_life.get(),
                chat=result["chat"]["id"],
                message_id=result["message_id"],
                text=str(result.get("text", "")),
                edits=method == "editmessagetext",
            )
            _arrived.get().append(arrival)
            self.arrivals.append(arrival)
        return result


# Of the request that is being served.
_life: ContextVar[int] = ContextVar("life")
_arrived: ContextVar[list[Arrival]] = ContextVar("arrived")


async def _refused(request: web.Request, mishap: Mishap) -> web.StreamResponse:
    """Do nothing of what was asked."""
    match mishap:
        case Mishap.THROTTLED:
            words = f"Too Many Requests: retry after {RETRY_AFTER_S}"
            problem = Problem(429, words, retry_after=RETRY_AFTER_S)
            return web.json_response(problem.body(), status=429)
        case Mishap.BROKEN:
            return web.json_response(Problem(500, "Internal Server Error").body(), status=500)
        case Mishap.SILENT:
            return await _never()
        case _:
            return _cut(request)


async def _spoiled(
    request: web.Request, answer: web.StreamResponse, mishap: Mishap
) -> web.StreamResponse:
    """What was asked is done; whoever asked is not told so."""
    if mishap is Mishap.MUTE:
        return await _never()
    if mishap is Mishap.HALF and isinstance(answer, web.Response):
        whole = answer.body if isinstance(answer.body, bytes) else b""
        half = web.StreamResponse(headers={"Content-Length": str(len(whole))})
        half.content_type = answer.content_type
        await half.prepare(request)
        await half.write(whole[: len(whole) // 2])
    return _cut(request)


async def _never() -> web.StreamResponse:
    await asyncio.Event().wait()  # until whoever asked hangs up
    raise AssertionError


def _cut(request: web.Request) -> web.StreamResponse:
    if request.transport:
        request.transport.close()
    return web.Response()


def _chat_of(content: Json) -> int:
    message = content.get("message", content)
    return int(message["chat"]["id"])
