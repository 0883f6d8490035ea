"""What may be compared with a document, and what a comparison tells. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.web.documents.reader import Relations, Version
from index.diff import ClauseChange, DocumentChange, Run, runs
from index.diff import Side as Which

# Fields that a citizen understands; ids of other documents are told by links on the page.
FIELDS: Final = ("title", "number", "issuer", "published", "effective", "expires", "status")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two that are compared."""

    key: str  # in the query string
    place: tuple[str, str]  # release and document
    title: str
    since: date | None  # of a version: the day of its release; of another document: its own


@dataclass(frozen=True, slots=True)
class FieldTold:
    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ClauseTold:
    address: str
    change: str  # "added", "removed", "changed", "renumbered"
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Told:
    fields: tuple[FieldTold, ...]
    clauses: tuple[ClauseTold, ...]  # those that changed

    @property
    def nothing(self) -> bool:
        return not self.fields and not self.clauses


def sides(versions: Sequence[Version], relations: Relations, release: str) -> tuple[Side, ...]:
    """The documents whose place it took, then its own versions, the newest last."""
    found = [
        Side(key=f"document:{one.id}", place=(release, one.id), title=one.title, since=one.begins)
        for one in relations.replaced
    ]
    for one in versions:
        place = (one.release, one.document.id)
        day = one.built.date()
        found.append(Side(key=one.release, place=place, title=one.document.title, since=day))
    return tuple(found)


def told(change: DocumentChange) -> Told:
    fields = (FieldTold(one.name, one.old, one.new) for one in change.fields if one.name in FIELDS)
    return Told(tuple(fields), tuple(_clauses(change.clauses)))


def _clauses(changes: Sequence[ClauseChange]) -> Iterator[ClauseTold]:
    for one in changes:
        if one.old is None and one.new is not None:
            yield ClauseTold(one.new.address, "added", (Run(Which.NEW, one.new.text),))
        elif one.new is None and one.old is not None:
            yield ClauseTold(one.old.address, "removed", (Run(Which.OLD, one.old.text),))
        elif one.old is not None and one.new is not None:
            kind = "renumbered" if one.renumbered else "changed"
            yield ClauseTold(one.new.address, kind, runs(one.old.text, one.new.text))
