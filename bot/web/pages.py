"""HTML pages, rendered here; every value in them is escaped."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.degrade.level import Level
from bot.languages import speaks
from bot.web import policy
from bot.web.assets import Assets, load_texts
from bot.web.config import WebConfig
from bot.web.intake import HARD_MAX_CHARS
from bot.web.languages import negotiate
from knowledge.types import Lang


def language_of(request: web.Request) -> Lang:
    """A choice by a link needs neither JavaScript nor a cookie."""
    chosen = speaks(request.query.get("lang", ""))
    return chosen or negotiate(request.headers.get("Accept-Language", ""))


def templates() -> Environment:
    """Those of bot/web/templates. Every value in them is escaped, and none may be missing."""
    return Environment(
        loader=PackageLoader("bot.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class Pages:
    def __init__(
        self,
        *,
        config: WebConfig,
        assets: Assets,
        level: Callable[[], Level] = lambda: Level.FULL,
    ) -> None:
        self.version = assets.version
        self._config = config
        self._level = level
        self._texts = load_texts()
        self._environment = templates()
        self._environment.globals.update(
            config=config,
            telephone=re.sub(r"[^0-9+]", "", config.hotline),
            static=f"/static/{assets.version}",
            languages={lang: texts["name"] for lang, texts in self._texts.items()},
            hard_max_chars=HARD_MAX_CHARS,
        )

    async def chat(self, request: web.Request) -> web.Response:
        """The chat; with ?embed=1 for a frame on one of the sites that may show it."""
        embedded = request.query.get("embed") == "1"
        site = request.query.get("site", "") if embedded else ""
        sites = self._config.widget_sites
        response = self.render(
            request,
            "chat.html",
            embedded=embedded,
            site=site if site in sites else "",
            level=self._level(),
        )
        if embedded:
            response.headers[policy.HEADER] = policy.content_policy(*sites)
        return response

    def problem(
        self, request: web.Request, status: HTTPStatus, *, wait_s: int | None = None
    ) -> web.Response:
        """`wait_s`: after which it is worth another try."""
        return self.render(request, "problem.html", status=status, wait_s=wait_s)

    def render(
        self,
        request: web.Request,
        name: str,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        **values: object,
    ) -> web.Response:
        """Fill a template in the language that is asked for: by ?lang=, else by the browser."""
        lang = language_of(request)
        text = self._environment.get_template(name).render(
            lang=lang, t=self._texts[lang], status=status, **values
        )
        return web.Response(
            text=text,
            status=status,
            content_type="text/html",
            headers={"Cache-Control": "no-cache", "Vary": "Accept-Language"},
        )
