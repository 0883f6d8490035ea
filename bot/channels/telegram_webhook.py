"""
The webhook: Telegram posts updates to us, in place of our polling for them.

One worker tells Telegram the address and keeps looking after it; all of them take the posts.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit

import structlog
from telegram import Bot, WebhookInfo
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram_errors import until_done
from bot.seen.port import Posting

PATH: Final = "/telegram/webhook"
HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
CONNECTIONS: Final = 40  # that Telegram posts at the same time, to all workers together
LOOK_S: Final = 60.0
_PURPOSE: Final = b"mingbai: secret of the webhook"

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Where Telegram posts updates, and the secret by which we know that it is Telegram."""

    url: str
    secret: str
    look_s: float = LOOK_S  # between looks whether Telegram still posts there

    def __repr__(self) -> str:
        return f"Webhook({self.url!r})"  # the secret must be in no log


def webhook_of(url: str, *, secret: str, token: str) -> Webhook | None:
    """
    None without an address. One without a path gets PATH.

    An empty `secret` is derived from the bot's token: all workers agree on it, and nobody can
    tell it who does not hold the token, nor the token from it.
    """
    if not url:
        return None
    if not urlsplit(url).path.strip("/"):
        url = url.rstrip("/") + PATH
    derived = hmac.new(token.encode(), _PURPOSE, sha256).hexdigest()
    return Webhook(url=url, secret=secret or derived)


class Registration:
    """Tells Telegram the webhook, and tells those who watch what Telegram says of it."""

    def __init__(
        self, bot: Bot, webhook: Webhook, wanted: Sequence[str], *, first_pause_s: float
    ) -> None:
        self._bot = bot
        self._webhook = webhook
        self._wanted = wanted
        self._first_pause_s = first_pause_s
        self._failed: datetime | None = None  # when it last did, as far as it was logged
        self._failing = False
        self.posting: Posting | None = None
        """None while this worker does not look after it."""

    def begin(self) -> None:
        """It is this worker's from now on. It counts as up once Telegram itself says so."""
        self.posting = Posting(up=False, waiting=0)

    def end(self) -> None:
        """It is nobody's, or another worker's."""
        self.posting = None

    async def put(self) -> None:
        """What waits at Telegram is kept. Raise TelegramError."""
        try:
            await self._bot.set_webhook(
                self._webhook.url,
                allowed_updates=self._wanted,
                secret_token=self._webhook.secret,
                max_connections=CONNECTIONS,
            )
        except BadRequest as error:
            mend = "Check TELEGRAM_WEBHOOK_URL: Telegram must reach it by https on a known port."
            log.error("telegram_webhook_refused", mend=mend, error=str(error))  # noqa: TRY400
            raise
        log.info("telegram_webhook_set", username=self._bot.username, url=self._webhook.url)

    async def keep(self) -> None:
        """Look after it until cancelled: another program with our token may take it away."""
        while True:
            await until_done(self._look, first_pause_s=self._first_pause_s)
            await asyncio.sleep(self._webhook.look_s)

    async def _look(self) -> None:
        try:
            info = await self._bot.get_webhook_info()
        except TelegramError:
            if self.posting:
                self.posting = replace(self.posting, up=False)
            raise
        if info.url != self._webhook.url:
            mend = "Another program uses the same token. Stop it, or give it its own token."
            log.error("telegram_webhook_lost", mend=mend, found=info.url)
            self.posting = Posting(up=False, waiting=info.pending_update_count)
            await self.put()
        else:
            self._hear(info)

    def _hear(self, info: WebhookInfo) -> None:
        news = info.last_error_date not in {None, self._failed}
        # Telegram names its last failure for ever, and tries less and less often: so an old one
        # counts for as long as something has always waited since.
        self._failing = news or (self._failing and info.pending_update_count > 0)
        self.posting = Posting(up=not self._failing, waiting=info.pending_update_count)
        if news:
            self._failed = info.last_error_date
            log.warning(
                "telegram_webhook_failing",
                error=info.last_error_message,
                waiting=info.pending_update_count,
            )
