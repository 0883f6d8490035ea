"""
Questions that came during maintenance: kept, and taken up when it is over.

In the ledger such a message is finished as not done, with a mark beside it. When the service is
back its words are written into the ledger once more, as a message of their own, and take the way
of every other one. So nothing waits unfinished for hours, and each line has one outcome.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.degrade import pages
from bot.degrade.level import Kept
from bot.ending import end
from bot.render import Bureau
from bot.store.base import Accepted, Store, Work
from bot.types import Delivery, Outcome, Reason, Result
from knowledge.types import Lang

AGAIN: Final = "~again"  # ends the name of a message that is taken up
MOST: Final = 50  # at a time


class Keeping:
    def __init__(
        self,
        store: Store,
        *,
        bureau: Bureau,
        clock: Callable[[], datetime],
        resume: Callable[[Sequence[Accepted]], None],
    ) -> None:
        """`resume` handles what is written into the ledger here."""
        self._store = store
        self._bureau = bureau
        self._clock = clock
        self._resume = resume

    async def refuse(
        self, accepted: Accepted, language: Lang, *, keep: bool, until: datetime | None
    ) -> Outcome:
        """Say that nothing is done now, and whether the message is kept."""
        outcome = Outcome(result=Result.BLOCKED, reason=Reason.MAINTENANCE, language=language)
        page = pages.maintenance(language, self._bureau, kept=keep, until=until)
        async with self._store.begin() as work:
            if keep:
                await work.entries(Kept).add(Kept(message=accepted.id))
            delivery = Delivery(to=accepted.message.address, body=page.body)
            await work.outbox.enqueue(delivery, at=self._clock())
            await end(work, accepted.id, outcome, at=self._clock())
        return outcome

    async def take_up(self) -> int:
        """Write some of what was kept into the ledger again; return how many were looked at."""
        async with self._store.begin() as work:
            kept = await work.entries(Kept).find(limit=MOST)
            anew = [one for entry in kept if (one := await self._anew(work, entry)) is not None]
        if anew:
            self._resume(anew)
        return len(kept)

    async def _anew(self, work: Work, entry: Kept) -> Accepted | None:
        """None where the person had it erased, or another worker was first."""
        await work.entries(Kept).remove(entry.id)
        past = await work.inbox.get(entry.message)
        if past is None or not past.message.text:
            return None
        message = replace(past.message, id=f"{past.message.id}{AGAIN}", at=self._clock())
        accepted = await work.inbox.accept(message)
        if accepted is not None:
            page = pages.back(past.message.text, past.outcome.language)
            delivery = Delivery(to=message.address, body=page.body)
            await work.outbox.enqueue(delivery, at=self._clock())
        return accepted
