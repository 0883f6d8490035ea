"""Where conversations take place, as platforms say, kept in the store. See channels/base.py."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

from bot.errors import ChannelError, StoreError, TicketError
from bot.relocations import Relocation
from bot.store.base import Store, Work
from bot.types import Address

TELEGRAM: Final = "telegram"
MOST_TICKETS: Final = 1000  # of a group


class StoredPlaces:
    def __init__(
        self, store: Store, *, told: Callable[[Work, Address, Address], Awaitable[None]]
    ) -> None:
        """`told` is told of each move, inside the transaction in which it is written down."""
        self._store = store
        self._told = told

    async def moved(self, address: Address, to: Address, /) -> None:
        async with _kept(), self._store.begin() as work:
            if await here(work, address) != address:
                return
            await work.entries(Relocation).add(
                Relocation(channel=address.channel, chat=address.chat, to=to.chat)
            )
            await work.outbox.move(address, to)
            for ticket in await work.tickets.of(address, limit=MOST_TICKETS):
                await work.tickets.save(replace(ticket, asked_from=to))
            await self._told(work, address, to)

    async def thread(self, ticket_id: int, /) -> str | None:
        async with _kept(), self._store.begin() as work:
            return (await work.tickets.get(ticket_id)).thread

    async def opened(self, ticket_id: int, thread: str, /) -> None:
        async with _kept(), self._store.begin() as work:
            ticket = await work.tickets.get(ticket_id)
            await work.tickets.save(replace(ticket, thread=thread))


async def here(work: Work, address: Address) -> Address:
    """Where a conversation is now."""
    seen = {address}
    while True:
        found = await work.entries(Relocation).find(channel=address.channel, chat=address.chat)
        if not found or found[0].address in seen:
            return address
        address = found[0].address
        seen.add(address)


async def staff_room(store: Store, chat: str | None) -> Address | None:
    """Where the staff are; `chat` is the setting, and a group that moved has another id."""
    if not chat:
        return None
    async with store.read() as work:
        return await here(work, Address(TELEGRAM, chat))


@asynccontextmanager
async def _kept() -> AsyncIterator[None]:
    """What is sent waits until what it depends on can be written down."""
    try:
        yield
    except (StoreError, TicketError) as error:
        raise ChannelError(str(error)) from error
