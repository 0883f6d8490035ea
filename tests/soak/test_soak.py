"""
What the bot holds does not grow with what it has done, nor does it become slower.

The short one tells of a handle or a thread that every question leaves behind; memory needs the
long one: `python -m pytest -m soak -s`.
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from tests.chaos.process import process
from tests.e2e.world import STAFF
from tests.soak.load import Load
from tests.soak.watching import Sample, Watching, growth, p95
from tests.telegram.fake_api import TOKEN, FakeTelegram

SLOWER: Final = 1.5  # times the p95 of the first half, and a little for a busy machine
LITTLE_S: Final = 0.25


@pytest.mark.slow
async def test_a_short_load_leaves_nothing_open(tmp_path: Path, releases: Path) -> None:
    await soak(tmp_path, releases, lasts_s=60, warms_s=20, memory_mb=30)


@pytest.mark.soak
@pytest.mark.timeout(0)
async def test_half_an_hour_of_load_leaves_everything_flat(tmp_path: Path, releases: Path) -> None:
    await soak(tmp_path, releases, lasts_s=1800, warms_s=300, memory_mb=15)


async def soak(
    folder: Path, releases: Path, *, lasts_s: float, warms_s: float, memory_mb: float
) -> None:
    """`memory_mb` is what it may grow by after `warms_s`."""
    async with FakeTelegram() as server:
        server.chats.open_group(STAFF, "客服群")
        settings = {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": server.url,
            "TELEGRAM_STAFF_CHAT": str(STAFF),
            "WEB_PORT": "0",
            "WEB_ADDRESS_PER_MINUTE": "1000000",
            "DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'bot.sqlite'}",
            "RELEASES": str(releases),
            "RATE_PER_MINUTE": "600",
            "RATE_BURST": "600",
            "LOG_LEVEL": "WARNING",
        }
        async with process(folder, settings) as bot:
            page = (await bot.until("web page")).removeprefix("web page   on: ")
            await bot.until("index      on")
            load = Load(server, page, random.Random(1))  # noqa: S311 - no secret
            watching = Watching(bot.pid)
            task = asyncio.create_task(watching.run())
            try:
                await load.run(lasts_s)
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            await bot.stop()
    begun = watching.samples[0].at
    warm = [one for one in watching.samples if one.at - begun >= warms_s]
    check(load, warm, memory_mb=memory_mb)


def check(load: Load, warm: Sequence[Sample], *, memory_mb: float) -> None:
    grown = {name: growth(warm, name) for name in ("memory_mb", "files", "threads")}
    halves = [_halves(one, since=warm[0].at) for one in (load.answered, load.shown)]
    sys.stdout.write(
        f"{len(load.answered)} questions in Telegram, {len(load.shown)} on the page, "
        f"{load.tickets} tickets; at the end {warm[-1]}\n"
        f"grown since it was warm: {grown}\np95 of the halves, in seconds: {halves}\n"
    )
    assert load.tickets
    assert grown["memory_mb"] <= memory_mb
    assert grown["files"] <= 3
    assert grown["threads"] <= 1
    for first, second in halves:
        assert second <= SLOWER * first + LITTLE_S


def _halves(timed: Sequence[tuple[float, float]], *, since: float) -> tuple[float, float]:
    seconds = [took for at, took in timed if at >= since]
    middle = len(seconds) // 2
    return p95(seconds[:middle]), p95(seconds[middle:])
