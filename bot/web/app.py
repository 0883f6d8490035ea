"""The citizens' pages and API as one aiohttp application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Final, TypeAlias

from aiohttp import web

from bot.channels.web import WebChannel
from bot.degrade.level import Level
from bot.fairness import Limiter, Pace
from bot.links import is_web_page
from bot.seen.readiness import Readiness
from bot.store.base import Store
from bot.web.api.routes import add_routes as add_api
from bot.web.assets import Assets
from bot.web.clients import Visitors
from bot.web.config import WebConfig
from bot.web.console.visit import HOME
from bot.web.documents.reader import Reader
from bot.web.documents.routes import add_routes as add_documents
from bot.web.documents.site import Site
from bot.web.events import Events
from bot.web.library import Library
from bot.web.logs import AccessLog, server_log
from bot.web.messages import Messages
from bot.web.pages import Pages
from bot.web.patience import Patience
from bot.web.probes import ready
from bot.web.searching import Searching
from bot.web.shield import explain, protecting
from bot.web.widget import Widget

MAX_BODY_BYTES: Final = 64 * 1024
SHUTDOWN_S: Final = 5.0

Mount: TypeAlias = Callable[[web.UrlDispatcher], None]
"""Adds more routes; they get the headers and the failures in words that ours get."""
Staffed: TypeAlias = Callable[[Assets], web.Application]
"""Makes the staff console; it lies under HOME and has headers and failures of its own."""


def create_app(  # noqa: PLR0913 - each a part that a bot may be without
    *,
    store: Store,
    channel: WebChannel,
    config: WebConfig,
    library: Library | None = None,
    console: Staffed | None = None,
    more: Mount | None = None,
    readiness: Readiness | None = None,
    level: Callable[[], Level] = lambda: Level.FULL,
) -> web.Application:
    """
    `library` is what pages of documents and the API read; without it there are none. `readiness`
    is what /readyz tells, and `level` what the chat says that the bot does by itself now.
    """
    assets = Assets()
    pages = Pages(config=config, assets=assets, level=level)
    events = Events(store=store, channel=channel, config=config)
    pace = Pace(per_minute=config.messages_per_minute, burst=config.messages_per_minute)
    by_address = Pace(per_minute=config.messages_per_address, burst=config.messages_per_address)
    messages = Messages(
        channel=channel,
        limiter=Limiter(pace),
        hotline=config.hotline,
        visitors=Visitors(by_address, proxies=config.proxies),
    )

    async def healthz(_request: web.Request) -> web.Response:
        if channel.listening:
            return web.json_response({"status": "ok"})
        status = HTTPStatus.SERVICE_UNAVAILABLE
        return web.json_response({"status": "starting"}, status=status)

    app = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=[explain(pages)])
    app.on_response_prepare.append(protecting(config.url))
    app.on_shutdown.append(events.close)
    app.router.add_get("/", pages.chat)
    app.router.add_get("/static/{version}/{name}", assets.handle)
    if config.widget_sites:
        app.router.add_get("/widget.js", Widget(config.widget_sites).handle)
    app.router.add_post("/api/messages", messages.handle)
    app.router.add_get("/api/events", events.handle, allow_head=False)
    app.router.add_get("/healthz", healthz)
    if readiness is not None:
        app.router.add_get("/readyz", ready(readiness))
    if library is not None:
        site = _site(library, config)
        add_documents(app.router, pages, site)
        add_api(app.router, site, library)
    if more is not None:
        more(app.router)
    if console is not None:
        app.add_subapp(HOME, console(assets))
    return app


def _site(library: Library, config: WebConfig) -> Site:
    index = library.index
    pace = Pace(per_minute=config.searches_per_minute, burst=config.searches_per_minute)
    return Site(
        reader=Reader(library.releases, lambda: index.release),
        searching=Searching(index),
        visitors=Visitors(pace, proxies=config.proxies),
        clock=library.clock,
        url=config.url if is_web_page(config.url) else "",
    )


@asynccontextmanager
async def serving(
    app: web.Application, *, host: str, port: int, patience: Patience | None = None
) -> AsyncIterator[int]:
    """Serve until the block ends; give the port, which the system chooses for port 0."""
    patience = patience or Patience()
    app.middlewares.insert(0, patience.middleware)
    runner = web.AppRunner(
        app, access_log_class=AccessLog, logger=server_log(), shutdown_timeout=SHUTDOWN_S
    )
    await runner.setup()
    waiting = asyncio.create_task(patience.run(runner))
    try:
        await web.TCPSite(runner, host, port).start()
        yield int(runner.addresses[0][1])
    finally:
        waiting.cancel()
        await runner.cleanup()
