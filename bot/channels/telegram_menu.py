"""The commands that Telegram shows beside the text field, in each person's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import structlog
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

Menus: TypeAlias = Mapping[str, Sequence[tuple[str, str]]]
"""Names with their help, by ISO 639-1 language; "" is for everybody else."""

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


async def show(bot: Bot, menus: Menus) -> None:
    """Set what has changed. A menu that cannot be set is logged: the commands work without."""
    scope = BotCommandScopeAllPrivateChats()
    for language, rows in menus.items():
        code = language or None
        wanted = tuple(BotCommand(name, text) for name, text in rows)
        try:
            if await bot.get_my_commands(scope=scope, language_code=code) != wanted:
                await bot.set_my_commands(wanted, scope=scope, language_code=code)
                log.info("telegram_menu_set", language=language or "default")
        except TelegramError as error:
            log.warning("telegram_menu_left", language=language or "default", error=str(error))
