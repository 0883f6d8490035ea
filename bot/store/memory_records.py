"""What is kept for a time only, in dicts; see memory.py."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from bot.desk.audit import ERASED
from bot.desk.tickets import DONE, Event, State, Ticket
from bot.store import blank
from bot.store.base import Accepted, Conversation, DataClass
from bot.store.memory_entries import erase_of_ticket
from bot.store.memory_outbox import Slot
from bot.types import Address, Outcome


class Log(Protocol):
    """The part of the audit log that erasing needs."""

    async def note(self, event: Event, /) -> None: ...

    def erase(self, ticket_id: int) -> None: ...


@dataclass(frozen=True, slots=True)
class MemoryRecords:
    messages: dict[int, Accepted]
    outcomes: dict[int, Outcome]
    finished: Mapping[int, datetime]
    conversations: dict[Address, Conversation]
    tickets: dict[int, Ticket]
    audit: Log
    entries: MutableMapping[tuple[type, int], Any]
    slots: dict[int, Slot]

    async def expired(self, what: DataClass, /, *, before: datetime) -> int:
        return len(self._old(what, before))

    async def erase(
        self, what: DataClass, /, *, before: datetime, at: datetime, limit: int
    ) -> int:
        old = self._old(what, before)[:limit]
        for key in old:
            await self._blank(what, key, at)
        return len(old)

    def _old(self, what: DataClass, before: datetime) -> Sequence[Hashable]:
        match what:
            case DataClass.MESSAGES:
                ended = [number for number, at in self.finished.items() if at < before]
                return [n for n in ended if n in self.messages and self._has_person(n)]
            case DataClass.DELIVERIES:
                return [n for n, slot in self.slots.items() if self._is_over(slot, before)]
            case DataClass.CONVERSATIONS:
                known = self.conversations.items()
                return [key for key, one in known if one.seen is not None and one.seen < before]
            case DataClass.TICKETS:
                done = [t for t in self.tickets.values() if t.changed < before and _done(t)]
                left = [ticket for ticket in done if ticket.asked_from.chat]
                return [ticket.id for ticket in left if self._is_owed_no_reply(ticket)]

    def _has_person(self, number: int) -> bool:
        return not self.messages[number].message.id.startswith(blank.GONE)

    def _is_over(self, slot: Slot, before: datetime) -> bool:
        delivery = slot.queued.delivery
        if slot.ended_at is None or slot.ended_at >= before or not delivery.to.chat:
            return False
        return delivery.ticket_id is None or _done(self.tickets[delivery.ticket_id])

    def _is_owed_no_reply(self, ticket: Ticket) -> bool:
        """What was merged goes after the ticket that it is answered with."""
        if ticket.state is not State.MERGED or ticket.merged_into is None:
            return True
        return not self.tickets[ticket.merged_into].asked_from.chat

    async def _blank(self, what: DataClass, key: Hashable, at: datetime) -> None:
        match what, key:
            case DataClass.MESSAGES, int(number):
                row = self.messages[number]
                self.messages[number] = replace(row, message=blank.message(number, row.message))
                self.outcomes[number] = blank.outcome(self.outcomes[number])
            case DataClass.DELIVERIES, int(number):
                slot = self.slots[number]
                told = blank.delivery(slot.queued.delivery)
                queued = replace(slot.queued, delivery=told, platform_id=None)
                self.slots[number] = replace(slot, queued=queued)
            case DataClass.TICKETS, int(number):
                self.tickets[number] = blank.ticket(self.tickets[number])
                await self._without_words(number, at)
            case _, Address() as address:
                del self.conversations[address]
            case _:
                raise AssertionError(what, key)

    async def _without_words(self, ticket_id: int, at: datetime) -> None:
        self.audit.erase(ticket_id)
        erase_of_ticket(self.entries, ticket_id)
        await self.audit.note(Event(ticket_id=ticket_id, at=at, who=blank.ERASER, what=ERASED))


def _done(ticket: Ticket) -> bool:
    return ticket.state in DONE
