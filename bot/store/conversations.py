"""What we remember of conversations, in SQL."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.base import Conversation
from bot.store.dialect import insert
from bot.store.tables import conversation as table
from bot.types import Address


@dataclass(frozen=True, slots=True)
class SqlConversations:
    connection: AsyncConnection

    async def get(self, address: Address, /) -> Conversation:
        rows = await self.connection.execute(
            select(table).where(table.c.channel == address.channel, table.c.chat == address.chat)
        )
        row = rows.one_or_none()
        if row is None:
            return Conversation(address=address)
        return Conversation(
            address=address,
            language=row.language,
            last_question=row.last_question,
            chosen=row.chosen,
            expects=row.expects,
            expects_from=row.expects_from,
            simple=row.simple,
            seen=row.seen_at,
        )

    async def save(self, conversation: Conversation, /) -> None:
        address = conversation.address
        values = {
            "language": conversation.language,
            "last_question": conversation.last_question,
            "chosen": conversation.chosen,
            "expects": conversation.expects,
            "expects_from": conversation.expects_from,
            "simple": conversation.simple,
            "seen_at": conversation.seen,
        }
        await self.connection.execute(
            insert(self.connection, table)
            .values(channel=address.channel, chat=address.chat, **values)
            .on_conflict_do_update(index_elements=["channel", "chat"], set_=values)
        )
