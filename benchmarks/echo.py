"""
A bare echo bot, to compare with: python-telegram-bot as its tutorial shows it.

    python -m benchmarks.echo TOKEN API_URL
"""

from __future__ import annotations

import sys
from typing import Any

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    message = update.effective_message
    assert message is not None
    assert message.text is not None
    await message.reply_text(message.text)


def prepared(
    token: str, api_url: str, *, polling: bool = True
) -> Application[Any, Any, Any, Any, Any, Any]:
    """Without `polling`, whoever asks feeds its queue."""
    builder = Application.builder().token(token).base_url(f"{api_url}/bot")
    application = (builder if polling else builder.updater(None)).build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    return application


def main(token: str, api_url: str) -> None:
    prepared(token, api_url).run_polling()


if __name__ == "__main__":
    main(*sys.argv[1:])
