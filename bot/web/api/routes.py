"""The endpoints of the table, each with its handler."""

from __future__ import annotations

from aiohttp import web

from bot.web.api.handlers import Api
from bot.web.api.openapi import described
from bot.web.api.table import ENDPOINTS
from bot.web.documents.site import Site
from bot.web.library import Library


def add_routes(router: web.UrlDispatcher, site: Site, library: Library) -> None:
    """Add what is ours; messages, events and health have their handlers in the chat page."""
    api = Api(site, library)
    description = described(ENDPOINTS, title=library.bureau.name)

    async def openapi(_request: web.Request) -> web.Response:
        return web.json_response(description)

    handlers = {
        "search": api.search,
        "documents": api.documents,
        "document": api.document,
        "answers": api.answers,
        "openapi": openapi,
    }
    for endpoint in ENDPOINTS:
        if endpoint.name in handlers:
            router.add_route(endpoint.method.upper(), endpoint.path, handlers[endpoint.name])
