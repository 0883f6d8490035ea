"""What waits, in SQL: cheap enough to be read again and again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.tickets import ACTIVE, State
from bot.store.columns import Utc
from bot.store.tables import Sending, delivery, message, ticket
from bot.store.waiting import Backlog, Clock, Waiting


@dataclass(frozen=True, slots=True)
class SqlBacklogs:
    """Three statements, each of them over an index of what is not ended."""

    connection: AsyncConnection

    async def read(self, *, at: datetime, soon: datetime) -> Backlog:
        by_state = await self.connection.execute(_TICKETS, {"at": at, "soon": soon})
        tickets: dict[tuple[State, Clock], int] = {}
        dues: list[datetime] = []
        for state, count, overdue, near, standing, earliest in by_state:
            tickets |= {
                (state, Clock.OVERDUE): overdue,
                (state, Clock.DUE_SOON): near - overdue,
                (state, Clock.STANDING): standing,
                (state, Clock.IN_TIME): count - near - standing,
            }
            dues += [earliest] if overdue and earliest else []
        return Backlog(
            messages=_waiting(await self.connection.execute(_MESSAGES)),
            deliveries=_waiting(await self.connection.execute(_DELIVERIES)),
            tickets={key: count for key, count in tickets.items() if count},
            overdue_since=min(dues, default=None),
        )


def _waiting(rows: Iterable[Any]) -> Mapping[str, Waiting]:
    return {channel: Waiting(count, since) for channel, count, since in rows}


def _those(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


_DUE: Final = ticket.c.due_at
_TICKETS: Final = (
    select(
        ticket.c.state,
        func.count(),
        _those(bindparam("at", type_=Utc) > _DUE),
        _those(bindparam("soon", type_=Utc) > _DUE),
        _those(_DUE.is_(None)),
        func.min(_DUE),
    )
    .where(ticket.c.state.in_(sorted(ACTIVE)))
    .group_by(ticket.c.state)
)
_MESSAGES: Final = (
    select(message.c.channel, func.count(), func.min(message.c.received_at))
    .where(message.c.finished_at.is_(None))
    .group_by(message.c.channel)
)
_DELIVERIES: Final = (
    select(delivery.c.channel, func.count(), func.min(delivery.c.queued_at))
    .where(delivery.c.state == Sending.PENDING)
    .group_by(delivery.c.channel)
)
