"""A conversation without a platform: what people do, and what they are told."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Final

from bot.citizen import Citizen
from bot.commands.command import Counter
from bot.commands.table import COMMANDS
from bot.desk.desk import Desk
from bot.desk.tickets import Ticket
from bot.following import Following
from bot.library import ReleaseLibrary
from bot.push.archive import Archive
from bot.render import Bureau
from bot.searching import Searches
from bot.store.base import Store
from bot.types import Address, Delivery, Input, Message, Outcome
from tests.unit.shelf import Shelf

NOON: Final = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
CHAT: Final = Address("telegram", "1001")
_ids = count(1)


class Nothing:
    release = ""


NOTHING: Final = Nothing()


class Talk:
    """One bot over a store; `restarted` is another one over the same."""

    def __init__(self, store: Store, shelf: Shelf, *, index: Searches | None = None) -> None:
        """`index` is searched in place of the shelf."""
        self.store = store
        self.shelf = shelf
        self.desk = Desk(store, bureau=Bureau(), clock=lambda: NOON)
        counter = Counter(
            store=store,
            library=ReleaseLibrary(Path("no-releases")),
            following=Following(store, Archive(Path("no-releases"), NOTHING), clock=lambda: NOON),
            bureau=Bureau(),
            clock=lambda: NOON,
            commands=COMMANDS,
        )
        self._citizen = Citizen(index or shelf, self.desk, counter)

    def restarted(self) -> Talk:
        return Talk(self.store, self.shelf)

    async def says(self, text: str, **more: str) -> tuple[Outcome, Delivery]:
        return await self._does(Input.TEXT, text, **more)

    async def presses(self, on: Delivery, label: str, **more: str) -> tuple[Outcome, Delivery]:
        actions = {button.label: button.action for row in on.buttons for button in row}
        return await self._does(Input.ACTION, actions[label], **more)

    async def forges(self, action: str, **more: str) -> tuple[Outcome, Delivery]:
        return await self._does(Input.ACTION, action, **more)

    async def tickets(self) -> list[Ticket]:
        return list(await self.desk.waiting())

    async def _does(
        self, kind: Input, text: str, *, sender: str = "1001", chat: str = CHAT.chat
    ) -> tuple[Outcome, Delivery]:
        message = Message(
            id=f"u{next(_ids)}",
            address=Address("telegram", chat),
            sender=sender,
            kind=kind,
            text=text,
            at=NOON,
        )
        async with self.store.begin() as work:
            accepted = await work.inbox.accept(message)
        assert accepted is not None
        outcome = await self._citizen.handle(accepted)
        async with self.store.begin() as work:
            [queued] = await work.outbox.due(at=NOON)
            await work.outbox.sent(queued.id, platform_id=f"p{queued.id}", at=NOON)
        return outcome, queued.delivery
