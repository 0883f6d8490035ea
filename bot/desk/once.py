"""
What a message of staff does is done once.

A move is a transaction of its own, and what is said of it in the room another one. A crash between
the two must not leave the message in the ledger as if nothing had come of it: it would be handled
again, and a citizen asked twice. So whatever it changes marks it as handled, with the line of the
audit log that every change has. What a crash may lose is the note in the room; the card shows what
was done.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from bot.desk.tickets import Event
from bot.store.base import Work
from bot.types import Outcome, Result
from knowledge.types import Lang

_HANDLED: Final[ContextVar[int | None]] = ContextVar("handled", default=None)


@contextmanager
def handling(accepted_id: int) -> Iterator[None]:
    """What this task changes inside comes of the message with that number in the ledger."""
    before = _HANDLED.set(accepted_id)
    try:
        yield
    finally:
        _HANDLED.reset(before)


async def log(work: Work, event: Event, *, language: Lang) -> None:
    """Append to the audit log, and mark the message that it comes of as handled."""
    await work.audit.note(event)
    accepted_id = _HANDLED.get()
    if accepted_id is not None:
        outcome = Outcome(result=Result.STAFF, language=language)
        await work.inbox.finish(accepted_id, outcome, at=event.at)
