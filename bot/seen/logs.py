"""
The log: one line for each thing that happened, as text or JSON, and nothing personal in it.

What an error says is left out, unless it is an error of ours that never quotes: a ValueError tells
what somebody typed, a database's error the row. Its kind and the way to it stay.
Other libraries are heard from warnings on, for their debug lines quote messages and statements.
What is left is masked as a message is, for where somebody forgets these rules.

No value can begin a line, or move a cursor: text is written as Python writes a string, JSON in
ASCII.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator
from itertools import islice
from traceback import walk_tb
from types import TracebackType
from typing import Final, TextIO

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

from bot.errors import ChannelError, ConfigError, StoreError
from bot.privacy import mask

OURS: Final = ("bot.", "index.", "knowledge.", "mingbai.", "aiohttp.access")
PLAIN: Final = (ChannelError, ConfigError, StoreError)  # errors whose words are no person's
FRAMES: Final = 12  # the innermost ones of an error
ERRORS: Final = 4  # of those that led to one another
# Ids of groups and releases look like phones, and are what a line is for.
_KEPT: Final = frozenset({"chat", "new_chat", "release", "timestamp", "level"})
_SUSPECT: Final = re.compile(r"(?:\d[\s-]?){6,}|@|[^\x00-\x7f]")
_TOKEN: Final = re.compile(r"\d{5,}:[\w-]{20,}")  # of a bot: it is part of Telegram's addresses
_DETAIL: Final = re.compile(r"\s*DETAIL:.*", re.DOTALL)  # PostgreSQL quotes the row


def log_to(stream: TextIO, *, level: str, form: str) -> None:
    """Write all logs there: `form` is text or json, `level` the least of our own that count."""
    chain: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        with_way,
        discreet,
    ]
    structlog.configure(
        processors=[*chain, _renderer(form)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(stream),
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Foreign(chain, _renderer(form)))
    handler.addFilter(_is_heard)
    logging.basicConfig(handlers=[handler], level=level, force=True)


def _is_heard(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or record.name.startswith(OURS)


class _Foreign(structlog.stdlib.ProcessorFormatter):
    """The lines of the standard library's loggers, in the same form."""

    def __init__(self, chain: list[Processor], renderer: Processor) -> None:
        super().__init__(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *chain],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )

    def format(self, record: logging.LogRecord) -> str:
        if record.name == "asyncio":  # its further lines quote the error, and local values
            record.msg, record.args = record.getMessage().partition("\n")[0], ()
        return super().format(record)


def with_way(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Put the kind of an error and the way to it in the place of the error."""
    error = event.pop("exc_info", None)
    if isinstance(error, tuple):
        error = error[1]
    elif error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["exception"] = told(error)
    return event


def discreet(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Mask what looks personal, and secrets."""
    for key, value in event.items():
        if key in _KEPT or isinstance(value, int | float | None):
            continue
        text = value if isinstance(value, str) else repr(value)
        if _SUSPECT.search(text):
            event[key] = mask(_DETAIL.sub("", _TOKEN.sub("[token]", text)))
    return event


def told(error: BaseException) -> str:
    """An error and those that led to it: kinds, places, and words where they are ours."""
    return "; because of ".join(_one(each) for each in islice(_chain(error), ERRORS))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _one(error: BaseException) -> str:
    words = f" ({_DETAIL.sub('', str(error))})" if isinstance(error, PLAIN) else ""
    number = f" [errno {error.errno}]" if isinstance(error, OSError) else ""
    return f"{type(error).__name__}{number}{words} at {_way(error.__traceback__)}"


def _way(trace: TracebackType | None) -> str:
    """Where it was raised, and what called that."""
    frames = [
        f"{frame.f_globals.get('__name__', '?')}:{line} {frame.f_code.co_name}"
        for frame, line in walk_tb(trace)
    ]
    return " < ".join(reversed(frames[-FRAMES:])) or "nowhere"


def _renderer(form: str) -> Processor:
    if form == "json":
        return structlog.processors.JSONRenderer()
    return structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"])
