"""`retention`: erase what is over its time, or say how much that is."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from bot.cli.shown import mistakes_in_words, out


def retention(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say how much it is; erase nothing.")
    ] = False,
) -> None:
    """Erase what is over its time. The bot does so every day by itself."""
    with mistakes_in_words():
        for line in asyncio.run(_lines(dry_run=dry_run)):
            out.print(line, markup=False)


async def _lines(*, dry_run: bool) -> list[str]:
    from bot.config import Settings
    from bot.retention import Retention
    from bot.store.base import DataClass
    from bot.store.sql import SqlStore

    settings = Settings.read()
    async with SqlStore.open(settings.database_url) as store:
        keeping = Retention(
            store, settings.periods, clock=settings.now, sessions=settings.session_limits
        )
        counts = await (keeping.expired() if dry_run else keeping.sweep())
    lines = []
    for what in DataClass:
        days = settings.periods.days(what)
        done = "to erase" if dry_run else "erased"
        told = f"{counts[what]} {done}, older than {days} days" if days else "kept for ever"
        lines.append(f"{what:14} {told}")
    return lines
