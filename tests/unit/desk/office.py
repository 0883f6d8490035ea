"""A desk with a clock that the test moves, over a store of either kind."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import count
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bot.desk.desk import Desk
from bot.desk.roster import Department, Member, Role, Roster
from bot.desk.tickets import Agent, Draft, Ticket, TicketKind
from bot.desk.timekeeping import Timekeeper
from bot.desk.watch import Watch
from bot.render import Bureau
from bot.store.base import Store, Work
from bot.store.memory import MemoryStore
from bot.store.sql import SqlStore
from bot.types import Address, Delivery, Reason
from knowledge.types import Lang

HERE: Final = ZoneInfo("Asia/Shanghai")
ROOM: Final = Address("telegram", "-100")
CHAT: Final = Address("telegram", "1001")
WANG: Final = Agent("telegram:1", "王芳")
LI: Final = Agent("telegram:2", "李雷")
ZHAO: Final = Agent("telegram:3", "赵敏")
SUN: Final = Agent("telegram:4", "孙权")
ROSTER: Final = Roster(
    {
        "housing": Department(
            key="housing",
            name="住房科",
            members=(
                Member(id=WANG.id, name=WANG.name),
                Member(id=ZHAO.id, name=ZHAO.name, roles=frozenset({Role.SUPERVISOR})),
            ),
        ),
        "pension": Department(
            key="pension",
            name="养老科",
            members=(
                Member(id=LI.id, name=LI.name),
                Member(id=SUN.id, name=SUN.name, roles=frozenset({Role.SUPERVISOR})),
            ),
        ),
    }
)
_ids = count(1)


@asynccontextmanager
async def store_of(kind: str, folder: Path) -> AsyncIterator[Store]:
    if kind == "memory":
        yield MemoryStore()
        return
    async with SqlStore.open(f"sqlite+aiosqlite:///{folder}/desk.sqlite") as store:
        yield store


@dataclass(slots=True)
class Time:
    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def set(self, day: str, hour: int = 10, minute: int = 0) -> None:
        self.now = datetime.combine(date.fromisoformat(day), time(hour, minute), HERE)


class Office:
    def __init__(
        self, store: Store, *, roster: Roster = ROSTER, room: Address | None = ROOM
    ) -> None:
        """It begins on Monday 23 November 2026 at ten."""
        self.store = store
        self.time = Time(datetime(2026, 11, 23, 10, tzinfo=HERE))
        self.desk = Desk(
            store,
            bureau=Bureau(),
            clock=self.time,
            room=room,
            language=Lang.EN,
            roster=roster,
        )
        self.timekeeper = Timekeeper(store, self.desk)
        self._unread: list[Delivery] = []

    def watch(self, *, archive_days: int = 14) -> Watch:
        """One more process that watches."""
        return Watch(self.store, self.desk, archive_days=archive_days)

    async def opens(
        self,
        kind: TicketKind = TicketKind.CONSULTATION,
        *,
        question: str = "养狗要办什么证？",
        chat: Address = CHAT,
    ) -> Ticket:
        draft = Draft(
            message_id=f"m{next(_ids)}",
            asked_from=chat,
            question=question,
            language=Lang.EN,
            reason=Reason.UNSURE,
            kind=kind,
            opened=self.time.now,
        )
        async with self.store.begin() as work:
            return await self.desk.open(work, draft)

    async def ticket(self, number: int) -> Ticket:
        ticket, _ = await self.desk.look(number)
        return ticket

    async def told(self, to: Address = ROOM) -> list[str]:
        """What was said there since the last look, cards apart."""
        await self._send()
        new = [one for one in self._unread if one.to == to]
        self._unread = [one for one in self._unread if one.to != to]
        return [text_of(one) for one in new if one.key is None]

    async def card(self) -> str:
        """The card that was posted or edited last."""
        await self._send()
        shown = [one for one in self._unread if one.key is not None]
        return text_of(shown[-1])

    async def history(self, number: int) -> list[str]:
        _, events = await self.desk.look(number)
        return [event.what for event in events]

    async def _send(self) -> None:
        async with self.store.begin() as work:
            while due := await work.outbox.due(at=datetime.max.replace(tzinfo=UTC)):
                for queued in due:
                    await work.outbox.sent(
                        queued.id, platform_id=f"p{queued.id}", at=self.time.now
                    )
                    self._unread.append(queued.delivery)


class Interrupted:
    """A store where something happens right behind a transaction that read what is due."""

    def __init__(
        self, store: Store, happens: Callable[[], Awaitable[object]], *, behind: int
    ) -> None:
        """It happens behind that transaction, counted from 1."""
        self._store = store
        self._happens = happens
        self._behind = behind
        self._transactions = 0

    def begin(self) -> AbstractAsyncContextManager[Work]:
        return self._counted(self._store.begin())

    def read(self) -> AbstractAsyncContextManager[Work]:
        return self._counted(self._store.read())

    @asynccontextmanager
    async def _counted(
        self, transaction: AbstractAsyncContextManager[Work]
    ) -> AsyncIterator[Work]:
        async with transaction as work:
            yield work
        self._transactions += 1
        if self._transactions == self._behind:
            await self._happens()


def text_of(delivery: Delivery) -> str:
    return "".join(span.text for span in delivery.body)
