"""HTML pages, rendered here; every value in them is escaped."""

from __future__ import annotations

import re
from http import HTTPStatus

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.web.assets import Assets, load_texts
from bot.web.config import WebConfig
from bot.web.intake import HARD_MAX_CHARS
from bot.web.languages import negotiate
from knowledge.types import Lang


class Pages:
    def __init__(self, *, config: WebConfig, assets: Assets) -> None:
        self._texts = load_texts()
        self._environment = Environment(
            loader=PackageLoader("bot.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            config=config,
            telephone=re.sub(r"[^0-9+]", "", config.hotline),
            static=f"/static/{assets.version}",
            languages={lang: texts["name"] for lang, texts in self._texts.items()},
            hard_max_chars=HARD_MAX_CHARS,
        )

    async def chat(self, request: web.Request) -> web.Response:
        return self._render(request, "chat.html", status=HTTPStatus.OK)

    def problem(self, request: web.Request, status: HTTPStatus) -> web.Response:
        return self._render(request, "problem.html", status=status)

    def _render(self, request: web.Request, name: str, *, status: HTTPStatus) -> web.Response:
        lang: Lang = negotiate(request.headers.get("Accept-Language", ""))
        text = self._environment.get_template(name).render(
            lang=lang, t=self._texts[lang], status=status
        )
        return web.Response(
            text=text,
            status=status,
            content_type="text/html",
            headers={"Cache-Control": "no-cache", "Vary": "Accept-Language"},
        )
