"""All that is logged, as text: for tests of what a log may tell."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from bot.seen.logs import log_to


@contextmanager
def logged(form: str, level: str = "INFO") -> Iterator[io.StringIO]:
    """Have the logs written as run_bot.py has them; at the end, put everything back."""
    root = logging.getLogger()
    handlers, least = list(root.handlers), root.level  # pytest's own
    root.handlers.clear()  # or they would be closed
    stream = io.StringIO()
    log_to(stream, level=level, form=form)
    try:
        yield stream
    finally:
        root.handlers[:] = handlers
        root.setLevel(least)
        structlog.reset_defaults()
