"""The Telegram channel: long polling or a webhook in, deliveries out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from types import MappingProxyType, TracebackType
from typing import Any, Final, Self

import structlog
from telegram import Bot, Update
from telegram.error import InvalidToken, TelegramError

from bot.channels import telegram_menu
from bot.channels.base import Parking, Places, Quote, Receive
from bot.channels.telegram_errors import bad_token, translated, until_done
from bot.channels.telegram_groups import Groups
from bot.channels.telegram_http import AiohttpRequest
from bot.channels.telegram_inline import InlineAnswers
from bot.channels.telegram_intake import Intake
from bot.channels.telegram_menu import Menu, Menus, StaffMenu
from bot.channels.telegram_pace import Pace
from bot.channels.telegram_requests import Discretion, TolerantRequest, readable
from bot.channels.telegram_sending import Sender
from bot.channels.telegram_topics import Topics
from bot.channels.telegram_webhook import Registration, Webhook
from bot.errors import ChannelError
from bot.seen.port import Posting
from bot.types import Address, Delivery
from knowledge.types import Lang

TELEGRAM: Final = "https://api.telegram.org"
_WANTED: Final = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
)
# Telegram takes 30 messages a second, so even half a second each is fast enough.
_CONNECTIONS: Final = 16
_NETWORK_S: Final = 10.0  # for Telegram to answer, beyond the time it may hold a long poll
MEETING_S: Final = 3.0  # for Telegram to say at the start who we are; the page waits for it

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class TelegramChannel:
    name = "telegram"

    def __init__(  # noqa: PLR0913 - each a part that another bureau has otherwise
        self,
        token: str,
        *,
        base_url: str = TELEGRAM,
        staff_chat: str | None = None,
        poll_s: int = 25,
        first_pause_s: float = 1.0,
        meeting_s: float = MEETING_S,
        menus: Menus = MappingProxyType({}),
        staff_menu: Menu = (),
        quote: Quote | None = None,
        places: Places | None = None,
        language: Lang = Lang.ZH_HANS,
        pace: Pace | None = None,
        parking: Parking | None = None,
        webhook: Webhook | None = None,
    ) -> None:
        """
        Use inside `async with`.

        `base_url` is a Bot API server without the token, `staff_chat` the id of the colleagues'
        chat, `quote` answers what is typed after the bot's name in any chat, `language` is that of
        the staff. `parking` is for updates that cannot be taken. With a `webhook` there is no
        polling: the updates come by `take_post`.
        Raise ConfigError, here or on entering, if the token is bad.
        """
        base = base_url.rstrip("/").removesuffix("/bot")
        self._token = token.strip()
        self._poll_s = poll_s
        self._first_pause_s = first_pause_s
        self._meeting_s = meeting_s
        if not self._token:
            raise bad_token()
        self._discretion = Discretion(self._token)
        self._discretion.begin()
        self._bot = Bot(
            self._token,
            base_url=f"{base}/bot",
            request=AiohttpRequest(base, connections=_CONNECTIONS, timeout_s=_NETWORK_S),
            get_updates_request=TolerantRequest(base, connections=1, timeout_s=_NETWORK_S),
        )
        self._pace = pace or Pace()
        self._groups = Groups(self.name, staff_chat, places)
        topics = Topics(self._bot, places, self._pace, language)
        self._sender = Sender(self._bot, self._groups, topics, self._pace)
        self._menus = menus
        self._staff_menu = StaffMenu(self._bot, staff_menu)
        self._wanted = (*_WANTED, Update.INLINE_QUERY) if quote else _WANTED
        inline = InlineAnswers(self._bot, quote) if quote else None
        self._intake = Intake(self._bot, self._groups, self._staff_menu, inline, parking)
        self.webhook = webhook
        self._receive: Receive | None = None
        self._meeting = asyncio.Lock()
        self._registration = (
            Registration(self._bot, webhook, self._wanted, first_pause_s=first_pause_s)
            if webhook
            else None
        )

    @property
    def username(self) -> str:
        """The bot's name, without @; empty until Telegram was reached."""
        try:
            return self._bot.username
        except RuntimeError:
            return ""

    @property
    def posting(self) -> Posting | None:
        """How it goes with the webhook; None without one, or if another worker looks after it."""
        return self._registration.posting if self._registration else None

    async def __aenter__(self) -> Self:
        self._discretion.begin()
        try:
            async with asyncio.timeout(self._meeting_s):
                await self._bot.initialize()
        except InvalidToken:
            await self._close()
            raise bad_token() from None
        except (TelegramError, TimeoutError) as error:  # run() goes on trying
            log.warning("telegram_unreachable", error=str(error) or "no answer")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._close()

    async def _close(self) -> None:
        await self._bot.shutdown()
        self._discretion.end()

    async def send(self, delivery: Delivery, /, *, edit: str | None) -> str:
        return await self._sender.send(delivery, edit=edit)

    def follow_staff(self, chat: str) -> None:
        """The colleagues' group is that one now, as another worker was told."""
        self._groups.staff_chat = chat

    def is_ready(self, address: Address) -> bool:
        """Whether that chat takes something now: a group takes only so much a minute."""
        return self._pace.is_free(self._groups.now(address.chat))

    def open(self, receive: Receive, /) -> None:
        """
        Take what the webhook is posted from now on. Each worker does, whoever runs `run`: that
        only tells Telegram the address.
        """
        self._receive = receive

    async def run(self, receive: Receive, /) -> None:
        """As in the port; raise ConfigError when Telegram does not accept the token."""
        self.open(receive)
        if self._registration:
            self._registration.begin()
        try:
            await until_done(self._greet, first_pause_s=self._first_pause_s)
            if self._registration:
                await self._registration.keep()
            await self._poll(receive)
        finally:
            if self._registration:
                self._registration.end()
            await self._intake.close()

    async def take_post(self, item: Mapping[str, Any], /) -> None:
        """
        One update that the webhook was posted. Return once it is stored, or need not be.

        Raise ChannelError while nobody takes messages in, or we cannot find out who we are, and
        whatever keeps it from being stored: it must come again.
        """
        if self._receive is None:
            raise ChannelError("nobody takes messages in yet")
        with translated():
            async with self._meeting:
                await self._bot.initialize()
        await self._intake.take([Update.de_json(readable(item), self._bot)], self._receive)

    async def _greet(self) -> None:
        await self._bot.initialize()  # asks for our own name, unless it is known
        if self._registration:
            await self._registration.put()
        else:
            await self._bot.delete_webhook()
        await telegram_menu.show(self._bot, self._menus)
        await self._staff_menu.show(self._groups.staff_chat)
        if self._registration is None:
            log.info("telegram_polling", username=self.username)

    async def _poll(self, receive: Receive) -> None:
        offset: int | None = None

        async def take() -> int | None:
            return await self._take(offset, receive)

        while True:
            offset = await until_done(take, first_pause_s=self._first_pause_s)

    async def _take(self, offset: int | None, receive: Receive) -> int | None:
        """Take in one batch. The offset it returns acknowledges it, with the next request."""
        updates = await self._bot.get_updates(
            offset=offset,
            timeout=self._poll_s,
            read_timeout=_NETWORK_S,
            allowed_updates=self._wanted,
        )
        await self._intake.take(updates, receive)
        return max(update.update_id for update in updates) + 1 if updates else offset
