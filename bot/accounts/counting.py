"""Tries as they are stored: counted before they are looked at, forgiven when they were right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.accounts.tries import ADDRESS, Tries
from bot.store.base import Work


async def wait_s(work: Work, subjects: Iterable[str], *, at: datetime) -> int:
    """The longest wait of them, in seconds."""
    known = [await _known(work, subject) for subject in subjects]
    return max((one.wait_s(at) for one in known if one is not None), default=0)


async def count(work: Work, subjects: Iterable[str], *, at: datetime) -> bool:
    """Write down one more try of each; say whether any has to wait from now on."""
    tries = work.entries(Tries)
    waits = False
    for subject in subjects:
        known = await _known(work, subject)
        known = known or await tries.add(Tries(subject=subject, last=at))
        before = 0 if known.is_old(at) else known.count
        counted = await tries.save(replace(known, count=before + 1, last=at))
        waits = waits or counted.wait_s(at) > 0
    return waits


async def forgive(work: Work, subjects: Iterable[str]) -> None:
    """
    That one was right after all. An address is only forgiven this one: else one's own account
    would give as many tries at those of others as one likes.
    """
    tries = work.entries(Tries)
    for subject in subjects:
        known = await _known(work, subject)
        if known is None:
            continue
        if subject.startswith(ADDRESS) and known.count > 1:
            await tries.save(replace(known, count=known.count - 1))
        else:
            await tries.remove(known.id)


async def drop_old(work: Work, *, at: datetime) -> None:
    for one in await work.entries(Tries).find():
        if one.is_old(at):
            await work.entries(Tries).remove(one.id)


async def _known(work: Work, subject: str) -> Tries | None:
    return next(iter(await work.entries(Tries).find(subject=subject)), None)
