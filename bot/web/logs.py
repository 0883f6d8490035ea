"""
What the log tells of requests: never who asked, never what for.

An address is personal data, and a query holds the conversation's secret or what somebody looked
for. Nor may what somebody sends begin a line of its own, or move the cursor of whoever reads it.
"""

from __future__ import annotations

import logging
from typing import Final

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger
from aiohttp.http_exceptions import HttpProcessingError

PROBES: Final = frozenset({"/healthz", "/metrics", "/readyz"})
LONGEST: Final = 200  # characters of a path
FAILED: Final = "a request failed outside of its page"


class AccessLog(AbstractAccessLogger):
    """One line a request, with the path as it was sent: percent-encoded."""

    def log(
        self,
        request: web.BaseRequest,
        response: web.StreamResponse,
        time: float,
    ) -> None:
        path = request.rel_url.raw_path[:LONGEST]
        level = logging.DEBUG if path in PROBES else logging.INFO  # they come all day
        self.logger.log(level, "%s %s %s %.3fs", request.method, path, response.status, time)

    @property
    def enabled(self) -> bool:
        return self.logger.isEnabledFor(logging.INFO)


class Discreet(logging.Filter):
    """
    For what aiohttp logs itself: without the address, and nothing of what is no HTTP at all.

    On the public net that comes all day, and the error quotes the bytes that were sent.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, HttpProcessingError | web.RequestPayloadError):
            return False
        record.msg, record.args = FAILED, ()
        return True


def server_log() -> logging.Logger:
    """The logger for a server of aiohttp."""
    logger = logging.getLogger("mingbai.server")
    if not logger.filters:
        logger.addFilter(Discreet())
    return logger
