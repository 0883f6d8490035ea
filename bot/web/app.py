"""The citizens' pages and API as one aiohttp application."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Final, TypeAlias

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger

from bot.channels.web import WebChannel
from bot.fairness import Limiter, Pace
from bot.store.base import Store
from bot.web.assets import Assets
from bot.web.config import WebConfig
from bot.web.events import Events
from bot.web.messages import Messages
from bot.web.pages import Pages
from bot.web.shield import explain, protect

MAX_BODY_BYTES: Final = 64 * 1024
SHUTDOWN_S: Final = 5.0

Mount: TypeAlias = Callable[[web.UrlDispatcher], None]
"""Adds more routes; they get the headers and the failures in words that ours get."""


def create_app(
    *, store: Store, channel: WebChannel, config: WebConfig, documents: Mount | None = None
) -> web.Application:
    assets = Assets()
    pages = Pages(config=config, assets=assets)
    events = Events(store=store, channel=channel, config=config)
    pace = Pace(per_minute=config.messages_per_minute, burst=config.messages_per_minute)
    messages = Messages(channel=channel, limiter=Limiter(pace))

    async def healthz(_request: web.Request) -> web.Response:
        if channel.listening:
            return web.json_response({"status": "ok"})
        status = HTTPStatus.SERVICE_UNAVAILABLE
        return web.json_response({"status": "starting"}, status=status)

    app = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=[explain(pages)])
    app.on_response_prepare.append(protect)
    app.on_shutdown.append(events.close)
    app.router.add_get("/", pages.chat)
    app.router.add_get("/static/{version}/{name}", assets.handle)
    app.router.add_post("/api/messages", messages.handle)
    app.router.add_get("/api/events", events.handle, allow_head=False)
    app.router.add_get("/healthz", healthz)
    if documents is not None:
        documents(app.router)
    return app


class AccessLog(AbstractAccessLogger):
    """One line a request, without the query: it holds the conversation's secret."""

    def log(
        self,
        request: web.BaseRequest,
        response: web.StreamResponse,
        time: float,
    ) -> None:
        self.logger.info(
            "%s %s %s %s %.3fs", request.remote, request.method, request.path,
            response.status, time,
        )  # fmt: skip

    @property
    def enabled(self) -> bool:
        return self.logger.isEnabledFor(logging.INFO)


@asynccontextmanager
async def serving(app: web.Application, *, host: str, port: int) -> AsyncIterator[int]:
    """Serve until the block ends; give the port, which the system chooses for port 0."""
    runner = web.AppRunner(app, access_log_class=AccessLog, shutdown_timeout=SHUTDOWN_S)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
