"""
Which message all that happens now is because of.

It is the message's number in the ledger: the same after a restart and in every process, and
nobody's name. What is put into the outbox keeps it, so that the lines about a delivery tell of the
message that it answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Final

from structlog.contextvars import bind_contextvars, bound_contextvars

from bot.types import Delivery

_message: Final[ContextVar[int | None]] = ContextVar("message", default=None)


@contextmanager
def because_of(message_id: int) -> Iterator[None]:
    """All that happens in the block, and in tasks that it begins, is because of that message."""
    token = _message.set(message_id)
    try:
        with bound_contextvars(message=message_id):
            yield
    finally:
        _message.reset(token)


def correlated(delivery: Delivery) -> Delivery:
    """A delivery that tells which message it is because of, where there is one."""
    message_id = _message.get()
    if message_id is None or delivery.because_of is not None:
        return delivery
    return replace(delivery, because_of=message_id)


def tell_of(delivery: Delivery) -> None:
    """From here on, the lines of this task tell which message the delivery is because of."""
    if delivery.because_of is not None:
        bind_contextvars(message=delivery.because_of)
