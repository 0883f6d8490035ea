"""
The commands that Telegram shows beside the text field: those of citizens where they are alone with
the bot, in each person's language, and those of staff in their own group.

A menu that cannot be set is logged: the commands work without.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TypeAlias

import structlog
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import TelegramError

from bot.channels.telegram_errors import patiently

Menu: TypeAlias = Sequence[tuple[str, str]]
"""Names with their help."""
Menus: TypeAlias = Mapping[str, Menu]
"""By ISO 639-1 language; "" is for everybody else."""

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


async def show(bot: Bot, menus: Menus) -> None:
    """Set what citizens see, where it has changed."""
    scope = BotCommandScopeAllPrivateChats()
    for language, menu in menus.items():
        await _set(bot, menu, scope, language)


class StaffMenu:
    """The menu of the staff group, which may get another id while the bot serves."""

    def __init__(self, bot: Bot, menu: Menu) -> None:
        self._bot = bot
        self._menu = menu
        self._chat: str | None = None

    async def show(self, chat: str | None) -> None:
        """Set it in that group, once; nothing where there is no group."""
        if not self._menu or chat is None or chat == self._chat:
            return
        self._chat = chat  # what failed is tried again at the next start
        await _set(self._bot, self._menu, BotCommandScopeChat(chat), "")


async def _set(
    bot: Bot,
    menu: Menu,
    scope: BotCommandScopeAllPrivateChats | BotCommandScopeChat,
    language: str,
) -> None:
    code = language or None
    wanted = tuple(BotCommand(name, text) for name, text in menu)
    told = {"scope": str(scope.type), "language": language or "default"}
    try:
        if await patiently(partial(bot.get_my_commands, scope, code)) != wanted:
            await patiently(partial(bot.set_my_commands, wanted, scope, code))
            log.info("telegram_menu_set", **told)
    except TelegramError as error:
        log.warning("telegram_menu_left", **told, error=str(error))
