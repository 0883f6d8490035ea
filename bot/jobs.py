"""What goes on all the time while the bot serves: none of it ends because it failed once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

import structlog

PAUSE_S: Final = 5.0  # before what failed is begun anew

Job: TypeAlias = Callable[[], Awaitable[None]]

log = structlog.get_logger(__name__)


async def lasting(name: str, job: Job) -> None:
    """
    Do it until it returns. Where it raises, log that under its name and begin it anew.

    Most jobs look after failures of their own: this is for what they did not think of.
    """
    while True:
        try:
            return await job()
        except Exception:
            log.exception("job.failed", job=name, retry_s=PAUSE_S)
        await asyncio.sleep(PAUSE_S)
