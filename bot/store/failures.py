"""What a failure of a database means, and what may be told of it."""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnection  # of our own, in WAIT_S

# PostgreSQL's codes.
_AWAY: Final = {
    "53300",  # too many connections
    "57P03",  # the server is starting
}
_BUSY: Final = {
    "40001",  # serialization failure
    "40P01",  # deadlock detected
    "55P03",  # lock not available, in LOCK_S
}
_DENIED: Final = "42501"
_OF_VALUES: Final = ("22", "23")  # data exceptions, integrity constraint violations


def words(error: Exception) -> str:
    """Say what went wrong in the driver's own words: SQLAlchemy's carry the statement."""
    if tells_values(error):
        return "it does not take one of the values"
    return str(error.orig if isinstance(error, DBAPIError) else error)


def tells_values(error: Exception) -> bool:
    """Whether the driver's words may hold what people wrote: PostgreSQL's then do."""
    return _state(error).startswith(_OF_VALUES)


def is_busy(error: Exception) -> bool:
    """Whether a transaction was given up, or not begun, because of others: try it again."""
    return isinstance(error, NoFreeConnection) or _state(error) in _BUSY


def is_denied(error: Exception) -> bool:
    """Whether our role may not do that."""
    return _state(error) == _DENIED


def is_away(error: Exception) -> bool:
    """Whether waiting helps: another program has locked it, or its server cannot be reached."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        # Python's own errors of that module (a closed cursor) have no code.
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        return code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
    return isinstance(cause, ConnectionError | TimeoutError) or _state(error) in _AWAY


def _state(error: Exception) -> str:
    """PostgreSQL's code of what went wrong; of SQLite there is none."""
    cause = error.orig if isinstance(error, DBAPIError) else None
    return getattr(cause, "sqlstate", None) or ""
