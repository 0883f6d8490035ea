"""
GET /widget.js: the button that a bureau's site gets by one line.

Its address bears no digest, for that line stands on sites which nobody changes with an update.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Sequence
from http import HTTPStatus
from importlib.resources import files
from typing import Final

from aiohttp import web

KEPT_S: Final = 600  # so late may a site see an update
_STATIC: Final = files("bot.web") / "static"


class Widget:
    def __init__(self, sites: Sequence[str]) -> None:
        """`sites` are the origins that may show it. On others it does nothing and says why."""
        self._body = _script(sites).encode()
        self._packed = gzip.compress(self._body, mtime=0)
        self._tag = hashlib.sha256(self._body).hexdigest()[:16]

    async def handle(self, request: web.Request) -> web.Response:
        packed = "gzip" in request.headers.get("Accept-Encoding", "")
        headers = {
            "Cache-Control": f"public, max-age={KEPT_S}",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Vary": "Accept-Encoding",
        }
        tag = f"{self._tag}-gzip" if packed else self._tag
        known = any(one.value == tag for one in request.if_none_match or ())
        status = HTTPStatus.NOT_MODIFIED if known else HTTPStatus.OK
        response = web.Response(status=status, headers=headers)
        response.etag = tag
        if not known:
            response.content_type, response.charset = "text/javascript", "utf-8"
            response.body = self._packed if packed else self._body
            if packed:
                response.headers["Content-Encoding"] = "gzip"
        return response


def _script(sites: Sequence[str]) -> str:
    """The function of widget.js, called with its words, its style and who may show it."""
    function, style, words = (
        (_STATIC / f"widget.{kind}").read_text(encoding="utf-8") for kind in ("js", "css", "json")
    )
    given = (json.loads(words), style, sites)
    arguments = ",".join(json.dumps(one, ensure_ascii=False) for one in given)
    return f"{function.strip().removesuffix(';')}({arguments});\n"
