"""`staff parked`: updates of Telegram that could not be taken."""

from __future__ import annotations

import asyncio

from bot.cli.shown import mistakes_in_words, out


def parked() -> None:
    """What came in and could not be taken: for whoever maintains the bot, with the log."""
    with mistakes_in_words():
        for line in asyncio.run(_lines()):
            out.print(line, markup=False)


async def _lines() -> list[str]:
    from bot.config import Settings
    from bot.parked import parked_in
    from bot.store.sql import SqlStore
    from bot.texts import say

    settings = Settings.read()
    async with SqlStore.open(settings.database_url) as store:
        found = await parked_in(store)
    return [
        f"{one.at.astimezone(settings.zone):%Y-%m-%d %H:%M}  {one.channel} {one.update_id}  "
        f"{one.kind}  {one.error}"
        for one in found
    ] or [say(settings.staff_language, "Nothing is parked.")]
