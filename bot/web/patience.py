"""
How long a connection may keep us waiting: for a request that is not sent, or comes in drops.

aiohttp waits for both without end, so that a few hundred open connections of one computer would
keep everybody out (RFC 9110 section 15.5.9; the attack is known as Slowloris).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from aiohttp import web
from aiohttp.typedefs import Middleware

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]
Connection: TypeAlias = web.RequestHandler

SILENT_S: Final = 75.0  # without a request, or between two
BODY_S: Final = 30.0  # for what is posted, and a second more for each
BODY_BYTES: Final = 4096  # that have come: a maintainer's document may be large, and a line slow
LOOK_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Waited:
    """Since when a connection has kept us waiting, in s of the loop's clock."""

    since_s: float
    request: web.Request | None = None  # whose body comes, or has come; None: none is there


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """The open connections of a server; `sweep` closes those that kept us waiting too long."""

    silent_s: float = SILENT_S
    body_s: float = BODY_S
    look_s: float = LOOK_S
    _waited: dict[Connection, Waited] = field(default_factory=dict)

    @property
    def middleware(self) -> Middleware:
        @web.middleware
        async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
            with self._handling(request):
                return await handler(request)

        return middleware

    async def run(self, runner: web.AppRunner) -> None:
        """Look after the connections until it is cancelled."""
        while True:
            if runner.server is not None:
                self.sweep(runner.server.connections, at_s=asyncio.get_running_loop().time())
            await asyncio.sleep(self.look_s)

    def sweep(self, connections: Iterable[Connection], *, at_s: float) -> None:
        there = set(connections)
        for gone in self._waited.keys() - there:
            del self._waited[gone]
        for connection in there:
            waited = self._waited.setdefault(connection, Waited(at_s))
            if self._is_over(waited, at_s) and connection.transport is not None:
                connection.transport.abort()

    @contextmanager
    def _handling(self, request: web.Request) -> Iterator[None]:
        clock = asyncio.get_running_loop().time
        self._waited[request.protocol] = Waited(clock(), request)
        try:
            yield
        finally:
            self._waited[request.protocol] = Waited(clock())

    def _is_over(self, waited: Waited, at_s: float) -> bool:
        lasted_s = at_s - waited.since_s
        if waited.request is None:
            return lasted_s > self.silent_s
        body = waited.request.content
        return not body.is_eof() and lasted_s > self.body_s + body.total_bytes / BODY_BYTES
