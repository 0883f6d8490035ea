"""
Messages per second and what a question costs beside its search, through the whole bot.

    python -m benchmarks.messages [--messages 200] [--rounds 5] [--questions 40]

`run_bot.py` with its database, as it is served, and a bare python-telegram-bot echo bot run in
processes of their own. The fake Bot API that both poll over HTTP is in this process, with a
server for each. Rounds alternate, so that what disturbs the machine disturbs both alike: the
ratio tells more than the figures, and processor time more than either where others compute.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count, cycle, islice
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.measure import quantiles
from index.build import build, load
from index.encoders.choice import Choice
from index.live import Live
from index.vectors import one_thread
from knowledge.library import read_library
from tests.telegram.client import Person
from tests.telegram.fake_api import TOKEN, FakeTelegram

ROOT: Final = Path(__file__).parents[1]
SAMPLE: Final = ROOT / "knowledge" / "sample"
GREETING: Final = "你好"
QUESTIONS: Final = (
    "失业保险金每人每月多少元？",
    "居民医保集中缴费期是什么时候？",
    "政府采购可以收取投标保证金吗？",
    "急难型救助多久先行救助？",
    "会计一年要修多少继续教育学分？",
)
STOP_S: Final = 10.0
LONG_S: Final = 120.0  # nothing here takes as long, however slow the machine
UNBOUNDED: Final = 1000  # messages a second: what Telegram allows is not what is measured here

_people = count(10_001)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--messages", type=int, default=200, help="a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--questions", type=int, default=40)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        asyncio.run(measure(Path(scratch), given.messages, given.rounds, given.questions))


async def measure(scratch: Path, messages: int, rounds: int, questions: int) -> None:
    build(read_library([SAMPLE]).documents, scratch / "releases", encoder=Choice().fit)
    async with AsyncExitStack() as stack:
        ours = await stack.enter_async_context(mingbai(scratch))
        bare = await stack.enter_async_context(echo())
        for contender in (ours, bare):
            await answered(contender, messages)  # warms up
        pairs = [
            (await answered(ours, messages), await answered(bare, messages)) for _ in range(rounds)
        ]
        show("messages a second", [(one.per_second, other.per_second) for one, other in pairs])
        show("ms of processor a message", [(one.cpu_ms, other.cpu_ms) for one, other in pairs])
        await compare(ours.server, scratch / "releases", questions)


@dataclass(frozen=True, slots=True)
class Contender:
    server: FakeTelegram
    process: Process

    def cpu_s(self) -> float:
        """Processor time that the process has used so far."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii")
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Round:
    per_second: float
    cpu_ms: float  # a message


@asynccontextmanager
async def mingbai(scratch: Path) -> AsyncIterator[Contender]:
    """The bot as it is served, over the sample library."""
    settings = {
        "RELEASES": str(scratch / "releases"),
        "DATABASE_URL": f"sqlite+aiosqlite:///{scratch / 'bot.sqlite'}",
        "WEB_PORT": "0",
        "LOG_LEVEL": "WARNING",
        "TELEGRAM_PER_SECOND": str(UNBOUNDED),
    }
    async with unbounded() as server:
        settings |= {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": server.url}
        async with program("run_bot.py", settings=settings) as process:
            assert process.stdout is not None
            async with asyncio.timeout(LONG_S):
                while b"index      on" not in (line := await process.stdout.readline()):
                    if not line:
                        raise RuntimeError("the bot ended; run it by hand to see why")
            yield Contender(server, process)


@asynccontextmanager
async def echo() -> AsyncIterator[Contender]:
    async with (
        unbounded() as server,
        program("-m", "benchmarks.echo", TOKEN, server.url, settings={}) as process,
    ):
        yield Contender(server, process)


@asynccontextmanager
async def unbounded() -> AsyncIterator[FakeTelegram]:
    """One that never says that it is too much."""
    async with FakeTelegram() as server:
        server.limits.in_all = UNBOUNDED
        yield server


@asynccontextmanager
async def program(*words: str, settings: dict[str, str]) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, cwd=ROOT, env=os.environ | settings, stdout=PIPE, stderr=DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        async with asyncio.timeout(STOP_S):
            await process.wait()


async def answered(contender: Contender, messages: int) -> Round:
    """As many people write at once; the round lasts until the last one has a reply."""
    people = [Person(contender.server, next(_people)) for _ in range(messages)]
    started, used_s = time.perf_counter(), contender.cpu_s()
    for person in people:
        person.send(GREETING)
    for person in people:
        await person.hears(timeout_s=LONG_S)
    lasted_s = time.perf_counter() - started
    return Round(messages / lasted_s, (contender.cpu_s() - used_s) * 1000 / messages)


def show(what: str, pairs: Sequence[tuple[float, float]]) -> None:
    ours, bare = zip(*pairs, strict=True)
    ratios = [one / other for one, other in pairs]
    print(f"{what}, median of the rounds (lowest, highest)")
    for name, values in (("mingbai", ours), ("echo", bare), ("ratio", ratios)):
        print(f"  {name:8}{median(values):8.2f}  ({min(values):.2f}, {max(values):.2f})")


async def compare(server: FakeTelegram, releases: Path, questions: int) -> None:
    """The same question through the bot and to the index alone, turn by turn."""
    index = Live(
        releases,
        lambda folder: load(folder, encoder=Choice().load, expect="builtin"),
        thread_setup=one_thread,
    )
    try:
        await index.refresh()
        for question in QUESTIONS:  # warms up
            await both(server, index, question)
        asks = islice(cycle(QUESTIONS), questions)
        times = [await both(server, index, question) for question in asks]
    finally:
        index.close()
    greeted = [await asked(server, GREETING) for _ in range(questions)]
    whole, search = (quantiles(one)["p50_ms"] for one in zip(*times, strict=True))
    print("one question at a time, p50 in ms")
    print(f"  whole bot {whole:8.1f}")
    print(f"  search    {search:8.1f}")
    print(f"  overhead  {whole - search:8.1f}  ({(whole - search) / search:.2f} of the search)")
    print(f"  greeting  {quantiles(greeted)['p50_ms']:8.1f}  (nothing is searched)")


async def both(server: FakeTelegram, index: Live, question: str) -> tuple[float, float]:
    """Milliseconds until the bot's reply is there, and those of the search alone."""
    whole = await asked(server, question)
    started = time.perf_counter()
    await index.search(question, on=datetime.now(UTC).date())
    return whole, (time.perf_counter() - started) * 1000


async def asked(server: FakeTelegram, text: str) -> float:
    """Milliseconds until somebody new has the first message of a reply."""
    person = Person(server, next(_people))
    started = time.perf_counter()
    person.send(text)
    await person.hears(timeout_s=LONG_S)
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
