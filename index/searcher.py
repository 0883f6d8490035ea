"""One release, ready to search. Immutable: a new release is a new searcher."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np

from index import exact
from index.calibration import Calibration, features
from index.questions import understand
from index.ranking import Evidence, Legs, Mask, Ranked, gather, rank
from index.shelf import Shelf
from index.types import Found, Hit

HITS: Final = 5


class Searcher:
    def __init__(self, name: str, legs: Legs, calibration: Calibration, keys: exact.Keys) -> None:
        self.name = name
        self.shelf = legs.shelf
        self.legs = legs
        self.calibration = calibration
        self._keys = keys

    def __call__(self, question: str, on: date) -> Found:
        """Search what binds on that day, and beside it what does not bind any more."""
        evidence = gather(understand(question, self.legs.documents), self.legs)
        binding = self.shelf.binding(on)
        named = self._keys.documents(question)
        return Found(
            hits=self._hits(evidence, _among(binding, named)),
            outdated=self._hits(evidence, _among(~binding & ~self.shelf.upcoming(on), named)),
            release=self.name,
            line=self.calibration.line,
        )

    def documents(self, question: str, *, limit: int) -> list[str]:
        """Ids of the documents by their best passage, best first, whatever their dates."""
        everything = np.ones(self.shelf.documents, dtype=bool)
        evidence = gather(understand(question, self.legs.documents), self.legs)
        ranked = self.rank(evidence, everything)
        numbers = list(dict.fromkeys(ranked.owners.tolist()))[:limit]
        return [self.shelf.document(number).id for number in numbers]

    def rank(self, evidence: Evidence, allowed: Mask) -> Ranked:
        weight = self.calibration.vector_weight
        return rank(evidence, self.legs, allowed=allowed, vector_weight=weight)

    def _hits(self, evidence: Evidence, allowed: Mask) -> tuple[Hit, ...]:
        ranked = self.rank(evidence, allowed)
        probability = self.calibration.probability(
            features(evidence.question, ranked, self.legs.family)
        )
        return tuple(
            self._hit(ranked, place, probability) for place in _distinct(ranked, self.shelf)
        )

    def _hit(self, ranked: Ranked, place: int, first: float) -> Hit:
        """
        Make a hit; `first` is the calibrated probability of the first candidate.

        A later candidate cannot be likelier than the first: its share of the first one's score
        scales the probability down.
        """
        document = self.shelf.document(int(ranked.owners[place]))
        successor = self._keys.ids.get(document.superseded_by or "")
        share = ranked.scores[place] / max(ranked.scores[0], 1e-9)
        return Hit(
            passage=self.shelf.passage(int(ranked.passages[place])),
            document=document,
            score=float(ranked.scores[place]),
            keyword=float(ranked.covered[place]),
            vector=float(ranked.cosines[place]),
            probability=first if place == 0 else float(first * share),
            successor=None if successor is None else self.shelf.document(successor),
        )


def _among(allowed: Mask, named: Sequence[int]) -> Mask:
    """Only the documents that the question names, if any of them is allowed."""
    only = np.zeros_like(allowed)
    only[list(named)] = True
    only &= allowed
    return only if only.any() else allowed


def _distinct(ranked: Ranked, shelf: Shelf) -> list[int]:
    """Places of the first HITS candidates, no two with the same text."""
    places: list[int] = []
    seen: set[str] = set()
    for place, number in enumerate(ranked.passages.tolist()):
        text = "".join(shelf.passage(number).text.split())
        if text not in seen:
            seen.add(text)
            places.append(place)
        if len(places) == HITS:
            break
    return places
