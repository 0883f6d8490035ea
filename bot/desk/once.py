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
from dataclasses import dataclass
from typing import Final

from bot.desk.tickets import Event
from bot.ending import end
from bot.store.base import Work
from bot.types import Outcome, Result
from knowledge.types import Lang


@dataclass(slots=True)
class _Handling:
    accepted_id: int
    ended: bool = False  # by us


_HANDLED: Final[ContextVar[_Handling | None]] = ContextVar("handled", default=None)


@contextmanager
def handling(accepted_id: int) -> Iterator[None]:
    """What this task changes inside comes of the message with that number in the ledger."""
    before = _HANDLED.set(_Handling(accepted_id))
    try:
        yield
    finally:
        _HANDLED.reset(before)


async def log(work: Work, event: Event, *, language: Lang) -> None:
    """
    Append to the audit log, and mark the message that it comes of as handled.

    Raise Overtaken where another worker has handled it.
    """
    await work.audit.note(event)
    handled = _HANDLED.get()
    if handled is not None and not handled.ended:
        outcome = Outcome(result=Result.STAFF, language=language)
        await end(work, handled.accepted_id, outcome, at=event.at)
        handled.ended = True
