"""
A connection to SQLite that runs statements where they are called, on the event loop.

aiosqlite hands each step of a statement (cursor, execute, fetch, close) to a thread and waits for
it. A statement of ours takes some 20 µs, and each step 200 µs or a whole turn of a busy loop. Only
what may wait goes to the thread: BEGIN for the lock of another process, COMMIT for the disk.

A full or failing disk makes SQLite roll back all of a transaction. Who goes on after that would
write each statement for good at once, so outside a transaction none that writes is run.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any, Final

import aiosqlite
from sqlalchemy.exc import DBAPIError

_WAITING: Final = frozenset({"BEGIN", "COMMIT", "ROLLBACK", "PRAGMA"})
_WRITING: Final = frozenset({"INSERT", "UPDATE", "DELETE"})
_RUNNING: Final = frozenset({"execute", "executemany"})
_STEPS: Final = frozenset({"cursor", "fetchall", "fetchone", "fetchmany"})


class InlineConnection(aiosqlite.Connection):
    def run(self, statement: str) -> None:
        """Run a statement that neither waits nor finds anything. Raise DBAPIError."""
        try:
            self._conn.execute(statement).close()
        except sqlite3.Error as error:
            raise DBAPIError(statement, None, error) from error

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Every step of a connection and its cursors comes through here."""
        if _may_wait(fn, args):
            return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call] # theirs
        if not self._conn.in_transaction and _writes(fn, args):
            raise sqlite3.OperationalError("the transaction was rolled back")
        return fn(*args, **kwargs)


async def connect(database: str, **options: Any) -> InlineConnection:
    """Open a file as sqlite3.connect does."""

    def opened() -> sqlite3.Connection:
        # Two threads use it, and never at once: each step is awaited.
        found: sqlite3.Connection = sqlite3.connect(
            database, **options | {"check_same_thread": False}
        )
        return found

    connection = InlineConnection(opened, iter_chunk_size=64)
    connection._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does for its own
    _ = await connection
    return connection


def _may_wait(step: Callable[..., Any], args: tuple[Any, ...]) -> bool:
    if not isinstance(getattr(step, "__self__", None), sqlite3.Cursor | sqlite3.Connection):
        return True
    match step.__name__:
        case name if name in _RUNNING:
            return _verb(args) in _WAITING
        case "close":
            return not isinstance(step.__self__, sqlite3.Cursor)  # type: ignore[attr-defined] # a method
        case name:
            return name not in _STEPS


def _writes(step: Callable[..., Any], args: tuple[Any, ...]) -> bool:
    return step.__name__ in _RUNNING and _verb(args) in _WRITING


def _verb(args: tuple[Any, ...]) -> str:
    return str(args[0]).split(maxsplit=1)[0].upper()
