"""Counts of a checked library: how many of what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge.check import Checked
from knowledge.library import Library, Why
from knowledge.repair import Damage
from knowledge.types import Document


@dataclass(frozen=True, slots=True)
class Count:
    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    read: int  # documents in the library
    repaired: int  # of them, those whose text was damaged
    unreadable: int
    partly: int  # parts of files
    closed: int  # the source says that they are not open
    undisclosed: int  # the source does not say
    characters: int


def outcome(library: Library) -> Outcome:
    why: Counter[Why] = Counter()
    for one in library.skipped:
        why[one.why] += one.documents
    return Outcome(
        read=len(library.documents),
        repaired=len(library.mended),
        unreadable=why[Why.UNREADABLE],
        partly=why[Why.PART],
        closed=why[Why.CLOSED],
        undisclosed=why[Why.UNDISCLOSED],
        characters=sum(len(one.text) for one in library.documents),
    )


def damage(library: Library) -> list[tuple[Damage, int, int]]:
    """Return each kind of damage with the documents that had it and its places."""
    found = [change for one in library.mended for change in one.changes]
    return [
        (kind, len(places), sum(places))
        for kind in Damage
        if (places := [change.count for change in found if change.damage is kind])
    ]


def by_year(documents: Iterable[Document]) -> list[Count]:
    years = Counter(str(one.published.year) if one.published else "" for one in documents)
    known = [Count(year, years[year]) for year in sorted(years) if year]
    return [*known, *([Count("no date", years[""])] if years[""] else [])]


def by_standing(checked: Checked) -> list[Count]:
    return _most(Counter(str(standing) for standing in checked.catalogue.standings.values()))


def by_kind(documents: Iterable[Document]) -> list[Count]:
    return _most(Counter(str(one.kind) for one in documents))


def by_language(documents: Iterable[Document]) -> list[Count]:
    return _most(Counter(str(one.language) for one in documents))


def by_topic(documents: Iterable[Document]) -> list[Count]:
    """Return all topics; "" are the documents without any."""
    return _most(Counter(topic for one in documents for topic in one.topics or ("",)))


def coverage(documents: Sequence[Document]) -> list[Count]:
    """How many documents have each of the fields that answers need."""
    fields = ("title", "number", "issuer", "published", "effective", "expires", "topics", "source")
    return [Count(name, sum(bool(getattr(one, name)) for one in documents)) for name in fields]


def _most(counts: Counter[str]) -> list[Count]:
    return [Count(name, count) for name, count in sorted(counts.items(), key=_by_count)]


def _by_count(item: tuple[str, int]) -> tuple[int, str]:
    return (-item[1], item[0])
