"""What is held of one person, in SQL."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.base import Erased, Held, Past
from bot.store.conversations import SqlConversations
from bot.store.outbox import SqlOutbox
from bot.store.tables import Sending
from bot.store.tables import conversation as conversations
from bot.store.tables import delivery as deliveries
from bot.store.tables import message as messages
from bot.store.tickets import SqlTickets
from bot.types import Address


@dataclass(slots=True)
class SqlPeople:
    connection: AsyncConnection
    has_erased: bool = False

    async def held(self, address: Address, sender: str, /) -> Held:
        theirs = _theirs(address, sender)
        rows = await self.connection.execute(
            select(messages.c.id, messages.c.content, messages.c.outcome)
            .where(*theirs, messages.c.outcome.is_not(None))
            .order_by(messages.c.id)
        )
        return Held(
            conversation=await SqlConversations(self.connection).get(address),
            messages=tuple(
                Past(id=row.id, message=row.content, outcome=row.outcome) for row in rows
            ),
            deliveries=tuple(await SqlOutbox(self.connection).all_to(address)),
            tickets=tuple(
                await SqlTickets(self.connection).asked(
                    address, select(messages.c.platform_id).where(*theirs)
                )
            ),
        )

    async def erase(self, address: Address, sender: str, /) -> Erased:
        self.has_erased = True
        written = await self.connection.execute(
            delete(messages).where(*_theirs(address, sender), messages.c.finished_at.is_not(None))
        )
        told = await self.connection.execute(
            delete(deliveries).where(
                deliveries.c.channel == address.channel,
                deliveries.c.chat == address.chat,
                or_(deliveries.c.state != Sending.PENDING, deliveries.c.ticket_id.is_(None)),
            )
        )
        await self.connection.execute(
            delete(conversations).where(
                conversations.c.channel == address.channel, conversations.c.chat == address.chat
            )
        )
        return Erased(messages=written.rowcount, deliveries=told.rowcount)


def _theirs(address: Address, sender: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Messages from before senders were pseudonyms bear the id of the chat that one has alone."""
    names = sender, address.chat
    return messages.c.channel == address.channel, messages.c.sender.in_(names)
