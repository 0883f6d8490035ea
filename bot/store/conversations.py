"""What we remember of conversations, in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.base import Conversation
from bot.store.dialect import Insert, insert_into
from bot.store.tables import conversation as table
from bot.types import Address


@dataclass(frozen=True, slots=True)
class SqlConversations:
    connection: AsyncConnection

    async def get(self, address: Address, /) -> Conversation:
        rows = await self.connection.execute(_GET, {"of": address.channel, "with": address.chat})
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
        row = {
            "channel": conversation.address.channel,
            "chat": conversation.address.chat,
            "language": conversation.language,
            "last_question": conversation.last_question,
            "chosen": conversation.chosen,
            "expects": conversation.expects,
            "expects_from": conversation.expects_from,
            "simple": conversation.simple,
            "seen_at": conversation.seen,
        }
        await self.connection.execute(_save(self.connection.dialect.name), row)


# Built once: building a statement costs more than running it.
_KEY: Final = ("channel", "chat")
_GET: Final = select(table).where(
    table.c.channel == bindparam("of"), table.c.chat == bindparam("with")
)


@cache
def _save(backend: str) -> Insert:
    new = insert_into(backend, table)
    values = {column.name: column for column in new.excluded if column.name not in _KEY}
    return new.on_conflict_do_update(index_elements=_KEY, set_=values)
