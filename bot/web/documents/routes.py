"""Where the pages of documents are."""

from __future__ import annotations

from aiohttp import web

from bot.web.documents.pages import DocumentPages
from bot.web.documents.search import SearchPage
from bot.web.documents.site import Frame, Site
from bot.web.pages import Pages


def add_routes(router: web.UrlDispatcher, pages: Pages, site: Site) -> None:
    frame = Frame(pages, site)
    documents = DocumentPages(frame, site)
    search = SearchPage(frame, site)

    async def to_list(_request: web.Request) -> web.Response:
        raise web.HTTPMovedPermanently("/documents/")

    router.add_get("/documents", to_list)
    router.add_get("/documents/", documents.list)
    router.add_get("/documents/{id}", documents.show)
    router.add_get("/documents/{id}/changes", documents.changes)
    router.add_get("/documents/{id}/code.svg", documents.code)
    router.add_get("/search", search.handle)
