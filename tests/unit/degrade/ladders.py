"""A bot on a ladder: citizens' messages through the gate, over an index that a test may break."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Final

from bot.citizen import Citizen
from bot.commands.command import Counter
from bot.commands.table import COMMANDS
from bot.degrade.gate import Gate
from bot.degrade.kept import Keeping
from bot.degrade.ladder import Ladder
from bot.degrade.level import Level
from bot.degrade.levels import Levels
from bot.following import Following
from bot.library import ReleaseLibrary
from bot.push.archive import Archive
from bot.render import Bureau
from bot.store.base import Accepted, Store
from bot.store.memory import MemoryStore
from bot.types import Address, Delivery, Input, Message, Outcome
from index.types import Away, Found
from knowledge.types import Kind
from tests.unit.desk.office import CHAT, ROOM, ZHAO, Office
from tests.unit.shelf import LINE, RELEASE, RENT, THREE, UNSURE, Shelf, document, hit

SURE: Final = "泊位月租按什么标准收？"
LEANS: Final = "那押金呢？"
PUBLISHED: Final = "泊位可以转租吗？"
BEHIND: Final = "泊位月租可以减免吗？"  # a published answer comes second
UNKNOWN: Final = "养狗要办什么证？"
ANSWER: Final = document("answer-7", "泊位转租", kind=Kind.ANSWER)
SUBLET: Final = hit(ANSWER, "泊位不得转租。", probability=0.95)
SURE_RENT: Final = replace(RENT, probability=0.97)
FOUND: Final = {
    UNSURE: THREE,
    SURE: Found(hits=(SURE_RENT,), line=LINE),
    PUBLISHED: Found(hits=(SUBLET, RENT), line=LINE),
    BEHIND: Found(hits=(SURE_RENT, replace(SUBLET, probability=0.9)), line=LINE),
}
_ids = count(1)


@dataclass(slots=True)
class Index(Shelf):
    """As index.live.Live: it may fail, hang, or have no release."""

    release: str = RELEASE
    problem: str = ""
    away: Away | None = None
    failure: Exception | None = None
    hangs: bool = False
    asked: list[str] = field(default_factory=list)

    async def search(self, question: str, /, *, on: date) -> Found | None:
        self.asked.append(question)
        if self.hangs:
            await asyncio.Event().wait()
        if self.failure is not None:
            raise self.failure
        return await Shelf.search(self, question, on=on)

    async def questions(self, document_id: str, /, *, on: date) -> tuple[str, ...]:
        del document_id, on
        return (SURE,)


class Rungs:
    """One worker; `beside` is another one over the same store."""

    def __init__(self, store: Store | None = None, *, room: Address | None = ROOM) -> None:
        self.store = store or MemoryStore()
        self.office = Office(self.store, room=room)
        self.index = Index(found=dict(FOUND))
        self.told: list[Level] = []
        self.levels = Levels(self.store, self.office.desk)
        self.ladder = Ladder(
            self.index,
            clock=self.office.time,
            away=lambda: self.index.away,
            told=self.told.append,
        )
        self.resumed: list[Accepted] = []
        self._unread: list[Delivery] = []
        self.keeping = Keeping(
            self.store, bureau=Bureau(), clock=self.office.time, resume=self._resume
        )
        nowhere = Path("no-releases")
        counter = Counter(
            store=self.store,
            library=ReleaseLibrary(nowhere),
            following=Following(self.store, Archive(nowhere, self.index), clock=self.office.time),
            bureau=Bureau(),
            clock=self.office.time,
            commands=COMMANDS,
        )
        citizen = Citizen(self.ladder.index, self.office.desk, counter)
        self.gate = Gate(citizen, self.store, self.ladder, self.keeping, bureau=Bureau())

    def _resume(self, accepted: Sequence[Accepted]) -> None:
        self.resumed.extend(accepted)

    async def set(self, level: Level) -> None:
        await self.levels.set(level, ZHAO, why="巡检")
        await self.look()
        await self.hears(ROOM)

    async def look(self, *, after_s: float = 0.0) -> Level:
        self.office.time.now += timedelta(seconds=after_s)
        await self.ladder.look(self.levels, self.keeping)
        return self.ladder.level

    async def says(
        self, text: str, kind: Input = Input.TEXT, language: str = "zh-CN"
    ) -> tuple[Outcome, list[Delivery]]:
        message = Message(
            id=f"u{next(_ids)}",
            address=CHAT,
            sender=CHAT.chat,
            kind=kind,
            text=text,
            language=language,
            at=self.office.time.now,
        )
        async with self.store.begin() as work:
            accepted = await work.inbox.accept(message)
        assert accepted is not None
        outcome = await self.gate.handle(accepted)
        return outcome, await self.hears()

    async def goes_on(self) -> list[Delivery]:
        """What is said to what was taken up."""
        for accepted in self.resumed:
            await self.gate.handle(accepted)
        self.resumed.clear()
        return await self.hears()

    async def hears(self, address: Address = CHAT) -> list[Delivery]:
        """What was sent there since the last time."""
        async with self.store.begin() as work:
            while due := await work.outbox.due(at=self.office.time.now):
                for queued in due:
                    await work.outbox.sent(
                        queued.id, platform_id=f"p{queued.id}", at=self.office.time.now
                    )
                    self._unread.append(queued.delivery)
        heard = [one for one in self._unread if one.to == address]
        self._unread = [one for one in self._unread if one.to != address]
        return heard

    async def tickets(self) -> list[str]:
        return [ticket.question for ticket in await self.office.desk.waiting()]

    async def deeds(self) -> list[tuple[str, str, str]]:
        """Who did what about levels, and to which."""
        async with self.store.begin() as work:
            events = [line.event for line in await work.audit.lines()]
        return [(one.who, one.what, one.text) for one in events if one.what.startswith("level")]


def words(heard: Sequence[Delivery]) -> str:
    return "\n".join(delivery.plain for delivery in heard)
