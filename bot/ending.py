"""The end of a message: its outcome, written with all that it leads to, and once."""

from __future__ import annotations

from datetime import datetime

from bot.errors import Overtaken
from bot.store.base import Work
from bot.types import Outcome


async def end(work: Work, accepted_id: int, outcome: Outcome, *, at: datetime) -> None:
    """
    Write down what became of a message, in the transaction of what it led to.

    Raise Overtaken where it has an outcome: another worker took us for dead, and handled it. What
    this transaction would add is then said already, and is rolled back.
    """
    if not await work.inbox.finish(accepted_id, outcome, at=at):
        raise Overtaken
