"""A console with a roster: what is there to look at, and who looks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot.desk.concerns.concern import Asked, Concern
from bot.desk.lookback.task import Task
from bot.desk.roster import Department, Member, Role, Roster
from bot.store.memory import MemoryStore
from tests.unit.desk.press import Press
from tests.web.console.harness import Browser, Front, front_of

OFFICE = Roster(
    {
        "harbour": Department(
            key="harbour",
            name="港务科",
            topics=("泊位",),
            members=(
                Member(id="telegram:1", name="王芳", also=("web:wang",)),
                Member(id="web:liu", name="刘洋"),
                Member(id="web:zhao", name="赵敏", roles=frozenset({Role.SUPERVISOR})),
            ),
        ),
        "water": Department(key="water", name="供水科"),
    },
    (
        Member(id="web:han", name="韩梅", roles=frozenset({Role.MAINTAINER})),
        Member(id="web:fu", name="傅强", roles=frozenset({Role.REVIEWER})),
    ),
)
NASTY = "<img src=x onerror=alert(1)>"
SAFE = "&lt;img src=x onerror=alert(1)&gt;"


@dataclass
class Staffed:
    front: Front
    wang: Browser  # an agent
    zhao: Browser  # a supervisor

    async def concern(self, **fields: object) -> int:
        made = Concern(
            label="停水几点来水？",
            examples=("停水几点来水？", "什么时候恢复供水？"),
            days=(
                Asked(date(2026, 11, 15), 3),
                Asked(date(2026, 11, 16), 4),
                Asked(date(2026, 11, 23), 8),
            ),
            recent=12,
            before=3,
            found=date(2026, 11, 23),
            due=date(2026, 11, 25),
        )
        async with self.front.store.begin() as work:
            added = await work.entries(Concern).add(replace(made, **fields))  # type: ignore[arg-type]  # any field
        return added.id

    async def task(self, **fields: object) -> int:
        made = Task(
            year=2026, title="修订泊位管理办法", department="harbour", due=date(2026, 12, 31)
        )
        async with self.front.store.begin() as work:
            added = await work.entries(Task).add(replace(made, **fields))  # type: ignore[arg-type]  # any field
        return added.id

    async def person(self, login: str) -> Browser:
        return await self.front.enrolled(login)

    async def viewed(self) -> list[str]:
        """What was looked at."""
        return [one.text for one in await self.front.log() if one.what == "viewed"]


@asynccontextmanager
async def staffed() -> AsyncIterator[Staffed]:
    async with front_of(OFFICE) as front:
        yield await _signed_in(front)


@asynccontextmanager
async def publishing(folder: Path) -> AsyncIterator[tuple[Staffed, Press]]:
    """With a release that is served, and a folder of published answers."""
    press = Press(MemoryStore(), folder, roster=OFFICE)
    await press.builds()
    try:
        async with front_of(OFFICE, press=press) as front:
            yield await _signed_in(front), press
    finally:
        press.index.close()


async def _signed_in(front: Front) -> Staffed:
    return Staffed(front, await front.enrolled("wang"), await front.enrolled("zhao", name="赵敏"))
