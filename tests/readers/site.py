"""A site on this machine that behaves as it is told, and remembers who asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

from aiohttp import web
from aiohttp.test_utils import TestServer

from knowledge.manners import Manners

Page: TypeAlias = Callable[[web.Request], web.StreamResponse]
QUICK = Manners(delay_s=0.0, timeout_s=5.0, private=True)


@dataclass
class Site:
    url: str = ""
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    slow_s: float = 0.0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        self.headers.append(dict(request.headers))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(self.slow_s)
            page = self.pages.get(request.path)
            return page(request) if page else web.Response(status=404)
        finally:
            self.at_once -= 1

    def html(self, path: str, body: str, **headers: str) -> None:
        def page(request: web.Request) -> web.Response:
            if headers.get("ETag") and request.headers.get("If-None-Match") == headers["ETag"]:
                return web.Response(status=304, headers=headers)
            return web.Response(
                text=f"<html><body><p>{body}</p></body></html>",
                content_type="text/html",
                headers=headers,
            )

        self.pages[path] = page

    def text(self, path: str, body: str) -> None:
        self.pages[path] = lambda _: web.Response(text=body)

    def status(self, path: str, status: int) -> None:
        self.pages[path] = lambda _: web.Response(status=status, headers={"Retry-After": "0"})

    def move(self, path: str, to: str) -> None:
        self.pages[path] = lambda _: web.Response(status=302, headers={"Location": to})


@asynccontextmanager
async def running() -> AsyncIterator[Site]:
    site = Site()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", site.answer)
    async with TestServer(app) as server:
        site.url = str(server.make_url("")).rstrip("/")
        yield site
