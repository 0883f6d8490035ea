"""Which documents a list shows: filters and pages out of a query string. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from bot.leaves import leaf
from knowledge.fold import fold
from knowledge.types import Document, Kind, Standing

PAGE: Final = 20  # documents
_Value = TypeVar("_Value", bound=StrEnum)
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What is asked for; "" and None for anything."""

    name: str = ""  # a part of the title or the number
    issuer: str = ""
    kind: Kind | None = None
    year: int | None = None
    status: Standing | None = None

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filters:
        """Read a query string. What means nothing asks for nothing: a list is always shown."""
        year = query.get("year", "")
        return cls(
            name=query.get("name", "").strip()[:100],
            issuer=query.get("issuer", "").strip()[:100],
            kind=_one_of(Kind, query.get("kind", "")),
            year=int(year) if year.isdecimal() and len(year) == len("2026") else None,
            status=_one_of(Standing, query.get("status", "")),
        )

    def allows(self, document: Document, *, on: date) -> bool:
        year = document.published.year if document.published else None
        return (
            self.issuer in {"", document.issuer}
            and self.kind in {None, document.kind}
            and self.year in {None, year}
            and self.status in {None, document.standing(on)}
            and _called(document, self.name)
        )


@dataclass(frozen=True, slots=True)
class Slice:
    """One page of a list."""

    number: int  # from 1
    pages: int  # at least 1
    total: int  # of everything


def page_of(
    items: Sequence[_Item], number: str, *, size: int = PAGE
) -> tuple[Slice, Sequence[_Item]]:
    """The page of that number; the first or the last where there is no such page."""
    wanted = int(number) if number.isdecimal() and len(number) <= len("99999") else 1
    shown = leaf(items, wanted, lines=size)
    return Slice(shown.page, shown.last, shown.count), shown.lines


def issuers(documents: Iterable[Document]) -> list[str]:
    """Those who issued documents, whoever issued most first."""
    return [name for name, _ in Counter(one.issuer for one in documents).most_common() if name]


def years(documents: Iterable[Document]) -> list[int]:
    return sorted({one.published.year for one in documents if one.published}, reverse=True)


def _called(document: Document, name: str) -> bool:
    wanted = _flat(name)
    return wanted in _flat(document.title) or wanted in _flat(document.number)


def _flat(text: str) -> str:
    return "".join(fold(text).split())


def _one_of(kind: type[_Value], value: str) -> _Value | None:
    try:
        return kind(value)
    except ValueError:
        return None
