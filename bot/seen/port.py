"""
What is told to whoever watches the bot; the parts that tell know no library of figures or spans.

No label may have a person's data, or more values than one can list: channels, enumerations, parts
of the site and status codes are all there is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol, TypeAlias

from bot.types import Outcome


class Step(StrEnum):
    """What a message passes; how long each takes is measured."""

    WRITTEN = "written"  # from the platform's hand into the ledger
    WAIT = "wait"  # from its arrival until somebody takes it up
    SEARCH = "search"
    ANSWER = "answer"  # from being taken up until all that follows from it is stored
    DELIVERY = "delivery"  # until the platform has taken a delivery
    STORE = "store"  # one transaction


class Fate(StrEnum):
    """What became of trying to send a delivery."""

    SENT = "sent"
    PUT_OFF = "put_off"
    DROPPED = "dropped"


class Cause(StrEnum):
    NONE = "none"
    THROTTLED = "throttled"
    UNREACHABLE = "unreachable"  # for as long as the sender has patience
    GONE = "gone"
    REFUSED = "refused"
    BROKEN = "broken"  # an error of ours: it is parked


@dataclass(frozen=True, slots=True)
class Posting:
    """How it goes with the webhook."""

    up: bool  # Telegram has our address, and what it posts there is taken
    waiting: int  # updates that it has not posted yet, when it was asked last


class Observer(Protocol):
    """Counts. Nothing that it is told may fail, or wait."""

    def lasted(self, step: Step, seconds: float, /, *, channel: str = "") -> None: ...

    def handled(self, channel: str, outcome: Outcome, /) -> None: ...

    def left(self, channel: str, /) -> None:
        """A message could not be handled, and not even that be written: it is tried again."""

    def parked(self, channel: str, /) -> None:
        """Something came that could not be taken, and was put aside for maintainers."""

    def sent(self, channel: str, fate: Fate, cause: Cause, /) -> None: ...

    def store_failed(self, *, busy: bool) -> None:
        """`busy`: another transaction was in the way, and the same again may succeed."""

    def responded(self, part: str, status: int, /) -> None:
        """A request to that part of the site was answered."""

    def degraded(self, level: int, /) -> None:
        """How many steps down the ladder the bot is; 0: it does all that it can."""

    def leads(self, duty: str, /, *, leading: bool) -> None:
        """Whether this process does a duty that one process does for all."""


Attributes: TypeAlias = Mapping[str, str | int]
Spans: TypeAlias = Callable[[str, Attributes], AbstractContextManager[object]]
"""Makes a span with a name: what lasts as long as its block, within the one around it."""

_NOTHING: Final = nullcontext()


def no_spans(_name: str, _attributes: Attributes) -> AbstractContextManager[object]:
    return _NOTHING
