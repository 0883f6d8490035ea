"""Deliveries in a dict; see memory.py."""

from __future__ import annotations

from collections.abc import Collection, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto

from bot.desk.tickets import Ticket
from bot.errors import TicketNotFound
from bot.seen.correlation import correlated
from bot.store.base import SUPERSEDED, Queued, taking_place
from bot.types import Address, Delivery


class _Sending(Enum):
    PENDING = auto()
    SENT = auto()
    DROPPED = auto()


@dataclass(frozen=True, slots=True)
class Slot:
    queued: Queued
    due_at: datetime
    queued_at: datetime
    state: _Sending = _Sending.PENDING
    leased_until: datetime | None = None
    tried: bool = False  # put off before
    ended_at: datetime | None = None  # sent or dropped

    @property
    def pending(self) -> bool:
        return self.state is _Sending.PENDING

    def is_leased(self, at: datetime) -> bool:
        return self.leased_until is not None and self.leased_until > at

    @property
    def sent(self) -> bool:
        return self.state is _Sending.SENT


def next_number(numbers: MutableMapping[str, int], kind: str) -> int:
    numbers[kind] = numbers.get(kind, 0) + 1
    return numbers[kind]


@dataclass(frozen=True, slots=True)
class MemoryOutbox:
    slots: dict[int, Slot]
    tickets: Mapping[int, Ticket]
    numbers: dict[str, int]

    async def enqueue(self, delivery: Delivery, /, *, at: datetime) -> int:
        if delivery.ticket_id is not None and delivery.ticket_id not in self.tickets:
            raise TicketNotFound(delivery.ticket_id)
        queued = Queued(id=next_number(self.numbers, "delivery"), delivery=correlated(delivery))
        self.slots[queued.id] = Slot(queued, at, at)
        return queued.id

    async def due(
        self, *, at: datetime, limit: int = 50, channels: Collection[str] | None = None
    ) -> Sequence[Queued]:
        heads: dict[Address, Slot] = {}
        pending = self._in(_Sending.PENDING)
        for slot in pending:
            heads.setdefault(slot.queued.delivery.to, slot)
        busy = {slot.queued.delivery.to for slot in pending if slot.is_leased(at)}
        ready = [
            slot
            for to, slot in heads.items()
            if slot.due_at <= at
            and to not in busy
            and (channels is None or to.channel in channels)
        ]
        return [self._with_edit(slot) for slot in ready[:limit]]

    async def take(
        self, due: Sequence[Queued], /, *, at: datetime, until: datetime | None
    ) -> Sequence[Queued]:
        slots = [slot for queued in due if (slot := self._pending(queued.id))]
        free = [slot.queued for slot in slots if not slot.is_leased(at)]
        mine = [await self._newest(queued, at=at) for queued in free]
        for queued in mine:
            self.slots[queued.id] = replace(self.slots[queued.id], leased_until=until)
        return mine

    async def keep(self, queued_ids: Collection[int], /, *, until: datetime) -> None:
        for slot in filter(None, map(self._pending, queued_ids)):
            if slot.leased_until is not None:
                self.slots[slot.queued.id] = replace(slot, leased_until=until)

    async def give_back(self, queued_id: int, /, *, until: datetime) -> None:
        slot = self._pending(queued_id)
        if slot is not None and slot.leased_until == until:
            self.slots[queued_id] = replace(slot, leased_until=None)

    async def sent(self, queued_id: int, /, *, platform_id: str, at: datetime) -> None:
        if slot := self._pending(queued_id):
            queued = replace(slot.queued, platform_id=platform_id)
            self.slots[queued_id] = replace(slot, queued=queued, state=_Sending.SENT, ended_at=at)

    async def put_off(
        self, queued_id: int, /, *, until: datetime, error: str, failed: bool = True
    ) -> None:
        del error
        if slot := self._pending(queued_id):
            queued = replace(slot.queued, attempts=slot.queued.attempts + failed)
            self.slots[queued_id] = replace(
                slot, queued=queued, due_at=until, leased_until=None, tried=True
            )

    async def drop(self, queued_id: int, /, *, at: datetime, error: str) -> None:
        del error
        if slot := self._pending(queued_id):
            self.slots[queued_id] = replace(slot, state=_Sending.DROPPED, ended_at=at)

    async def delivered(
        self, address: Address, /, *, after: int = 0, limit: int = 200
    ) -> Sequence[Queued]:
        found = [slot for slot in self._sent(address) if slot.queued.id > after]
        return [self._with_edit(slot) for slot in found[:limit]]

    async def ticket_of(self, address: Address, platform_id: str, /) -> int | None:
        tickets = [
            slot.queued.delivery.ticket_id
            for slot in self._sent(address)
            if slot.queued.platform_id == platform_id
        ]
        return tickets[-1] if tickets else None

    async def _newest(self, queued: Queued, *, at: datetime) -> Queued:
        to, key = queued.delivery.to, queued.delivery.key
        if key is None:
            return self._with_edit(self.slots[queued.id])
        alike = [slot.queued for slot in self._waiting(to) if slot.queued.delivery.key == key]
        newest, last = taking_place(alike), replace(alike[-1], delivery=alike[0].delivery)
        for one in (last, newest):  # where there is but one, it is the newest
            self.slots[one.id] = replace(self.slots[one.id], queued=one)
        for replaced in alike[1:]:
            await self.drop(replaced.id, at=at, error=SUPERSEDED)
        return self._with_edit(self.slots[newest.id])

    async def shows(self, address: Address, platform_id: str, /) -> Delivery | None:
        found = [
            slot.queued.delivery
            for slot in self._sent(address)
            if slot.queued.platform_id == platform_id
        ]
        return found[-1] if found else None

    async def waiting(self, address: Address, /) -> int:
        return len(self._waiting(address))

    async def known(self, address: Address, key: str, /) -> bool:
        here = [*self._sent(address), *self._waiting(address)]
        return any(slot.queued.delivery.key == key for slot in here)

    async def move(self, address: Address, to: Address, /) -> None:
        for slot in self._waiting(address):
            delivery = replace(slot.queued.delivery, to=to, reply_to=None)
            queued = replace(slot.queued, delivery=delivery)
            self.slots[queued.id] = replace(slot, queued=queued)

    def all_to(self, address: Address) -> tuple[Queued, ...]:
        """Every delivery to a conversation, sent or not, oldest first."""
        slots = list(self.slots.values())
        return tuple(self._with_edit(s) for s in slots if s.queued.delivery.to == address)

    def erase(self, address: Address) -> int:
        """Forget what a conversation was told, and what is not about a ticket; return how much."""
        gone = [
            number
            for number, slot in self.slots.items()
            if slot.queued.delivery.to == address
            and (slot.state is not _Sending.PENDING or slot.queued.delivery.ticket_id is None)
        ]
        for number in gone:
            del self.slots[number]
        return len(gone)

    def _in(self, state: _Sending) -> list[Slot]:
        return [slot for slot in self.slots.values() if slot.state is state]

    def _sent(self, address: Address) -> list[Slot]:
        return [slot for slot in self._in(_Sending.SENT) if slot.queued.delivery.to == address]

    def _waiting(self, address: Address) -> list[Slot]:
        waiting = self._in(_Sending.PENDING)
        return [slot for slot in waiting if slot.queued.delivery.to == address]

    def _pending(self, queued_id: int) -> Slot | None:
        slot = self.slots.get(queued_id)
        return slot if slot is not None and slot.state is _Sending.PENDING else None

    def _with_edit(self, slot: Slot) -> Queued:
        queued = slot.queued
        edits = [
            earlier.queued.platform_id
            for earlier in self._sent(queued.delivery.to)
            if earlier.queued.id < queued.id
            and earlier.queued.delivery.key is not None
            and earlier.queued.delivery.key == queued.delivery.key
        ]
        return replace(queued, edit=edits[-1] if edits else None)
