"""Deliveries as server-sent events, read from the store: nothing missed, nothing doubled."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from typing import Final

import structlog
from aiohttp import web

from bot.channels.web import WebChannel
from bot.store.base import Queued, Store
from bot.types import Address, Attachment, Delivery, RichText, Span
from bot.web import problems
from bot.web.clients import asker_of
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
        "body": [{"text": s.text, "style": s.style, "href": s.href} for s in _body(delivery)],
        "buttons": [
            [{"label": b.label, "action": b.action, "url": b.url} for b in row]
            for row in delivery.buttons
        ],
        "file": _file(delivery.attachment),
        "ticket_id": delivery.ticket_id,
    }
    # JSON escapes line breaks, so the data is one line; \u2028 and the like are no breaks here.
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"id: {queued.id}\ndata: {text}\n\n".encode(errors="replace")


def _body(delivery: Delivery) -> RichText:
    """With the text of a file at the end: that is read here, and other files are kept."""
    file = delivery.attachment
    if file is None or not file.text:
        return delivery.body
    return (*delivery.body, Span(f"\n\n{file.name}\n{file.text}"))


def _file(attachment: Attachment | None) -> Mapping[str, str] | None:
    """A file that is no text, whole: a page that has it needs no way to fetch it."""
    if attachment is None or not attachment.data:
        return None
    data = base64.b64encode(attachment.data).decode()
    return {"name": attachment.name, "media_type": attachment.media_type, "data": data}


def last_seen(request: web.Request) -> int:
    """Return the id after which to go on. The browser's own word is the newer one."""
    text = request.headers.get("Last-Event-ID") or request.query.get("after") or "0"
    if _ID.fullmatch(text):
        return int(text)
    raise problems.bad("bad_after", "after is the id of the last event that was seen.")


class Listener:
    """One browser that reads, from which address, and since when it has heard nothing."""

    def __init__(self, request: web.Request, woken: asyncio.Event, who: str) -> None:
        self.woken = woken
        self.who = who
        self.response = web.StreamResponse(headers=HEADERS)
        self._request = request
        self._gave_way = False
        self._clock = asyncio.get_running_loop().time
        self._wrote_s = self._clock()

    @property
    def connected(self) -> bool:
        transport = self._request.transport
        return not self._gave_way and transport is not None and not transport.is_closing()

    def give_way(self) -> None:
        """End, for somebody who has no line yet. The browser asks again, and is told to wait."""
        self._gave_way = True
        self.woken.set()

    @property
    def silent_s(self) -> float:
        return self._clock() - self._wrote_s

    async def open(self) -> None:
        """Raise ConnectionError if the browser has left meanwhile; so does `write`."""
        await self.response.prepare(self._request)
        await self.write(START)

    async def write(self, data: bytes) -> None:
        await self.response.write(data)
        self._wrote_s = self._clock()

    async def rest(self, look_s: float) -> bool:
        """Wait for a wake-up, `look_s` at most; say whether there was one."""
        with suppress(TimeoutError):
            async with asyncio.timeout(look_s):
                await self.woken.wait()
        return self.woken.is_set()


class Events:
    """The open streams of one application."""

    def __init__(self, *, store: Store, channel: WebChannel, config: WebConfig) -> None:
        self._store = store
        self._channel = channel
        self._config = config
        self._open: dict[str, set[Listener]] = {}
        self._closing = False

    async def handle(self, request: web.Request) -> web.StreamResponse:
        address = Address(self._channel.name, chat_of(request.query.get("chat")))
        after = last_seen(request)
        with self._listening(request, address.chat) as listener:
            try:
                await listener.open()
                await self._pour(listener, address, after)
            except ConnectionError:
                log.debug("web.stream.left")
            except Exception:  # its answer has begun: end it here, and the browser comes again
                log.exception("web.stream.failed")
        return listener.response

    async def close(self, _app: web.Application) -> None:
        """End all streams, that the server need not wait for them."""
        self._closing = True
        for listeners in self._open.values():
            for listener in listeners:
                listener.woken.set()

    @contextmanager
    def _listening(self, request: web.Request, chat: str) -> Iterator[Listener]:
        who = asker_of(request, proxies=self._config.proxies)
        self._check(chat, who)
        with self._channel.reading(chat) as woken:
            listener = Listener(request, woken, who)
            listeners = self._open.setdefault(chat, set())
            listeners.add(listener)
            try:
                yield listener
            finally:
                listeners.discard(listener)
                if not listeners:
                    self._open.pop(chat, None)

    def _check(self, chat: str, who: str) -> None:
        """Raise Problem where there is no room for one more."""
        # One that has left stays here until its next look, but it takes nobody's place.
        here = [one for one in self._open.get(chat, ()) if one.connected]
        if len(here) >= self._config.streams_per_chat:
            raise problems.too_many_pages(RETRY_S)
        if self._closing or not self._has_room(who):
            raise problems.busy(RETRY_S)

    def _has_room(self, who: str) -> bool:
        """
        Where every line is taken, the address that has most of them gives way to one that has
        few: nobody takes them all from everybody else.
        """
        if sum(map(len, self._open.values())) < self._config.streams:
            return True
        taken = [one for one in chain.from_iterable(self._open.values()) if one.connected]
        if len(taken) < self._config.streams:
            return True
        lines = Counter(one.who for one in taken)
        most, number = lines.most_common(1)[0]
        if number <= lines[who] + 1:
            return False
        next(one for one in taken if one.who == most).give_way()
        return True

    async def _read(self, address: Address, after: int) -> Sequence[Queued]:
        # No transaction stays open while a slow browser takes what was read.
        async with self._store.read() as work:
            return await work.outbox.delivered(address, after=after, limit=BATCH)

    async def _pour(self, listener: Listener, address: Address, after: int) -> None:
        look_s = FIRST_LOOK_S
        ready = False
        while listener.connected and not self._closing:
            listener.woken.clear()  # first, that nothing which comes meanwhile is slept over
            batch = await self._read(address, after)
            if batch:
                await listener.write(b"".join(map(encode, batch)))
                after = batch[-1].id
            if len(batch) == BATCH:
                continue
            if not ready:
                ready = True
                await listener.write(READY)
            if listener.silent_s >= self._config.heartbeat_s:
                await listener.write(HEARTBEAT)
            look_s = FIRST_LOOK_S if batch else look_s
            woken = await listener.rest(look_s)
            look_s = FIRST_LOOK_S if woken else min(2 * look_s, self._config.poll_s)
