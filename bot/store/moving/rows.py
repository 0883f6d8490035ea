"""
The rows of all tables as the database keeps them: what we store as JSON stays the text it is.

Reading them through the program's own types would write down anew what an older version wrote,
and a row that it cannot read would stop the whole.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Self, TypeAlias

from alembic.runtime.migration import MigrationContext
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Integer,
    MetaData,
    Table,
    Text,
    cast,
    func,
    insert,
    select,
    table,
    text,
    update,
)
from sqlalchemy import Connection as SyncConnection
from sqlalchemy import column as named
from sqlalchemy.dialects.postgresql import REGCLASS
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import Utc
from bot.store.tables import metadata

BATCH: Final = 500  # rows; some are long

Connection: TypeAlias = AsyncConnection
Value: TypeAlias = int | str | bool | datetime | None
Row: TypeAlias = tuple[Value, ...]


class Form(StrEnum):
    """What a column holds."""

    NUMBER = "number"
    TRUTH = "truth"
    TIME = "time"  # in UTC
    TEXT = "text"


_TYPES: Final = {
    Form.NUMBER: BigInteger,
    Form.TRUTH: Boolean,
    Form.TIME: Utc,
    Form.TEXT: Text,
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its name, its columns, and those that tell one row from another."""

    name: str
    columns: Mapping[str, Form]
    key: tuple[str, ...]

    @classmethod
    def of(cls, one: Table) -> Self:
        columns = {column.name: _form(column) for column in one.columns}
        return cls(one.name, columns, tuple(column.name for column in one.primary_key))

    @property
    def numbered(self) -> bool:
        """Whether the database counts its rows up by itself."""
        return self.key == ("id",) and self.columns["id"] is Form.NUMBER

    @property
    def table(self) -> Table:
        columns: list[Column[Any]] = [
            Column(name, _TYPES[form]) for name, form in self.columns.items()
        ]
        return Table(self.name, MetaData(), *columns)

    def ordered(self, mirror: Table, backend: str) -> list[ColumnElement[Any]]:
        """By the key, in the same order in every database: by bytes, not by a language's rules."""
        plain = backend == "sqlite"
        return [
            mirror.c[name]
            if plain or self.columns[name] is not Form.TEXT
            else mirror.c[name].collate("C")
            for name in self.key
        ]


def sheets() -> list[Sheet]:
    """All tables of this program, those that others point at before those that do."""
    return [Sheet.of(one) for one in metadata.sorted_tables]


def _form(column: Column[Any]) -> Form:
    if isinstance(column.type, Boolean):
        return Form.TRUTH
    if isinstance(column.type, Integer):
        return Form.NUMBER
    return Form.TIME if isinstance(column.type, Utc) else Form.TEXT


async def read(connection: Connection, sheet: Sheet) -> AsyncIterator[Sequence[Row]]:
    """All rows by their key, some at a time."""
    mirror = sheet.table
    rows = select(mirror).order_by(*sheet.ordered(mirror, connection.dialect.name))
    found = await connection.stream(rows)
    async for batch in found.partitions(BATCH):
        yield [tuple(row) for row in batch]


async def count(connection: Connection, sheet: Sheet) -> int:
    return int(await connection.scalar(select(func.count()).select_from(sheet.table)) or 0)


async def write(connection: Connection, sheet: Sheet, rows: Sequence[Row]) -> None:
    """Add rows as they are, with their numbers."""
    if rows:
        names = list(sheet.columns)
        values = [dict(zip(names, row, strict=True)) for row in rows]
        await connection.execute(insert(sheet.table), values)


async def last_number(connection: Connection, sheet: Sheet) -> int:
    """
    The highest number that a table ever gave; 0 if none.

    It may be higher than any that is there: the number of a deleted row is not given again, for
    an old button or link must not point at another person's.
    """
    if connection.dialect.name == "sqlite":
        counters = table("sqlite_sequence", named("name"), named("seq"))
        given = select(counters.c.seq).where(counters.c.name == sheet.name)
        return int(await connection.scalar(given) or 0)
    sequence = await _sequence(connection, sheet)
    if sequence is None:
        return 0
    return int(
        await connection.scalar(select(func.pg_sequence_last_value(cast(sequence, REGCLASS)))) or 0
    )


async def count_from(connection: Connection, sheet: Sheet, last: int) -> None:
    """Let the next row get the number behind `last`."""
    if not last:
        return
    if connection.dialect.name != "sqlite":
        sequence = await _sequence(connection, sheet)
        if sequence is not None:
            await connection.execute(select(func.setval(sequence, last)))
        return
    counters = table("sqlite_sequence", named("name"), named("seq"))
    ours = counters.c.name == sheet.name
    done = await connection.execute(update(counters).where(ours).values(seq=last))
    if not done.rowcount:  # no row was ever added, or the table does not count
        counting = "SELECT 1 FROM sqlite_master WHERE name = :name AND sql LIKE '%AUTOINCREMENT%'"
        if await connection.scalar(text(counting), {"name": sheet.name}):
            await connection.execute(insert(counters).values(name=sheet.name, seq=last))


async def _sequence(connection: Connection, sheet: Sheet) -> str | None:
    """What counts a table's rows in PostgreSQL, quoted where it must be."""
    asked = select(func.pg_get_serial_sequence(sheet.name, "id"))
    return await connection.scalar(asked) if sheet.numbered else None


async def revision(connection: Connection) -> str:
    """Which version the tables are of."""

    def head(one: SyncConnection) -> str:
        return MigrationContext.configure(one).get_current_revision() or ""

    return await connection.run_sync(head)
