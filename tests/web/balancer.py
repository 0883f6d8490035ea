"""A balancer without sticky sessions: each request goes to the next worker."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import aiohttp
from aiohttp import web
from yarl import URL

from bot.web.app import serving

OF_ONE_LINE: Final = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})


@dataclass
class Balancer:
    http: aiohttp.ClientSession
    url: str = ""
    workers: list[str] = field(default_factory=list)
    sent: int = 0
    asked: Counter[str] = field(default_factory=Counter)  # by worker

    async def pass_on(self, request: web.Request) -> web.StreamResponse:
        worker = self.workers[self.sent % len(self.workers)]
        self.sent += 1
        self.asked[worker] += 1
        async with self.http.request(
            request.method,
            URL(f"{worker}{request.raw_path}", encoded=True),
            headers=_of_the_message(request.headers),
            data=await request.read() or None,
            allow_redirects=False,
        ) as answer:
            response = web.StreamResponse(
                status=answer.status, headers=_of_the_message(answer.headers)
            )
            await response.prepare(request)
            async for data in answer.content.iter_any():
                await response.write(data)
        return response


def _of_the_message(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    """Without those that are about one line alone. The host stays, as proxies are told to do."""
    return [(name, value) for name, value in headers.items() if name.lower() not in OF_ONE_LINE]


@asynccontextmanager
async def balancing() -> AsyncIterator[Balancer]:
    """Serves at once; the workers are named afterwards, for they must know its address."""
    # A cookie belongs to a browser, and never to the balancer.
    async with aiohttp.ClientSession(
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        timeout=aiohttp.ClientTimeout(total=None),
    ) as http:
        balancer = Balancer(http)
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", balancer.pass_on)
        async with serving(app, host="127.0.0.1", port=0) as port:
            balancer.url = f"http://127.0.0.1:{port}"
            yield balancer
