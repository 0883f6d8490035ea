"""Versions of the same policy, and which of them another one put out of force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from knowledge.catalogue.effects import Does, Effect
from knowledge.catalogue.names import name_of
from knowledge.catalogue.register import SHORTEST, Register, newest_first
from knowledge.types import Document, Standing, Status


class Relation(StrEnum):
    EDITIONS = "editions"  # one name, several years: at most one binds
    SERIES = "series"  # 2025年度…, 2026年度…: each for its own year


GONE: Final = frozenset({Status.REPEALED, Status.SUPERSEDED})


@dataclass(frozen=True, slots=True)
class Versions:
    name: str
    relation: Relation
    members: tuple[str, ...]  # ids, oldest first
    binding: tuple[str, ...]  # those that bind on the day of the catalogue


@dataclass(frozen=True, slots=True)
class Chain:
    """Policies that replaced one another: ids, oldest first."""

    members: tuple[str, ...]


def versions(register: Register, standings: Mapping[str, Standing]) -> tuple[Versions, ...]:
    groups: dict[str, list[Document]] = defaultdict(list)
    for document in register.policies:
        name = name_of(document.title)
        if len(name.series) >= SHORTEST and not name.draft:
            groups[name.series].append(document)
    return tuple(_versions(series, members, standings) for series, members in _several(groups))


def _several(groups: dict[str, list[Document]]) -> Iterator[tuple[str, list[Document]]]:
    """Groups of two and more; copies of one document are no versions."""
    for series, members in sorted(groups.items()):
        distinct = {(one.number, one.published, one.title): one for one in members}
        if len(distinct) > 1:
            yield series, newest_first(distinct.values())[::-1]


def _versions(
    series: str, members: Sequence[Document], standings: Mapping[str, Standing]
) -> Versions:
    cores = {name_of(one.title).core for one in members}
    relation = Relation.EDITIONS if len(cores) == 1 else Relation.SERIES
    binding = tuple(one.id for one in members if standings[one.id].binding)
    return Versions(series, relation, tuple(one.id for one in members), binding)


def chains(register: Register, found: Iterable[Effect]) -> tuple[Chain, ...]:
    """Return the rows of documents in which each replaced the one before."""
    after = {
        one.id: one.superseded_by
        for one in register.documents
        if one.superseded_by and one.superseded_by in register.ids
    }
    for effect in found:
        if effect.does is Does.REPEALS and effect.target and (effect.sure or effect.declared):
            after.setdefault(effect.target, effect.by)
    firsts = sorted(after.keys() - set(after.values()))
    return tuple(Chain(_row(first, after)) for first in firsts)


def _row(first: str, after: Mapping[str, str]) -> tuple[str, ...]:
    row = [first]
    while (following := after.get(row[-1])) and following not in row:
        row.append(following)
    return tuple(row)
