"""Registers in SQL: a table for each, made from the dataclass of its entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from types import NoneType
from typing import Any, Final, Generic, TypeVar, cast, get_args, get_type_hints

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    Index,
    Row,
    Table,
    TypeDecorator,
    UniqueConstraint,
    delete,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeEngine

from bot.errors import EntryChanged, EntryNotFound
from bot.store.columns import ID, Json, Said, Utc, Word
from bot.store.dialect import insert
from bot.store.registers import REGISTERS, Entry, Register
from bot.store.tables import metadata

E = TypeVar("E", bound=Entry)
_TYPES: Final[Mapping[Any, TypeEngine[Any] | type[TypeEngine[Any]] | TypeDecorator[Any]]] = {
    str: Said(),
    int: ID,
    bool: Boolean(),
    date: Date(),
    datetime: Utc(),
}


def _table(register: Register[Any]) -> Table:
    hints = get_type_hints(register.kind)
    return Table(
        register.name,
        metadata,
        Column("id", ID, primary_key=True),
        Column("version", ID, nullable=False),
        *(_column(key, hints[key]) for key in register.keys),
        Column("content", Json(register.kind), nullable=False),
        *(Index(f"ix_{register.name}_{key}", key, "id") for key in register.keys),
        *((UniqueConstraint(*register.unique),) if register.unique else ()),
        sqlite_autoincrement=True,
    )


def _column(name: str, hint: Any) -> Column[Any]:
    kinds = [kind for kind in get_args(hint) or (hint,) if kind is not NoneType]
    (kind,) = kinds
    words = isinstance(kind, type) and issubclass(kind, StrEnum)
    return Column(
        name,
        Word(kind) if words else _TYPES[kind],
        nullable=NoneType in get_args(hint),
    )


TABLES: Final[Mapping[type, Table]] = {kind: _table(one) for kind, one in REGISTERS.items()}


@dataclass(frozen=True, slots=True)
class SqlEntries(Generic[E]):
    """See bot.store.base.Entries."""

    connection: AsyncConnection
    register: Register[E]

    @property
    def _rows(self) -> Table:
        return TABLES[self.register.kind]

    async def add(self, entry: E, /) -> E:
        unique = self.register.unique
        new = insert(self.connection, self._rows).values(version=1, **self._values(entry))
        if unique:
            new = new.on_conflict_do_nothing(index_elements=unique)
        done = await self.connection.execute(new.returning(self._rows.c.id))
        number = done.scalar_one_or_none()
        if number is not None:
            return _numbered(entry, number, 1)
        found = await self.find(**{name: getattr(entry, name) for name in unique})
        return found[0]

    async def get(self, number: int, /) -> E:
        for entry in await self._select(self._rows.c.id == number):
            return entry
        raise EntryNotFound(self.register.name, number)

    async def save(self, entry: E, /) -> E:
        rows = self._rows
        done = await self.connection.execute(
            update(rows)
            .where(rows.c.id == entry.id, rows.c.version == entry.version)
            .values(version=entry.version + 1, **self._values(entry))
        )
        if done.rowcount:
            return _numbered(entry, entry.id, entry.version + 1)
        await self.get(entry.id)  # raises EntryNotFound
        raise EntryChanged(self.register.name, entry.id)

    async def remove(self, number: int, /) -> None:
        await self.connection.execute(delete(self._rows).where(self._rows.c.id == number))

    async def find(
        self, *, limit: int | None = None, newest: bool = False, **keys: object
    ) -> Sequence[E]:
        wanted = [_equal(self._rows.c[name], value) for name, value in keys.items()]
        return await self._select(*wanted, limit=limit, newest=newest)

    async def _select(
        self, *where: ColumnElement[bool], limit: int | None = None, newest: bool = False
    ) -> Sequence[E]:
        number = self._rows.c.id
        query = select(self._rows).where(*where).limit(limit)
        rows = await self.connection.execute(query.order_by(number.desc() if newest else number))
        return [_entry(row) for row in rows]

    def _values(self, entry: E) -> dict[str, object]:
        keys = {key: getattr(entry, key) for key in self.register.keys}
        return {**keys, "content": entry}


async def erase_of_ticket(connection: AsyncConnection, ticket_id: int) -> None:
    """Take the words out of what is kept about a ticket; where nothing stays, the entry."""
    for register in REGISTERS.values():
        if "ticket_id" not in register.keys:
            continue
        entries: SqlEntries[Any] = SqlEntries(connection, register)
        for entry in await entries.find(ticket_id=ticket_id):
            if register.blank is None:
                await entries.remove(entry.id)
            else:
                await entries.save(register.blank(entry))


def _equal(column: ColumnElement[Any], value: object) -> ColumnElement[bool]:
    if isinstance(value, (tuple, frozenset)):
        return column.in_(value)
    return column.is_(None) if value is None else column == value


def _entry(row: Row[*tuple[Any, ...]]) -> Any:
    return _numbered(row.content, row.id, row.version)


def _numbered(entry: E, number: int, version: int) -> E:
    numbered: E = replace(cast("Any", entry), id=number, version=version)
    return numbered
