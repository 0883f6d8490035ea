"""
Kill the bot again and again, and see that nothing is lost and nothing comes twice.

`python -m tests.chaos.run --kills 200 --messages 5000 --tickets 500 --seed 1` prints what was done
and found, and ends with 1 where something was lost. It takes about ten seconds a kill.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from index.build import build
from index.encoders.choice import Choice
from knowledge.library import read_library
from tests.chaos.faulty_api import FaultyTelegram
from tests.chaos.people import STAFF, Agents, Citizens
from tests.chaos.process import Process, process
from tests.chaos.truth import Evidence, Findings, findings
from tests.telegram.fake_api import TOKEN

SAMPLE: Final = Path(__file__).parents[2] / "knowledge" / "sample"
FAULTY: Final = 0.1  # of all requests
EARLY: Final = 0.3  # of all kills come while it starts
STARTS_S: Final = 8.0  # about
LIVES_S: Final = 6.0  # at most, after its release is there; the first search alone takes two
SETTLES_S: Final = 600.0
A_TICKET_S: Final = 20.0  # more: a group takes twenty messages a minute, and each leads to several
QUIET_S: Final = 1.5  # so long nothing has changed: all is done


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    kills: int
    messages: int
    tickets: int
    seed: int

    @property
    def citizens(self) -> int:
        return max(8, self.tickets // 2)


@dataclass(slots=True)
class Town:
    """All who talk, and the bot that they talk to."""

    figures: Figures
    folder: Path
    releases: Path
    chance: random.Random
    server: FaultyTelegram
    killed_at: dict[int, float] = field(default_factory=dict)

    def settings(self, life: int) -> Mapping[str, str]:
        return {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": self.server.url_of(life),
            "TELEGRAM_STAFF_CHAT": str(STAFF),
            "WEB_PORT": "0",
            "DATABASE_URL": f"sqlite+aiosqlite:///{self.database}",
            "RELEASES": str(self.releases),
            "RATE_PER_MINUTE": "600",
            "RATE_BURST": "600",
            "LOG_LEVEL": "WARNING",
        }

    @property
    def database(self) -> Path:
        return self.folder / "bot.sqlite"


async def run(figures: Figures, folder: Path, releases: Path) -> Findings:
    """Kill as often as is asked, let the last process finish, and look at what became of it."""
    chance = random.Random(figures.seed)  # noqa: S311 - no secret
    async with FaultyTelegram(chance, faulty=FAULTY) as server:
        town = Town(figures, folder, releases, chance, server)
        citizens = Citizens(server, chance, figures.citizens)
        agents = Agents(server, chance)
        agents.arrive()
        citizens.arrive()
        working = asyncio.create_task(agents.work())
        try:
            await _lives(town, citizens)
            await _last_life(town, agents)
            if working.done():
                working.result()  # raises: whoever stops working does so by a mistake of ours
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
        found = findings(
            Evidence(
                database=town.database,
                reported=server.faulty_updates.reported,
                arrivals=server.arrivals,
                killed_at=town.killed_at,
                asked=citizens.asked,
                replies=agents.replies,
                wasted={one.text for one in agents.wasted},
                loose=server.faulty_updates.loose,
                removed={
                    (one.chat, one.message_id)
                    for one in server.arrivals
                    if one.message_id not in server.chats.rooms[one.chat].messages
                },
            )
        )
        found.counts["kills"] = len(town.killed_at)
        found.counts.update(f"mishap {mishap}" for mishap in server.mishaps)
        return found


async def _lives(town: Town, citizens: Citizens) -> None:
    figures = town.figures
    kinds = [True] * figures.tickets + [False] * (figures.messages - figures.tickets)
    town.chance.shuffle(kinds)
    for life in range(figures.kills):
        first, end = (len(kinds) * n // figures.kills for n in (life, life + 1))
        talking = asyncio.create_task(_talk(town.chance, citizens, kinds[first:end]))
        async with process(town.folder, town.settings(life)) as bot:
            await _live(town.chance, bot)
            assert not bot.ended, f"it ended by itself: see {town.folder / 'log'}"
            await bot.kill()
            town.killed_at[life] = time.monotonic()
        await talking
        if sys.stderr.isatty() or life % 20 == 19:
            sys.stderr.write(f"{life + 1} kills\n")


async def _talk(chance: random.Random, citizens: Citizens, kinds: Sequence[bool]) -> None:
    """Say so much while a process lives, or while none does."""
    for asks in kinds:
        await asyncio.sleep(chance.uniform(0, 2 * (STARTS_S + LIVES_S / 2) / len(kinds)))
        if asks:
            citizens.ask_a_person()
        else:
            citizens.say_something()


async def _live(chance: random.Random, bot: Process) -> None:
    if chance.random() < EARLY:
        await asyncio.sleep(chance.uniform(0, STARTS_S))
        return
    await bot.until("index      on")
    await asyncio.sleep(chance.uniform(0, LIVES_S))


async def _last_life(town: Town, agents: Agents) -> None:
    """No more mishaps: all that is left is done."""
    town.server.calm = True
    life = town.figures.kills
    async with process(town.folder, town.settings(life)) as bot:
        await bot.until("index      on")
        with suppress(TimeoutError):  # what is left then is told as lost
            async with asyncio.timeout(SETTLES_S + A_TICKET_S * town.figures.tickets):
                await _settled(town, agents)
        await bot.stop()


async def _settled(town: Town, agents: Agents) -> None:
    """Wait until nothing has changed for a while and nothing is left to be done."""
    before: tuple[int, ...] = ()
    since = time.monotonic()
    while True:
        await asyncio.sleep(0.2)
        updates, tickets = town.server.faulty_updates, town.figures.tickets
        now = len(updates.reported), len(town.server.arrivals), *_left(town.database)
        if now != before:
            before, since = now, time.monotonic()
        done = not (updates.held or updates.pending or any(_left(town.database)))
        if done and len(agents.replies) >= tickets and time.monotonic() - since > QUIET_S:
            return


def _left(database: Path) -> tuple[int, int]:
    """Messages without an outcome, deliveries that wait."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        (messages,) = connection.execute(
            "SELECT count(*) FROM message WHERE finished_at IS NULL"
        ).fetchone()
        (waiting,) = connection.execute(
            "SELECT count(*) FROM delivery WHERE state = 'pending'"
        ).fetchone()
    return messages, waiting


def _lines(found: Findings) -> Iterable[str]:
    for name in sorted(found.counts):
        yield f"{found.counts[name]:7}  {name}"
    yield f"{found.latest_double_s:7.3f}  s at most from an answer to the kill that came before its note"
    yield f"{len(found.problems):7}  problems"
    yield from found.problems


async def _main(figures: Figures) -> int:
    with tempfile.TemporaryDirectory(prefix="mingbai-chaos-") as name:
        folder = Path(name)
        releases = folder / "releases"
        build(read_library([SAMPLE]).documents, releases, encoder=Choice().fit)
        begun = time.monotonic()
        found = await run(figures, folder, releases)
        minutes = (time.monotonic() - begun) / 60
    sys.stdout.write("\n".join([f"{figures}, {minutes:.1f} minutes", *_lines(found), ""]))
    return 1 if found.problems else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Kill the bot, and see what becomes of it all.")
    for wish, default in (("kills", 10), ("messages", 250), ("tickets", 25), ("seed", 1)):
        parser.add_argument(f"--{wish}", type=int, default=default)
    sys.exit(asyncio.run(_main(Figures(**vars(parser.parse_args())))))
