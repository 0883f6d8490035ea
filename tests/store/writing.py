"""
A program that writes pairs of rows until it is killed, and tells each one that was done.

It starts from a forkserver, so that forty of them take no forty starts.
"""

from __future__ import annotations

import asyncio
import os
import random
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import StoreError
from bot.store.base import Store
from bot.store.sql import SqlStore
from bot.types import Address, Delivery, Span

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
WRITERS = 12
MISHAPS = 0.2  # of the pairs raise between their rows, and as many are cancelled somewhere

DONE, UNDONE = "+", "-"


class MishapError(Exception):
    pass


def write(url: str, told: Path, run: int) -> None:
    """Append to `told` a line for each pair: "+7-3-12" was done, "-7-3-13" was given up."""
    file = os.open(told, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    asyncio.run(_write(url, file, run))


async def _write(url: str, file: int, run: int) -> None:
    async with SqlStore.open(url) as store:
        await asyncio.gather(*(_write_pairs(store, file, f"{run}-{n}") for n in range(WRITERS)))


async def _write_pairs(store: Store, file: int, writer: str) -> None:
    chance = random.Random(writer)  # noqa: S311 - no secret
    number = 0
    while True:
        number += 1
        pair = asyncio.create_task(_pair(store, file, f"{writer}-{number}", chance))
        if chance.random() < MISHAPS:
            await asyncio.sleep(chance.uniform(0, 0.005))
            pair.cancel()
        await asyncio.wait([pair])
        if not pair.cancelled():
            pair.result()


async def _pair(store: Store, file: int, name: str, chance: random.Random) -> None:
    inside = False
    try:
        async with store.begin() as work:
            inside = True
            delivery = Delivery(to=Address("letter", name), body=(Span(name),))
            await work.outbox.enqueue(delivery, at=NOON)
            await asyncio.sleep(chance.choice([0, 0, 0.001]))
            if chance.random() < MISHAPS:
                raise MishapError  # noqa: TRY301 - as a handler would
            await work.outbox.enqueue(delivery, at=NOON)
            inside = False
    except (MishapError, StoreError):
        os.write(file, f"{UNDONE}{name}\n".encode())
    except asyncio.CancelledError:
        if inside:  # else it is left open whether it was written
            os.write(file, f"{UNDONE}{name}\n".encode())
        raise
    else:
        os.write(file, f"{DONE}{name}\n".encode())
