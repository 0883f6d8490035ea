"""Citizens' words in concerns stay no longer than the messages that they are from."""

from __future__ import annotations

from datetime import date

from bot.desk.concerns.concern import Concern
from bot.store.base import Work


async def erase_words(work: Work, *, before: date) -> int:
    """Of concerns that were last asked about before that day; return how many those are."""
    register = work.entries(Concern)
    old = [one for one in await register.find() if one.examples and one.seen < before]
    for one in old:
        await register.save(one.blank())
    return len(old)
