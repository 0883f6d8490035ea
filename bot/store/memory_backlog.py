"""What waits in the dicts; see memory.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.desk.tickets import ACTIVE, Ticket
from bot.store.base import Accepted
from bot.store.memory_outbox import Slot
from bot.store.waiting import Backlog, Waiting, clock_of


@dataclass(frozen=True, slots=True)
class MemoryBacklogs:
    messages: Mapping[int, Accepted]
    outcomes: Container[int]
    slots: Mapping[int, Slot]
    tickets: Mapping[int, Ticket]

    async def read(self, *, at: datetime, soon: datetime) -> Backlog:
        active = [one for one in self.tickets.values() if one.state in ACTIVE]
        dues = [one.deadlines.due for one in active]
        left = [one.message for one in self.messages.values() if one.id not in self.outcomes]
        pending = [slot for slot in self.slots.values() if slot.pending]
        return Backlog(
            messages=_waiting((one.address.channel, one.at) for one in left),
            deliveries=_waiting(
                (one.queued.delivery.to.channel, one.queued_at) for one in pending
            ),
            tickets=Counter(
                (one.state, clock_of(one.deadlines.due, at=at, soon=soon)) for one in active
            ),
            overdue_since=min((due for due in dues if due and due < at), default=None),
        )


def _waiting(those: Iterable[tuple[str, datetime]]) -> Mapping[str, Waiting]:
    since: dict[str, list[datetime]] = {}
    for channel, at in those:
        since.setdefault(channel, []).append(at)
    return {channel: Waiting(len(times), min(times)) for channel, times in since.items()}
