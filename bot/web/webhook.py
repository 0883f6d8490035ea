"""
POST /telegram/webhook: what Telegram posts.

The secret is looked at before anything else of a request, so that whoever does not know it costs
us a few headers. A failure is answered in such a way that Telegram posts the same again: 200 says
that the update is stored.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, Final, TypeAlias

import structlog
from aiohttp import web

from bot.channels.telegram_requests import has_id
from bot.channels.telegram_webhook import HEADER, PATH
from bot.errors import BotError
from bot.fairness import Limiter, Pace
from bot.web.clients import asker_of

MAX_BODY_BYTES: Final = 1024 * 1024
BODY_S: Final = 10.0  # Telegram's own posts come in one piece
RETRY_S: Final = 5
STRANGERS: Final = Pace(per_minute=20, burst=20)  # wrong secrets of one address

Take: TypeAlias = Callable[[Mapping[str, Any]], Awaitable[None]]
"""Stores one update; raises where it must come again."""

log = structlog.get_logger(__name__)


class _BadPostError(Exception):
    """Whoever knows the secret sent no update."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


class Posts:
    """Takes the posts of whoever knows the secret, however many; the others are slowed down."""

    def __init__(
        self, take: Take, *, secret: str, proxies: int = 0, body_s: float = BODY_S
    ) -> None:
        """`proxies` of ours add to X-Forwarded-For; a body may take `body_s` to come."""
        self._take = take
        self._secret = secret.encode()
        self._proxies = proxies
        self._body_s = body_s
        self._strangers = Limiter(STRANGERS)

    def mount(self, router: web.UrlDispatcher) -> None:
        router.add_post(PATH, self.handle)

    async def handle(self, request: web.Request) -> web.Response:
        given = request.headers.get(HEADER, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(given, self._secret):
            return self._refused(request)
        try:
            item = await self._update(request)
        except _BadPostError as error:
            log.warning("webhook.bad_post", status=error.status)
            return _said(error.status)
        return await self._stored(item)

    async def _update(self, request: web.Request) -> Mapping[str, Any]:
        """Raise _BadPostError for what is no update."""
        if request.content_type != "application/json":
            raise _BadPostError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        try:
            async with asyncio.timeout(self._body_s):
                body = await request.clone(client_max_size=MAX_BODY_BYTES).read()
            item = json.loads(body)
        except TimeoutError:
            raise _BadPostError(HTTPStatus.REQUEST_TIMEOUT) from None
        except web.HTTPRequestEntityTooLarge:
            raise _BadPostError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE) from None
        except (ValueError, RecursionError, web.RequestPayloadError, ConnectionError):
            raise _BadPostError(HTTPStatus.BAD_REQUEST) from None
        if not has_id(item):
            raise _BadPostError(HTTPStatus.BAD_REQUEST)
        return item

    async def _stored(self, item: Mapping[str, Any]) -> web.Response:
        try:
            await self._take(item)
        except BotError as error:  # the store or Telegram is away
            log.warning("webhook.put_off", update_id=item["update_id"], error=str(error))
        except Exception as error:  # noqa: BLE001 - it comes again, and is parked in the end
            # Not its words: they may quote what a citizen wrote.
            name = type(error).__name__
            log.error("webhook.failed", update_id=item["update_id"], error=name)  # noqa: TRY400
        else:
            return web.Response()
        response = _said(HTTPStatus.SERVICE_UNAVAILABLE)
        response.headers["Retry-After"] = str(RETRY_S)
        return response

    def _refused(self, request: web.Request) -> web.Response:
        asker = asker_of(request, proxies=self._proxies)
        if wait_s := self._strangers.wait_s(asker, at_s=time.monotonic()):
            response = _said(HTTPStatus.TOO_MANY_REQUESTS)
            response.headers["Retry-After"] = str(wait_s)
            return response
        log.warning("webhook.refused")  # at most as often as strangers may ask
        return _said(HTTPStatus.FORBIDDEN)


def alone(posts: Posts) -> web.Application:
    """An application of nothing but the webhook, for a bot without the web page."""
    app = web.Application()
    posts.mount(app.router)
    return app


def _said(status: HTTPStatus) -> web.Response:
    return web.json_response({"error": status.name.lower()}, status=status)
