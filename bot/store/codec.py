"""
The values of this package as JSON, and back.

It follows the dataclasses' own annotations, so a new field cannot be forgotten here. Reading is
strict: an unknown field, a wrong type or a time without its zone is an error, never a guess.
A field that has a default may be missing: it was added after the value was written.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache, partial
from types import MappingProxyType, NoneType
from typing import Any, Final, TypeVar, get_args, get_origin, get_type_hints

from bot.errors import StoreError

T = TypeVar("T")
E = TypeVar("E", bound=Enum)


def utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without its zone")
    return at.astimezone(UTC)


def encode(value: object) -> str:
    plain = _plain(value)
    text = json.dumps(plain, ensure_ascii=False, allow_nan=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        # Half a surrogate pair, which a browser may send: only an escape can carry it.
        return json.dumps(plain, allow_nan=False)
    return text


def decode(kind: type[T], text: str) -> T:
    try:
        found: T = _read(kind, json.loads(text))
    except (ValueError, TypeError) as error:
        # Without the text itself: it may be somebody's question.
        raise StoreError(f"a stored {kind.__name__} is unreadable: {error}") from None
    return found


def decode_word(kind: type[E], text: str) -> E:
    try:
        return kind(text)
    except ValueError as error:
        raise StoreError(f"a stored {kind.__name__} is unreadable: {error}") from None


def _plain(value: Any) -> object:  # noqa: PLR0911 - one for each kind of value
    match value:
        case datetime():
            return utc(value).isoformat()
        case date():
            return value.isoformat()
        case Enum():
            return value.value
        case tuple():
            return [_plain(item) for item in value]
        case bytes():
            return base64.b64encode(value).decode()
        case None | str() | bool() | int() | float():
            return value
        case _:
            return {name: _plain(getattr(value, name)) for name in _hints(value.__class__)}


def _read(kind: Any, raw: Any) -> Any:
    return _reader(kind)(raw)


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """How such a value is read: found out once, for a report reads a year of them."""
    if get_origin(kind) is tuple:
        item = _reader(get_args(kind)[0])
        return lambda raw: tuple(map(item, _of(list, raw)))
    if NoneType in get_args(kind):
        some = _reader(_without_none(kind))
        return lambda raw: None if raw is None else some(raw)
    if is_dataclass(kind):
        return partial(_read_fields, kind)
    return _LEAVES[kind] if kind in _LEAVES else lambda raw: kind(_of(str, raw))  # an enum


def _read_fields(kind: Any, raw: Any) -> Any:
    readers, required = _fields(kind)
    if unknown := _of(dict, raw).keys() - readers.keys():
        raise ValueError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    if missing := required - raw.keys():
        raise ValueError(f"{kind.__name__} lacks {', '.join(sorted(missing))}")
    return kind(**{name: readers[name](value) for name, value in raw.items()})


@cache
def _fields(kind: Any) -> tuple[Mapping[str, Callable[[Any], Any]], frozenset[str]]:
    """The reader of each field, and the fields that must be there."""
    required = frozenset(f.name for f in fields(kind) if f.default is MISSING)
    return {name: _reader(hint) for name, hint in _hints(kind).items()}, required


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    if not is_dataclass(kind):
        raise TypeError(f"{kind.__name__} is no value of ours")
    return MappingProxyType(get_type_hints(kind))


def _without_none(kind: Any) -> Any:
    (rest,) = set(get_args(kind)) - {NoneType}
    return rest


def _of(kind: type[T], raw: object) -> T:
    if type(raw) is not kind:  # exactly: True is no 1
        raise TypeError(f"{type(raw).__name__} in place of {kind.__name__}")
    return raw


_LEAVES: Final[Mapping[type, Callable[[Any], Any]]] = {
    str: lambda raw: _of(str, raw),
    int: lambda raw: _of(int, raw),
    bool: lambda raw: _of(bool, raw),
    float: lambda raw: float(raw) if type(raw) is int else _of(float, raw),
    datetime: lambda raw: utc(datetime.fromisoformat(raw)),
    date: date.fromisoformat,
    bytes: lambda raw: base64.b64decode(_of(str, raw), validate=True),
}
