"""The Telegram channel: long polling in, deliveries out."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from types import MappingProxyType, TracebackType
from typing import Final, Self

import structlog
from telegram import Bot, Update
from telegram.error import InvalidToken, TelegramError

from bot.channels import telegram_menu
from bot.channels.base import Places, Quote, Receive
from bot.channels.telegram_errors import bad_token, until_done
from bot.channels.telegram_groups import Groups
from bot.channels.telegram_http import AiohttpRequest
from bot.channels.telegram_inline import InlineAnswers
from bot.channels.telegram_menu import Menu, Menus, StaffMenu
from bot.channels.telegram_pace import Pace
from bot.channels.telegram_requests import Discretion, TolerantRequest
from bot.channels.telegram_sending import Sender
from bot.channels.telegram_topics import Topics
from bot.channels.telegram_updates import read
from bot.errors import ChannelError
from bot.types import Address, Delivery, Message
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
        menus: Menus = MappingProxyType({}),
        staff_menu: Menu = (),
        quote: Quote | None = None,
        places: Places | None = None,
        language: Lang = Lang.ZH_HANS,
        pace: Pace | None = None,
    ) -> None:
        """
        Use inside `async with`.

        `base_url` is a Bot API server without the token, `staff_chat` the id of the colleagues'
        chat, `quote` answers what is typed after the bot's name in any chat, `language` is that of
        the staff.
        Raise ConfigError, here or on entering, if the token is bad.
        """
        base = base_url.rstrip("/").removesuffix("/bot")
        self._token = token.strip()
        self._poll_s = poll_s
        self._first_pause_s = first_pause_s
        self._answers: set[asyncio.Task[None]] = set()
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
        self._inline = InlineAnswers(self._bot, quote) if quote else None

    @property
    def username(self) -> str:
        """The bot's name, without @; empty until Telegram was reached."""
        try:
            return self._bot.username
        except RuntimeError:
            return ""

    async def __aenter__(self) -> Self:
        self._discretion.begin()
        try:
            await self._bot.initialize()
        except InvalidToken:
            await self._close()
            raise bad_token() from None
        except TelegramError as error:
            log.warning("telegram_unreachable", error=str(error))  # run() goes on trying
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

    def is_ready(self, address: Address) -> bool:
        """Whether that chat takes something now: a group takes only so much a minute."""
        return self._pace.is_free(self._groups.now(address.chat))

    async def run(self, receive: Receive, /) -> None:
        """As in the port; raise ConfigError when Telegram does not accept the token."""
        offset: int | None = None

        async def take() -> int | None:
            return await self._take(offset, receive)

        try:
            await until_done(self._greet, first_pause_s=self._first_pause_s, sleep=asyncio.sleep)
            while True:
                offset = await until_done(
                    take, first_pause_s=self._first_pause_s, sleep=asyncio.sleep
                )
        finally:
            for answer in self._answers:
                answer.cancel()
            await asyncio.gather(*self._answers, return_exceptions=True)
            if self._inline:
                await self._inline.close()

    async def _greet(self) -> None:
        await self._bot.initialize()  # asks for our own name, unless it is known
        await self._bot.delete_webhook()
        await telegram_menu.show(self._bot, self._menus)
        await self._staff_menu.show(self._groups.staff_chat)
        log.info("telegram_polling", username=self.username)

    async def _take(self, offset: int | None, receive: Receive) -> int | None:
        """Take in one batch. The offset it returns acknowledges it, with the next request."""
        updates = await self._bot.get_updates(
            offset=offset,
            timeout=self._poll_s,
            read_timeout=_NETWORK_S,
            allowed_updates=(*_WANTED, Update.INLINE_QUERY) if self._inline else _WANTED,
        )
        self._quote(updates)  # first: whoever types waits for it now
        messages = [message for update in updates if (message := await self._read(update))]
        if messages:
            await receive(messages)
        self._end_spinners(updates)
        await self._staff_menu.show(self._groups.staff_chat)  # which may have moved
        return max(update.update_id for update in updates) + 1 if updates else offset

    async def _read(self, update: Update) -> Message | None:
        try:
            await self._groups.watch(update)
            staff = self._groups.staff_chat
            return read(update, me=self._bot.bot, staff=staff, at=datetime.now(UTC))
        except ChannelError:  # a move that could not be written down: it comes again
            raise
        except Exception:
            log.exception("telegram_update_unreadable", update_id=update.update_id)
            return None

    def _quote(self, updates: Sequence[Update]) -> None:
        for update in updates:
            if update.inline_query and self._inline:
                self._inline.take(update.inline_query)

    def _end_spinners(self, updates: Sequence[Update]) -> None:
        for update in updates:
            if update.callback_query:
                task = asyncio.create_task(self._answer(update.callback_query.id))
                self._answers.add(task)
                task.add_done_callback(self._answers.discard)

    async def _answer(self, query_id: str) -> None:
        try:
            await self._bot.answer_callback_query(query_id)
        except TelegramError as error:
            log.info("telegram_spinner_left", error=str(error))
