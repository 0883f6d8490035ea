"""
Sign-ons under way as they are stored, for the browser may come back to another worker.

Anybody may begin one, so there are never more than a number, and each that is begun takes old ones
away.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.accounts import tokens
from bot.accounts.begun import VALID, Begun
from bot.errors import EntryChanged, EntryNotFound, SignOnFailed
from bot.store.base import Work

MOST: Final = 20_000  # the oldest give way to those who come
DROPPED: Final = 20  # at a time: citizens wait behind each transaction


async def begin(work: Work, going: str, *, at: datetime) -> str:
    """Return the token that the browser has from now on."""
    token = tokens.new()
    begun = Begun(token=tokens.digest(token), going=going, until=at + VALID)
    newest = await work.entries(Begun).add(begun)
    await drop_old(work, at=at, before=newest.id - MOST)
    return token


async def take(work: Work, token: str, *, at: datetime) -> Begun:
    """What a token began, once: of two workers that are asked at once, one gets it.

    Raise SignOnFailed.
    """
    register = work.entries(Begun)
    for begun in await register.find(token=tokens.digest(token)):
        if at >= begun.until:
            break
        try:
            await register.save(begun)  # whoever comes second waits here, and finds it changed
        except (EntryChanged, EntryNotFound):
            break
        await register.remove(begun.id)
        return begun
    raise SignOnFailed("it was finished before, or began too long ago")


async def drop_old(work: Work, *, at: datetime, before: int = 0) -> None:
    """Those that are over, and those with numbers up to `before`; some of them at a time."""
    for one in await work.entries(Begun).find(limit=DROPPED):
        if at >= one.until or one.id <= before:
            await work.entries(Begun).remove(one.id)
