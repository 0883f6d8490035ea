"""POST /api/messages: what a browser says."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

import structlog
from aiohttp import web

from bot.channels.web import NotListening, WebChannel
from bot.errors import StoreError
from bot.fairness import Limiter
from bot.web import problems
from bot.web.clients import Visitors
from bot.web.intake import message_of
from bot.web.languages import wanted
from bot.web.shield import STORE_RETRY_S

log = structlog.get_logger(__name__)

RETRY_S: Final = 3


class Messages:
    def __init__(
        self, *, channel: WebChannel, limiter: Limiter, visitors: Visitors, hotline: str = ""
    ) -> None:
        """`limiter` is for one conversation; `visitors` for an address, which can begin many."""
        self._channel = channel
        self._limiter = limiter
        self._visitors = visitors
        self._hotline = hotline

    async def handle(self, request: web.Request) -> web.Response:
        """Answer once the message is stored. The same id twice is one message."""
        if request.content_type != "application/json":
            raise problems.not_json()
        tags = wanted(request.headers.get("Accept-Language", ""))
        message = message_of(
            await request.read(), language=next(iter(tags), None), at=datetime.now(UTC)
        )
        if wait_s := self._limiter.wait_s(message.address.chat, at_s=time.monotonic()):
            raise problems.too_fast(wait_s)
        self._visitors.admit(request)
        try:
            await self._channel.accept(message)
        except NotListening:
            raise problems.busy(RETRY_S) from None
        except StoreError as error:
            log.error("web.store_failed", error=str(error))  # noqa: TRY400 - its words are enough
            raise problems.not_kept(STORE_RETRY_S, self._hotline) from None
        return web.json_response({"accepted": True}, status=HTTPStatus.ACCEPTED)
