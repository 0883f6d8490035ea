"""
What programs ask that look after the bot: its figures, and whether it lives and can serve.

The figures have a listener of their own, which nobody reaches from outside unless it is told to:
they tell how busy an office is, and whom it keeps waiting.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final, TypeAlias

from aiohttp import web

from bot.seen.readiness import Readiness
from bot.web.logs import PROBES
from bot.web.shield import Signal

Figures: TypeAlias = Callable[[], Awaitable[bytes]]
Responded: TypeAlias = Callable[[str, int], None]

_PARTS: Final = frozenset({"api", "console", "documents", "search", "static"})


def ready(readiness: Readiness) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Make the handler of /readyz: 200 or 503, and how each part stands."""

    async def handle(_request: web.Request) -> web.Response:
        found = await readiness()
        body = {"status": "ready" if found else "not ready", "parts": dict(found.parts)}
        status = HTTPStatus.OK if found else HTTPStatus.SERVICE_UNAVAILABLE
        return web.json_response(body, status=status)

    return handle


def watching(figures: Figures, readiness: Readiness, *, content_type: str) -> web.Application:
    """The application of the listener for programs alone."""

    async def metrics(_request: web.Request) -> web.Response:
        return web.Response(body=await figures(), headers={"Content-Type": content_type})

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    app = web.Application()
    app.router.add_get("/metrics", metrics)
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", ready(readiness))
    return app


def counting(responded: Responded) -> Signal:
    """Tell of every response to which part of the site it belongs, and its status."""

    async def count(request: web.Request, response: web.StreamResponse) -> None:
        responded(part_of(request.path), response.status)

    return count


def part_of(path: str) -> str:
    """One of a few words, whatever somebody asks for."""
    if path in PROBES:
        return "probe"
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    if path == "/":
        return "chat"
    return first if first in _PARTS else "other"
