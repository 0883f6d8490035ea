"""`qr`: a code to print on a notice or a counter, which opens a chat with the bot."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import segno

from bot.channels.telegram import TelegramChannel
from bot.config import Settings
from bot.errors import ConfigError
from bot.library import ReleaseLibrary
from bot.links import Target, chat_link, is_web_page, payload

FORMATS: Final = (".png", ".svg")
MODULE: Final = 12  # pixels a side; a code of 33 modules is then 5 cm wide in print at 200 dpi
MARGIN: Final = 4  # modules around the code, as ISO/IEC 18004 asks
NOTHING: Final = (
    "nothing to link to: set TELEGRAM_BOT_NAME (or TELEGRAM_BOT_TOKEN, to ask Telegram for the "
    "name), or WEB_URL with the web page's https:// address; see .env.example"
)
CORRECTION: Final = "m"  # 15 % may be soiled


async def draw(
    settings: Settings, out: Path, *, document: str | None, topic: str | None, on: date
) -> str:
    """Write the code and return the address in it. Raise ConfigError or OSError."""
    start = ""
    if document is not None:
        start = await start_at(settings, Target.DOCUMENT, document, on=on)
    elif topic is not None:
        start = await start_at(settings, Target.TOPIC, topic, on=on)
    address = await link(settings, start)
    write(address, out)
    return address


async def link(settings: Settings, start: str) -> str:
    """
    The bot's address in Telegram, with the payload if there is one; else the web page's.

    Raise ConfigError where there is neither.
    """
    bot_name = settings.telegram_bot_name or await _asked_name(settings)
    if bot_name:
        return _chat(bot_name, start)
    if start:
        raise ConfigError(
            ["a link to a document or topic opens in Telegram: set TELEGRAM_BOT_NAME, or a token"]
        )
    if not is_web_page(settings.web_url):
        raise ConfigError([NOTHING])
    return settings.web_url


def write(address: str, out: Path) -> None:
    """Draw the code. Raise ConfigError for another format than PNG or SVG, OSError."""
    if out.suffix.lower() not in FORMATS:
        raise ConfigError([f"--out {out}: end it in .png or .svg"])
    code = segno.make_qr(address, error=CORRECTION)
    code.save(str(out), kind=out.suffix[1:].lower(), scale=MODULE, border=MARGIN)


async def start_at(settings: Settings, target: Target, name: str, *, on: date) -> str:
    """The payload of a document or topic. Raise ConfigError if the release does not have it."""
    start = payload(target, name)
    if await ReleaseLibrary(settings.releases).linked(start, on=on) is None:
        what = "document" if target is Target.DOCUMENT else "topic with a document in force"
        raise ConfigError(
            [f"the current release in {settings.releases} has no {what} named {name!r}"]
        )
    return start


async def _asked_name(settings: Settings) -> str:
    """The name that Telegram knows the bot by; "" without a token."""
    if settings.telegram_bot_token is None:
        return ""
    token = settings.telegram_bot_token.get_secret_value()
    async with TelegramChannel(token, base_url=settings.telegram_api_url) as channel:
        if not channel.username:
            raise ConfigError(["Telegram is out of reach: set TELEGRAM_BOT_NAME, or try again"])
        return channel.username


def _chat(bot_name: str, start: str) -> str:
    try:
        return chat_link(bot_name, start)
    except ValueError as error:
        raise ConfigError([f"TELEGRAM_BOT_NAME: {error}"]) from None
