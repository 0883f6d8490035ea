"""What the documents of a library are to each other. Pure: the day is passed in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.catalogue.effects import Does, Effect, effects
from knowledge.catalogue.linked import link, linked
from knowledge.catalogue.names import name_of
from knowledge.catalogue.pairs import LIKELY, SURE, Pair, pairs
from knowledge.catalogue.references import Place, Reference, references
from knowledge.catalogue.register import Register
from knowledge.catalogue.sync import Row, State, Today, amended, sync
from knowledge.catalogue.versions import Chain, Relation, Versions, chains, versions
from knowledge.types import Document, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    on: date
    documents: Mapping[str, Document]  # by id, as the source has them, without their texts
    standings: Mapping[str, Standing]  # on that day, with what other documents did to them
    pairs: tuple[Pair, ...]
    effects: tuple[Effect, ...]
    versions: tuple[Versions, ...]
    chains: tuple[Chain, ...]
    references: tuple[Reference, ...]
    sync: tuple[Row, ...]

    @property
    def dangling(self) -> tuple[Reference, ...]:
        """References to clauses that the document meant does not have."""
        return tuple(one for one in self.references if one.place is Place.NO_CLAUSE)

    @property
    def absent(self) -> list[tuple[str, int]]:
        """Documents that are cited and not in the library, with how many cite them."""
        absent = [one.cited for one in self.references if one.place is Place.ABSENT]
        counts = Counter(name_of(cited).core for cited in absent)
        shown = {name_of(cited).core: cited for cited in sorted(absent, key=len, reverse=True)}
        pairs = [(shown[core], count) for core, count in counts.items()]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def catalogue(
    documents: Iterable[Document], *, on: date, inherited: Iterable[str] = ()
) -> Catalogue:
    """
    Look at all documents together, on one day.

    `inherited` are interpretations that ended with their policy, not by their own word.
    """
    register = Register(documents)
    found, done = pairs(register), effects(register)
    standings = {one.id: one.standing(on) for one in link(register, found, done)}
    today = Today(standings, amended(done, register), frozenset(inherited))
    return Catalogue(
        on=on,
        documents=register.ids,
        standings=standings,
        pairs=found,
        effects=done,
        versions=versions(register, standings),
        chains=chains(register, done),
        references=references(register, _about(found, done)),
        sync=sync(register, found, today),
    )


def _about(found: Sequence[Pair], done: Sequence[Effect]) -> dict[str, str]:
    """The document that an interpretation or an amendment is about."""
    amends = {one.by: one.target for one in done if one.does is Does.AMENDS and one.target}
    sure = {one.interpretation: one.policy for one in reversed(found) if one.confidence >= SURE}
    return {**amends, **sure}


__all__ = [
    "LIKELY",
    "SURE",
    "Catalogue",
    "Chain",
    "Does",
    "Effect",
    "Pair",
    "Place",
    "Reference",
    "Relation",
    "Row",
    "State",
    "Versions",
    "catalogue",
    "linked",
]
