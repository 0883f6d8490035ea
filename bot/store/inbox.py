"""The ledger of messages, in SQL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Row, Text, bindparam, select, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert

from bot.store.base import Accepted, Given, Handled, Past
from bot.store.dialect import insert_into
from bot.store.tables import message as table
from bot.types import Address, Input, Message, Outcome
from knowledge.types import Kind, Lang


@dataclass(frozen=True, slots=True)
class SqlInbox:
    connection: AsyncConnection

    async def accept(self, message: Message, /) -> Accepted | None:
        row = {
            "channel": message.address.channel,
            "chat": message.address.chat,
            "platform_id": message.id,
            "sender": message.sender,
            "content": message,
            "received_at": message.at,
        }
        new_id = await self.connection.scalar(_accept(self.connection.dialect.name), row)
        return None if new_id is None else Accepted(new_id, message)

    async def unfinished(self, address: Address | None = None, /) -> Sequence[Accepted]:
        if address is None:
            rows = await self.connection.execute(_UNFINISHED)
        else:
            where = {"at_channel": address.channel, "at_chat": address.chat}
            rows = await self.connection.execute(_UNFINISHED_AT, where)
        return [Accepted(accepted_id, content) for accepted_id, content in rows]

    async def finish(self, accepted_id: int, outcome: Outcome, /, *, at: datetime) -> bool:
        values = {
            "accepted_id": accepted_id,
            "outcome": outcome,
            "result": outcome.result,
            "reason": outcome.reason,
            "finished_at": at,
            "chat": None,
        }
        done = await self.connection.execute(_FINISH, values)
        return done.rowcount == 1

    async def get(self, accepted_id: int, /) -> Past | None:
        rows = await self.connection.execute(
            select(table.c.content, table.c.outcome).where(table.c.id == accepted_id)
        )
        row = rows.one_or_none()
        if row is None or row.outcome is None:
            return None
        return Past(id=accepted_id, message=row.content, outcome=row.outcome)

    async def handled(
        self, since: datetime, until: datetime, /, *, after: int = 0, limit: int = 1000
    ) -> Sequence[Handled]:
        came = table.c.received_at
        rows = await self.connection.execute(
            _COUNTED.where(table.c.id > after, came >= since, came < until).limit(limit)
        )
        return [_handled(row) for row in rows]


def _handled(row: Row[*tuple[Any, ...]]) -> Handled:
    """Of a long outcome only what is counted is read: a year of them is read at one go."""
    message, outcome = json.loads(row.message), json.loads(row.became)
    return Handled(
        id=row.id,
        channel=row.channel,
        message_id=row.platform_id,
        at=row.received_at,
        result=row.result,
        reason=row.reason,
        language=Lang(outcome["language"]),
        pressed=message.get("text", "") if message.get("kind") == Input.ACTION else "",
        picked=outcome.get("picked"),
        given=tuple(
            Given(one["document_id"], Kind(one["kind"])) for one in outcome.get("citations", ())
        ),
    )


# Built once: building a statement costs more than running it.
@cache
def _accept(backend: str) -> ReturningInsert[int]:
    new = insert_into(backend, table).on_conflict_do_nothing(
        index_elements=["channel", "platform_id"]
    )
    return new.returning(table.c.id)


_UNFINISHED: Final = (
    select(table.c.id, table.c.content)
    .where(table.c.finished_at.is_(None))
    # In order of a sum, which no index has: of the plain number SQLite would look through all
    # messages ever, for they are in that order, and not through the index of the unfinished ones.
    .order_by(table.c.id + 0)
)
_UNFINISHED_AT: Final = _UNFINISHED.where(
    table.c.channel == bindparam("at_channel"), table.c.chat == bindparam("at_chat")
)
_FINISH: Final = update(table).where(
    table.c.id == bindparam("accepted_id"), table.c.finished_at.is_(None)
)
_COUNTED: Final = (
    select(
        table.c.id,
        table.c.channel,
        table.c.platform_id,
        table.c.received_at,
        table.c.result,
        table.c.reason,
        type_coerce(table.c.content, Text).label("message"),
        type_coerce(table.c.outcome, Text).label("became"),
    )
    .where(table.c.finished_at.is_not(None))
    .order_by(table.c.id)
)
