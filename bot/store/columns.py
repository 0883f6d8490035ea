"""Column types that read alike from SQLite and PostgreSQL."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, TypeVar

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, String, Text, TypeDecorator

from bot.store.codec import decode, decode_word, encode, utc

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

# SQLite counts up by itself only in a column that is INTEGER, which has 64 bits there.
ID: Final = BigInteger().with_variant(Integer, "sqlite")


class Utc(TypeDecorator[datetime]):
    """An aware time. SQLite keeps text without a zone: always in UTC, so that it sorts."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return utc(value).replace(tzinfo=None) if dialect.name == "sqlite" else utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        # PostgreSQL answers in the zone of the session, SQLite without one.
        return value if value is None else utc(value.replace(tzinfo=value.tzinfo or UTC))


class Said(TypeDecorator[str]):
    """
    Text that may be anything, and comes back as it was.

    PostgreSQL has no text with a NUL in it, and UTF-8 none with half a surrogate pair; both reach
    us by way of broken clients. They are written as an escape: a character that nobody types
    (U+0010, data link escape) and a code of four digits. All other text is itself.
    """

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        del dialect
        return None if value is None else _UNWRITABLE.sub(_escaped, value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        del dialect
        return None if value is None else _ESCAPE.sub(_unescaped, value)


class SaidAtLength(Said):
    """The same, of any length."""

    impl = Text
    cache_ok = True


_UNWRITABLE: Final = re.compile("[\0\x10\ud800-\udfff]")
_ESCAPE: Final = re.compile("\x10([0-9a-f]{4})")


def _escaped(found: re.Match[str]) -> str:
    return f"\x10{ord(found[0]):04x}"


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


class Word(TypeDecorator[E]):
    """An enum by its value: no type in the database to migrate when a member is added."""

    impl = String
    cache_ok = True

    def __init__(self, words: type[E]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        del dialect
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        del dialect
        return None if value is None else decode_word(self.words, value)


class Json(TypeDecorator[T]):
    """One of our values as JSON text; PostgreSQL's own jsonb refuses some texts."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[T]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: T | None, dialect: Dialect) -> str | None:
        del dialect
        return None if value is None else encode(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> T | None:
        del dialect
        return None if value is None else decode(self.kind, value)
