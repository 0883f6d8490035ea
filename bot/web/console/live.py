"""
/console/events: which tickets changed, as server-sent events.

The audit log is the cursor: each line of a ticket is news, and its number is the event's id; that
a colleague looked at something is none. One task asks for the newest line, for all browsers; a
form that came through this process wakes it. A stream is worth what its session is: it ends, and
says so, soon after the session does.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from http import HTTPStatus
from time import monotonic
from typing import Final

import structlog
from aiohttp import web

from bot.desk.audit import Sealed
from bot.errors import StoreError
from bot.web.console.console import Console
from bot.web.console.names import Names, names_of
from bot.web.console.navigation import DESK
from bot.web.console.visit import Visit
from bot.web.events import HEADERS, HEARTBEAT, START

MOST: Final = 500  # streams; each colleague who looks at a page has one
MOST_LINES: Final = 200  # behind so many a page reads itself anew
EVERYTHING: Final = 0  # in place of a ticket's number: too much has changed to be told
OVER: Final = b"event: over\ndata: {}\n\n"  # nobody may listen any more: do not come back
NUMBER_DIGITS: Final = 18  # fit the database's 64 bits

log = structlog.get_logger(__name__)


class Live:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._listeners: set[asyncio.Event] = set()
        self._woken = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self._closing = False

    def wake(self) -> None:
        """Something was written just now."""
        self._woken.set()

    async def close(self, _app: web.Application) -> None:
        """End all streams, that the server need not wait for them."""
        self._closing = True
        self._tell()
        if self._looking is not None:
            self._looking.cancel()
            with suppress(asyncio.CancelledError):
                await self._looking

    async def stream(self, visit: Visit) -> web.StreamResponse:
        if self._closing or len(self._listeners) >= MOST:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        changed = asyncio.Event()
        self._listeners.add(changed)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        response = web.StreamResponse(headers=HEADERS)
        try:
            await response.prepare(visit.request)
            await response.write(START)
            await self._pour(visit, response, changed)
        except ConnectionError:
            log.debug("console.stream.left")
        except StoreError as error:  # its answer has begun: end it here, and the page comes again
            log.warning("console.stream.ended", problem=str(error))
        finally:
            self._listeners.discard(changed)
        return response

    async def _pour(
        self, visit: Visit, response: web.StreamResponse, changed: asyncio.Event
    ) -> None:
        after = last_seen(visit.request)
        names = await names_of(self._console.services, visit.language)
        heartbeat, looked = self._console.config.heartbeat_s, monotonic()
        while not self._closing:
            changed.clear()  # first, that nothing which comes meanwhile is slept over
            if monotonic() - looked >= heartbeat:
                if not await self._may_listen(visit):
                    await response.write(OVER)
                    return
                looked = monotonic()
            lines, last = await self._lines(after)
            if lines:
                after = last
                await response.write(encode(lines, names, last=last))
            try:
                async with asyncio.timeout(heartbeat):
                    await changed.wait()
            except TimeoutError:
                await response.write(HEARTBEAT)

    async def _lines(self, after: int) -> tuple[Sequence[Sealed], int]:
        """The first ones about a ticket behind that line, and the number of the last there is."""
        async with self._console.services.store.read() as work:
            last = await work.audit.newest(of_tickets=True)
            if last <= after:
                return (), after
            lines = await work.audit.lines(after=after, limit=MOST_LINES + 1, of_tickets=True)
            return lines, max(last, lines[-1].id)

    async def _may_listen(self, visit: Visit) -> bool:
        """Whether the session is open, and the roster still has its owner at the desk."""
        found = await self._console.door.sessions.find(visit.session.token, used=False)
        roster = self._console.services.desk.roster
        return found is not None and roster.may_any(roster.acting(found.agent), DESK)

    async def _look(self) -> None:
        """While somebody listens."""
        last = -1
        while self._listeners and not self._closing:
            try:
                async with self._console.services.store.read() as work:
                    newest = await work.audit.newest(of_tickets=True)
            except StoreError as error:
                log.warning("console.live.store_failed", error=str(error))
            else:
                if newest != last:
                    last = newest
                    self._tell()
            self._woken.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._console.config.look_s):
                    await self._woken.wait()

    def _tell(self) -> None:
        for changed in self._listeners:
            changed.set()


def last_seen(request: web.Request) -> int:
    """The line after which to go on; the browser's own word is the newer one."""
    text = request.headers.get("Last-Event-ID") or request.query.get("after", "")
    plain = text.isascii() and text.isdecimal() and len(text) <= NUMBER_DIGITS
    return int(text) if plain else 0


def encode(lines: Sequence[Sealed], names: Names, *, last: int) -> bytes:
    """An event for each line; one for everything up to the `last` where they are many."""
    if len(lines) > MOST_LINES:
        return _event(last, EVERYTHING)
    return b"".join(
        _event(
            one.id,
            one.event.ticket_id,
            who=names.who(one.event.who),
            what=names.what(one.event.what),
        )
        for one in lines
        if one.event.ticket_id is not None
    )


def _event(line: int, ticket: int, **words: str) -> bytes:
    # JSON escapes line breaks, so the data is one line.
    data = json.dumps({"ticket": ticket, **words}, ensure_ascii=False)
    return f"id: {line}\nevent: change\ndata: {data}\n\n".encode(errors="replace")
