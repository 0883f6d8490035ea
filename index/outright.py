"""Passages that a question names outright: they are found whatever the figures say."""

from __future__ import annotations

from dataclasses import replace

from index.about import About
from index.clauses import clauses, divided, opening, places
from index.distinct import distinct
from index.exact import Ids, Named
from index.hits import HITS, HitMaker
from index.legs import Mask
from index.query import Query
from index.shelf import Shelf
from index.types import Hit
from knowledge.fold import fold
from knowledge.types import Kind, Passage


class Outright:
    """Finds the documents and clauses that are named."""

    def __init__(self, shelf: Shelf, ids: Ids, hit: HitMaker) -> None:
        self._shelf = shelf
        self._ids = ids
        self._hit = hit

    def __call__(self, named: Named, allowed: Mask) -> tuple[Hit, ...]:
        """The places that are named, in documents that are; the beginning of a document."""
        found = [
            self._hit(number, probability=1.0, exact=True)
            for owner in self._policies(named, allowed)
            for number in self._places(owner, named)
        ]
        return distinct(found, limit=HITS)

    def to_come(self, query: Query) -> tuple[Hit, ...]:
        """What is named and does not bind yet: it is known, and no answer."""
        found = self(query.named, ~query.binding & ~query.gone)
        return tuple(replace(hit, exact=False, probability=0.0) for hit in found)

    def divided(self, named: Named, allowed: Mask) -> bool:
        """Whether a clause is named, and clauses are known of the document that it is named in."""
        if not named.clauses:
            return False
        owners = self._policies(named, allowed)
        return any(divided(self._passages(owner)) for owner in owners)

    def in_document(self, number: int, text: str, about: About) -> Named:
        """The document with the clauses that the text names, or a part of the last one."""
        places, _ = clauses(fold(text))
        if not places and about.clause:
            inner, _ = clauses(fold(f"{about.clause}{text}"))
            places = tuple(one for one in inner if one.paragraph or one.item)
        interpreted = (self._ids.get(one) for one in self._shelf.document(number).interprets)
        documents = (number, *(one for one in interpreted if one is not None))
        return Named(documents, places, alone=True)

    def _policies(self, named: Named, allowed: Mask) -> list[int]:
        """The named documents; only policies if there are any, for others retell their clauses."""
        owners = [number for number in named.documents if allowed[number]]
        policies = [one for one in owners if self._shelf.document(one).kind is Kind.POLICY]
        return policies or owners

    def _places(self, owner: int, named: Named) -> list[int]:
        """Numbers of the passages of a document that are named."""
        numbers = self._shelf.numbers_of(owner).tolist()
        passages = self._passages(owner)
        if named.alone and not named.clauses:
            return [numbers[opening(passages)]] if numbers else []
        text = self._shelf.document(owner).text
        return [numbers[at] for one in named.clauses for at in places(one, passages, text)]

    def _passages(self, owner: int) -> list[Passage]:
        return [self._shelf.passage(number) for number in self._shelf.numbers_of(owner).tolist()]
