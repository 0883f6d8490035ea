"""
From one database to another, all rows of it: an installation that outgrows SQLite moves on.

Everything is written in one transaction, and read again and compared row by row before it is
committed: afterwards the new database holds all of the old one, or nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import StoreError
from bot.store.dialect import connect, parse, reader
from bot.store.moving.rows import (
    Connection,
    Sheet,
    count,
    count_from,
    last_number,
    read,
    revision,
    sheets,
    write,
)
from bot.store.sql import MEND, prepare, translated

NOT_EMPTY: Final = (
    "the database {name} is not empty: its table {table} holds {rows} rows. Nothing was written."
    " Name a database without rows, for what is there would be mixed with what comes."
)


async def copy(source: str, target: str, *, told: Callable[[str, int], None]) -> int:
    """
    Copy all rows; `told` hears of each table and its rows. Return how many rows there are.

    Both databases are brought to this program's tables first. Raise StoreError if the target
    holds rows, or takes one that it does not give back as it was; then nothing is in it.
    """
    if parse(source) == parse(target):
        raise StoreError("both databases are the same; name another one to copy to")
    async with opened(source) as old, opened(target) as new:
        await refuse_rows(new, sheets())
        rows = 0
        for sheet in sheets():
            await _copy(old, new, sheet)
            same = await _compare(old, new, sheet)
            told(sheet.name, same)
            rows += same
    return rows


async def migrated(url: str) -> str:
    """Bring a database to this program's tables; return their revision."""
    async with opened(url) as connection:
        return await revision(connection)


@asynccontextmanager
async def opened(url: str, *, to: str = "head") -> AsyncIterator[Connection]:
    """
    One transaction on a database with the tables of that revision, however long it takes.

    Foreign keys are not looked at in SQLite: what is moved was whole, and is compared.
    """
    async with _engine(url, to=to) as engine, engine.begin() as connection:
        yield connection


@asynccontextmanager
async def snapshot(url: str) -> AsyncIterator[Connection]:
    """All tables as they are at one moment, while others write. Only to read."""
    async with _engine(url) as engine:
        reading = reader(engine)
        try:
            async with reading.begin() as connection:
                yield connection
        finally:
            await reading.dispose()


@asynccontextmanager
async def _engine(url: str, *, to: str = "head") -> AsyncIterator[AsyncEngine]:
    parsed = parse(url)
    with translated(SQLAlchemyError, OSError, ImportError, where=parsed, mend=MEND):
        await prepare(parsed, to=to)
        engine = connect(parsed, migrating=True)
    try:
        with translated(SQLAlchemyError, where=parsed):
            yield engine
    finally:
        await engine.dispose()


async def refuse_rows(connection: Connection, tables: Sequence[Sheet]) -> None:
    """Raise StoreError unless all of these tables are empty."""
    for sheet in tables:
        if rows := await count(connection, sheet):
            name = connection.engine.url.render_as_string(hide_password=True)
            raise StoreError(NOT_EMPTY.format(name=name, table=sheet.name, rows=rows))


async def _copy(old: Connection, new: Connection, sheet: Sheet) -> None:
    async for rows in read(old, sheet):
        try:
            await write(new, sheet, rows)
        except DBAPIError as error:
            first = dict(zip(sheet.columns, rows[0], strict=True))
            key = ", ".join(str(first[name]) for name in sheet.key)
            raise StoreError(
                f"table {sheet.name}: one of {len(rows)} rows from {key} on is not taken:"
                f" {error.orig}. Nothing was written."
            ) from error
    await count_from(new, sheet, await last_number(old, sheet))


async def _compare(old: Connection, new: Connection, sheet: Sheet) -> int:
    """Return how many rows there are. Raise StoreError for the first that is not the same."""
    rows = 0
    copied = read(new, sheet)
    async for expected in read(old, sheet):
        found = await anext(copied, ())
        if list(found) != list(expected):
            pairs = zip(expected, [*found, *[None] * len(expected)], strict=False)
            other = next(one for one, two in pairs if one != two)
            key = ", ".join(str(other[list(sheet.columns).index(name)]) for name in sheet.key)
            raise StoreError(
                f"table {sheet.name}: row {key} is not the same in the new database."
                " Nothing was written."
            )
        rows += len(expected)
    if await anext(copied, None) is not None:
        raise StoreError(
            f"table {sheet.name}: the new database has more rows. Nothing was written."
        )
    return rows
