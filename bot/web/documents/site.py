"""What the pages of documents have in common: their reader, their words, their links."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from urllib.parse import urlencode

from aiohttp import web

from bot.links import document_path, is_web_page, quoted_path
from bot.web.clients import Visitors
from bot.web.documents.reader import Reader
from bot.web.documents.texts import kinds, load_texts, standings
from bot.web.pages import Pages, language_of
from bot.web.searching import Searching
from knowledge.types import Lang


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Shared by the pages and by the API."""

    reader: Reader
    searching: Searching
    visitors: Visitors
    clock: Callable[[], datetime]  # at the bureau: its day decides what is in force
    url: str = ""  # where citizens reach us, or "" if that is not known

    def today(self) -> date:
        return self.clock().date()


class Frame:
    """Fills templates with what all of them use."""

    def __init__(self, pages: Pages, site: Site) -> None:
        self._pages = pages
        self._site = site
        self._texts = load_texts()

    @property
    def version(self) -> str:
        """Of what the pages load: another one after an update."""
        return self._pages.version

    def render(
        self,
        request: web.Request,
        name: str,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        **values: object,
    ) -> web.Response:
        language = language_of(request)
        return self._pages.render(
            request,
            f"documents/{name}.html",
            status=status,
            d=self._texts[language],
            kinds=kinds(language),
            standings=standings(language),
            today=self._site.today(),
            document_path=lambda one: keeping_language(request, document_path(one.id)),
            quoted_path=lambda one, words: keeping_language(request, quoted_path(one.id, words)),
            is_web_page=is_web_page,
            here=lambda **changes: changed(request, changes),
            keep=lambda path: keeping_language(request, path),
            chosen_language=request.query.get("lang", ""),
            **values,
        )


def changed(request: web.Request, changes: Mapping[str, object]) -> str:
    """This page with other values in its query; what is None or "" goes."""
    query = {**request.query, **changes}
    kept = {name: str(value) for name, value in query.items() if value not in {None, ""}}
    return f"?{urlencode(kept)}" if kept else request.rel_url.raw_path


def keeping_language(request: web.Request, path: str) -> str:
    """A link of ours in the language that was chosen by one."""
    chosen = request.query.get("lang", "")
    if chosen not in set(Lang):
        return path
    whole, mark, fragment = path.partition("#")
    joint = "&" if "?" in whole else "?"
    return f"{whole}{joint}{urlencode({'lang': chosen})}{mark}{fragment}"
