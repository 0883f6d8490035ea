"""
Questions a second and how long they take, for one worker or several over one database.

    python -m benchmarks.load [--workers 1,2,4] [--rounds 3] [--seconds 3] [--only page]

On the chat page, end to end: from the post to the answer on the stream. In a closed loop as many
people ask at once as there are `--clients`, for the throughput; then questions come at chance
moments, at half of that, for the times.

In Telegram the end is what Telegram takes: 30 messages a second of one bot, of which we use 24,
however many workers there are. So the throughput that is told there is of what has its outcome in
the ledger and its reply in the outbox, and the times, up to the call of sendMessage, are at half
of what may be sent.

Beside it, in the same rounds, the least that does the same without keeping or finding anything;
see load_bare.py. Rounds alternate, so that what disturbs the machine disturbs all alike. All of
it shares this machine, and the people who ask take their part of it: with more workers than free
cores more questions a second are not to be expected, and the processor time of a question, in
which waiting does not count, says more of other machines.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np
from aiohttp import ClientSession, TCPConnector

from benchmarks.load_clients import Ask, Chatters, Visitors, closed_loop, open_loop
from benchmarks.load_servers import (
    Contender,
    Used,
    bare_page,
    bare_telegram,
    on_postgres,
    on_sqlite,
    postgres_server,
)
from benchmarks.messages import GREETING, LONG_S, QUESTIONS, SAMPLE
from bot.channels.telegram_pace import OVERALL
from index.build import build
from index.encoders.choice import Choice
from knowledge.library import read_library

KINDS: Final = {"greeting": (GREETING,), "question": QUESTIONS}
HALF: Final = 0.5
LOOK_S: Final = 0.02
BURST: Final = 120  # messages in Telegram that come at once: five seconds of sending
MOST_PER_S: Final = 250.0  # of the open loop: beyond, who asks is what is measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    workers: Sequence[int]
    rounds: int
    seconds: float
    clients: int
    burst: int
    only: str


@dataclass(frozen=True, slots=True)
class Round:
    """Processor times are milliseconds a question."""

    per_s: float
    workers_ms: float
    database_ms: float
    clients_ms: float


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--workers", default="1,2,4", help="over PostgreSQL")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3.0, help="a round")
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--burst", type=int, default=BURST, help="messages in Telegram")
    parser.add_argument("--only", choices=["page", "telegram"], default="")
    asked = vars(parser.parse_args())
    asked["workers"] = [int(one) for one in asked["workers"].split(",")]
    asyncio.run(measure(Given(**asked)))


async def measure(given: Given) -> None:
    with tempfile.TemporaryDirectory() as name, postgres_server() as postgres:
        scratch = Path(name)
        build(read_library([SAMPLE]).documents, scratch / "releases", encoder=Choice().fit)
        async with AsyncExitStack() as stack:
            bots = [await stack.enter_async_context(on_sqlite(scratch / "releases", scratch))]
            for number in given.workers:
                bot = on_postgres(scratch / "releases", postgres, number)
                bots.append(await stack.enter_async_context(bot))
            http = await stack.enter_async_context(ClientSession(connector=TCPConnector(limit=0)))
            if given.only != "telegram":
                bare = await stack.enter_async_context(bare_page())
                await measure_page(http, [bare, *bots], given)
            if given.only != "page":
                echo = await stack.enter_async_context(bare_telegram())
                await measure_telegram(http, [echo, *bots], given)
    print("load of the machine in the last 1, 5, 15 minutes:", *np.round(os.getloadavg(), 1))


async def measure_page(http: ClientSession, services: Sequence[Contender], given: Given) -> None:
    for kind, texts in KINDS.items():
        found: dict[str, list[Round]] = {one.name: [] for one in services}
        asks = {one.name: Visitors(http=http, urls=one.urls).ask for one in services}
        for one in services:
            await closed_loop(asks[one.name], texts, clients=given.clients, lasts_s=1)  # warms up
        for _ in range(given.rounds):
            for one in services:
                found[one.name].append(await _closed_round(one, asks[one.name], texts, given))
        heading(f"chat page, {kind}: answered a second, {given.clients} people at once")
        show(found)
        heading(f"chat page, {kind}: ms until the answer is there")
        for one in services:
            half = min(MOST_PER_S, HALF * median(each.per_s for each in found[one.name]))
            await show_open(one, asks[one.name], texts, per_s=half, given=given)


async def measure_telegram(
    http: ClientSession, services: Sequence[Contender], given: Given
) -> None:
    chatters = {
        one.name: Chatters(http=http, urls=one.urls, server=one.server)
        for one in services
        if one.server is not None
    }
    for kind, texts in KINDS.items():
        found: dict[str, list[Round]] = {one.name: [] for one in services if one.handled}
        asked = [texts[number % len(texts)] for number in range(given.burst)]
        for _ in range(given.rounds):
            for one in services:
                if one.handled:
                    found[one.name].append(await _burst(one, chatters[one.name], asked))
        heading(f"Telegram, {kind}: handled a second, of {given.burst} that come at once")
        show(found)
        heading(f"Telegram, {kind}: ms until sendMessage is called")
        for one in services:
            ask, per_s = chatters[one.name].ask, HALF * OVERALL.per_s
            await ask(texts[0])  # warms up
            await show_open(one, ask, texts, per_s=per_s, given=given)


async def _closed_round(service: Contender, ask: Ask, texts: Sequence[str], given: Given) -> Round:
    before = Used.by(service)
    times, lasted_s = await closed_loop(ask, texts, clients=given.clients, lasts_s=given.seconds)
    return round_of(Used.by(service).since(before), len(times), lasted_s)


async def _burst(service: Contender, chatters: Chatters, texts: Sequence[str]) -> Round:
    """Until all have their outcome; then wait until all is sent, which others are not to bear."""
    assert service.handled is not None
    end, sent = await service.handled() + len(texts), _sent(service) + len(texts)
    before, clock = Used.by(service), asyncio.get_running_loop().time
    started = clock()
    await chatters.post_all(texts)
    await _until(service.handled, end)
    used, lasted_s = Used.by(service).since(before), clock() - started

    async def have_left() -> int:
        return _sent(service)

    await _until(have_left, sent)
    return round_of(used, len(texts), lasted_s)


async def _until(number: Callable[[], Awaitable[int]], least: int) -> None:
    async with asyncio.timeout(LONG_S):
        while await number() < least:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(LOOK_S)


def _sent(service: Contender) -> int:
    assert service.server is not None
    return sum(call.method.lower() == "sendmessage" for call in service.server.calls)


def round_of(used: Used, questions: int, lasted_s: float) -> Round:
    each = [1000 * one / questions for one in (used.workers, used.database, used.clients)]
    return Round(questions / lasted_s, *each)


def heading(text: str) -> None:
    print(f"\n{text}")


def show(found: dict[str, list[Round]]) -> None:
    """Medians of the rounds; the ratio is to the first row, round by round."""
    print(f"  {'':14}{'a second':>9} {'(lowest, highest)':>19} {'ratio':>6}", end="")
    print(f"  {'ms of processor: workers':>26} {'database':>9} {'clients':>8}")
    first = next(iter(found.values()))
    for name, rounds in found.items():
        speeds = [one.per_s for one in rounds]
        ratio = median(one.per_s / other.per_s for one, other in zip(rounds, first, strict=True))
        spread = f"({min(speeds):.1f}, {max(speeds):.1f})"
        print(f"  {name:14}{median(speeds):9.1f} {spread:>19} {ratio:6.2f}", end="")
        print(f"  {median(one.workers_ms for one in rounds):26.2f}", end="")
        print(f" {median(one.database_ms for one in rounds):9.2f}", end="")
        print(f" {median(one.clients_ms for one in rounds):8.2f}")


async def show_open(
    service: Contender, ask: Ask, texts: Sequence[str], *, per_s: float, given: Given
) -> None:
    before = Used.by(service)
    lasts_s = 3 * given.seconds
    times = await open_loop(ask, texts, per_s=per_s, lasts_s=lasts_s)
    each = round_of(Used.by(service).since(before), max(1, len(times)), lasts_s)
    p50, p95, p99 = np.percentile(times, [50, 95, 99]) if times else (np.nan,) * 3
    print(f"  {service.name:14} at {per_s:6.1f}/s  p50 {p50:7.1f}  p95 {p95:7.1f}", end="")
    print(f"  p99 {p99:7.1f}  ms of processor: workers {each.workers_ms:.2f}", end="")
    print(f", database {each.database_ms:.2f}, clients {each.clients_ms:.2f}")


if __name__ == "__main__":
    main()
