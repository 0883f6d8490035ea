"""Registers in dicts; see memory.py."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from bot.errors import EntryChanged, EntryNotFound
from bot.store.memory_outbox import next_number
from bot.store.registers import REGISTERS, Entry, Register

E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True)
class MemoryEntries(Generic[E]):
    """See bot.store.base.Entries."""

    rows: MutableMapping[tuple[type, int], Any]  # of all registers
    numbers: MutableMapping[str, int]
    register: Register[E]

    async def add(self, entry: E, /) -> E:
        if self.register.unique:
            for known in self._all():
                if self._same(entry, known):
                    return known
        number = next_number(self.numbers, self.register.name)
        return self._put(entry, number, 1)

    async def get(self, number: int, /) -> E:
        try:
            found: E = self.rows[self.register.kind, number]
        except KeyError:
            raise EntryNotFound(self.register.name, number) from None
        return found

    async def save(self, entry: E, /) -> E:
        if (await self.get(entry.id)).version != entry.version:
            raise EntryChanged(self.register.name, entry.id)
        return self._put(entry, entry.id, entry.version + 1)

    async def remove(self, number: int, /) -> None:
        self.rows.pop((self.register.kind, number), None)

    async def find(
        self, *, limit: int | None = None, newest: bool = False, **keys: object
    ) -> Sequence[E]:
        found = [
            entry
            for entry in self._all()
            if all(_equal(getattr(entry, name), value) for name, value in keys.items())
        ]
        found.sort(key=lambda entry: entry.id, reverse=newest)
        return found[:limit]

    def _all(self) -> list[E]:
        return [entry for (kind, _), entry in self.rows.items() if kind is self.register.kind]

    def _same(self, one: E, other: E) -> bool:
        names = self.register.unique
        return all(getattr(one, name) == getattr(other, name) for name in names)

    def _put(self, entry: Any, number: int, version: int) -> E:
        stored: E = replace(entry, id=number, version=version)
        self.rows[self.register.kind, number] = stored
        return stored


def erase_of_ticket(rows: MutableMapping[tuple[type, int], Any], ticket_id: int) -> None:
    """See bot.store.entries.erase_of_ticket."""
    for (kind, number), entry in list(rows.items()):
        if getattr(entry, "ticket_id", None) != ticket_id:
            continue
        blank = REGISTERS[kind].blank
        if blank is None:
            del rows[kind, number]
        else:
            rows[kind, number] = replace(blank(entry), version=entry.version + 1)


def _equal(found: object, wanted: object) -> bool:
    return found in wanted if isinstance(wanted, (tuple, frozenset)) else found == wanted
