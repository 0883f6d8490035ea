"""
Pages that were written already: the longest takes a quarter of a second, and nothing changes in it
until another release is served, or another day begins.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final

from aiohttp import web

from bot.web.clients import Visitors
from bot.web.pages import language_of

MOST: Final = 64  # pages; the longest have half a megabyte
_PLAIN: Final = frozenset({"lang"})  # what a query may hold, so that nobody can fill the memory


class Written:
    def __init__(self, visitors: Visitors) -> None:
        """`visitors` says how often one address may have a page written."""
        self._visitors = visitors
        self._texts: OrderedDict[str, str] = OrderedDict()

    async def page(
        self,
        request: web.Request,
        *state: object,
        write: Callable[[], Awaitable[web.Response]],
    ) -> web.Response:
        """
        The page of that address, or only that the browser has it (RFC 9110, section 13.1.2).

        `state` is what else decides how it reads. Raise Problem for an address that has too many
        written.
        """
        told = "\n".join(map(str, (request.path_qs, language_of(request), *state)))
        tag = hashlib.sha256(told.encode()).hexdigest()[:32]
        if any(one.value in {tag, "*"} for one in request.if_none_match or ()):
            return _tagged(web.Response(status=HTTPStatus.NOT_MODIFIED), tag)
        text = self._texts.get(tag)
        if text is None:
            self._visitors.admit(request)
            response = await write()
            if request.query.keys() <= _PLAIN and response.text is not None:
                self._keep(tag, response.text)
            return _tagged(response, tag)
        self._texts.move_to_end(tag)
        return _tagged(web.Response(text=text, content_type="text/html"), tag)

    def _keep(self, tag: str, text: str) -> None:
        self._texts[tag] = text
        if len(self._texts) > MOST:
            self._texts.popitem(last=False)


def _tagged(response: web.Response, tag: str) -> web.Response:
    response.etag = tag
    response.headers["Cache-Control"] = "no-cache"  # kept, and asked about each time
    response.headers["Vary"] = "Accept-Language"
    return response
