"""Deliveries as server-sent events, read from the store: nothing missed, nothing doubled."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

import structlog
from aiohttp import web

from bot.channels.web import WebChannel
from bot.store.base import Queued, Store
from bot.types import Address
from bot.web import problems
from bot.web.config import WebConfig
from bot.web.intake import chat_of

log = structlog.get_logger(__name__)

BATCH: Final = 100
FIRST_LOOK_S: Final = 0.05  # a wake-up comes before the row is committed; then twice as long …
RETRY_S: Final = 10
START: Final = b"retry: 2000\n\n"  # ms until the browser reconnects
READY: Final = b"event: ready\ndata: {}\n\n"  # all that was waiting has been sent
HEARTBEAT: Final = b"event: heartbeat\ndata: {}\n\n"  # an event, for the page listens for silence
HEADERS: Final = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx, hand it on at once
}
_ID: Final = re.compile(r"[0-9]{1,18}")  # fits the database's 64 bits


def encode(queued: Queued) -> bytes:
    """Write one delivery as an event. Its id is what a reconnecting browser names."""
    delivery = queued.delivery
    data = {
        "id": queued.id,
        "ref": queued.platform_id,
        "key": delivery.key,
        "body": [{"text": s.text, "style": s.style, "href": s.href} for s in delivery.body],
        "buttons": [
            [{"label": b.label, "action": b.action, "url": b.url} for b in row]
            for row in delivery.buttons
        ],
        "ticket_id": delivery.ticket_id,
    }
    # JSON escapes line breaks, so the data is one line; \u2028 and the like are no breaks here.
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"id: {queued.id}\ndata: {text}\n\n".encode(errors="replace")


def last_seen(request: web.Request) -> int:
    """Return the id after which to go on. The browser's own word is the newer one."""
    text = request.headers.get("Last-Event-ID") or request.query.get("after") or "0"
    if _ID.fullmatch(text):
        return int(text)
    raise problems.bad("bad_after", "after is the id of the last event that was seen.")


class Events:
    """The open streams of one application."""

    def __init__(self, *, store: Store, channel: WebChannel, config: WebConfig) -> None:
        self._store = store
        self._channel = channel
        self._config = config
        self._open: dict[str, set[asyncio.Event]] = {}
        self._closing = False

    async def handle(self, request: web.Request) -> web.StreamResponse:
        address = Address(self._channel.name, chat_of(request.query.get("chat")))
        after = last_seen(request)
        response = web.StreamResponse(headers=HEADERS)
        with self._slot(address.chat) as woken, suppress(ConnectionError):
            await response.prepare(request)
            tap = _Tap(request, response)
            try:
                await tap.write(START)
                await self._pour(tap, address, after, woken)
            except ConnectionError:  # the browser left
                raise
            except Exception:  # its answer has begun: end it here, and the browser comes again
                log.exception("web.stream.failed")
        return response

    async def close(self, _app: web.Application) -> None:
        """End all streams, that the server need not wait for them."""
        self._closing = True
        for streams in self._open.values():
            for woken in streams:
                woken.set()

    @property
    def open(self) -> int:
        return sum(map(len, self._open.values()))

    @contextmanager
    def _slot(self, chat: str) -> Iterator[asyncio.Event]:
        if self._closing or self.open >= self._config.streams:
            raise problems.busy(RETRY_S)
        if len(self._open.get(chat, ())) >= self._config.streams_per_chat:
            raise problems.too_many_pages(RETRY_S)
        with self._channel.reading(chat) as woken:
            streams = self._open.setdefault(chat, set())
            streams.add(woken)
            try:
                yield woken
            finally:
                streams.discard(woken)
                if not streams:
                    del self._open[chat]

    async def _read(self, address: Address, after: int) -> Sequence[Queued]:
        # No transaction stays open while a slow browser takes what was read.
        async with self._store.begin() as work:
            return await work.outbox.delivered(address, after=after, limit=BATCH)

    async def _pour(self, tap: _Tap, address: Address, after: int, woken: asyncio.Event) -> None:
        look_s = FIRST_LOOK_S
        ready = False
        while not self._closing and tap.connected:
            woken.clear()  # first, that nothing which comes during the query is slept over
            batch = await self._read(address, after)
            if batch:
                await tap.write(b"".join(map(encode, batch)))
                after = batch[-1].id
            if len(batch) == BATCH:
                continue
            if not ready:
                ready = True
                await tap.write(READY)
            if batch:
                look_s = FIRST_LOOK_S
            if await self._rest(tap, woken, look_s):
                look_s = FIRST_LOOK_S
            else:
                look_s = min(2 * look_s, self._config.poll_s)

    async def _rest(self, tap: _Tap, woken: asyncio.Event, look_s: float) -> bool:
        """Wait for a wake-up, `look_s` at most; say whether there was one."""
        with suppress(TimeoutError):
            async with asyncio.timeout(look_s):
                await woken.wait()
        if tap.silent_s >= self._config.heartbeat_s:
            await tap.write(HEARTBEAT)
        return woken.is_set()


class _Tap:
    """A response being written, and since when it has been silent."""

    def __init__(self, request: web.Request, response: web.StreamResponse) -> None:
        self._request = request
        self._response = response
        self._clock = asyncio.get_running_loop().time
        self._wrote_s = self._clock()

    @property
    def connected(self) -> bool:
        transport = self._request.transport
        return transport is not None and not transport.is_closing()

    @property
    def silent_s(self) -> float:
        return self._clock() - self._wrote_s

    async def write(self, data: bytes) -> None:
        await self._response.write(data)
        self._wrote_s = self._clock()
