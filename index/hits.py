"""Candidates to hits: passages with their documents and what is known of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

import numpy as np

from index.distinct import distinct
from index.exact import Ids
from index.legs import Legs
from index.ranking import Ranked
from index.rerank import Judged
from index.said import Said
from index.sentences import answering
from index.types import Hit
from knowledge.types import Document

HITS: Final = 5  # that a search returns


class HitMaker:
    """Makes hits of the numbers of passages."""

    def __init__(self, legs: Legs, ids: Ids) -> None:
        self._shelf = legs.shelf
        self._family = legs.family
        self._ids = ids

    def __call__(
        self,
        number: int,
        *,
        probability: float,
        score: float = 0.0,
        keyword: float = 0.0,
        vector: float = 0.0,
        exact: bool = False,
    ) -> Hit:
        [owner] = self._shelf.document_of(np.asarray([number])).tolist()
        document = self._shelf.document(owner)
        successor = self._ids.get(document.superseded_by or "")
        return Hit(
            passage=self._shelf.passage(number),
            document=document,
            score=score,
            keyword=keyword,
            vector=vector,
            probability=probability,
            successor=None if successor is None else self._shelf.document(successor),
            exact=exact,
            family=int(self._family[owner]),
        )

    def changes(self, document: Document) -> frozenset[str]:
        """Ids of what a document, or a document that it explains, amends or repeals."""
        numbers = (self._ids.get(name) for name in document.interprets)
        explained = (self._shelf.document(one) for one in numbers if one is not None)
        changing = (document, *explained)
        return frozenset(name for one in changing for name in (*one.amends, *one.repeals))

    def ranked(self, ranked: Ranked, place: int, first: float) -> Hit:
        """
        Make a hit of a candidate; `first` is the calibrated probability of the first one.

        A later candidate cannot be likelier than the first: its share of the first one's score
        scales the probability down.
        """
        share = ranked.scores[place] / max(ranked.scores[0], 1e-9)
        return self(
            int(ranked.passages[place]),
            probability=first if place == 0 else float(first * share),
            score=float(ranked.scores[place]),
            keyword=float(ranked.covered[place]),
            vector=float(ranked.cosines[place]),
        )

    def best(
        self, judged: Judged, first: Sequence[Hit] = (), *, limit: int = HITS
    ) -> tuple[Hit, ...]:
        """The best hits, behind those that are exact."""
        ranked = judged.ranked
        found = (
            self.ranked(ranked, place, judged.probability) for place in range(len(ranked.passages))
        )
        return distinct(chain(first, found), limit=limit)

    def of_rules(self, hits: Sequence[Hit], judged: Judged) -> list[Hit]:
        """What was found of the rules that the first hit explains, best first."""
        rules = hits[0].document.interprets if hits else ()
        wanted = {self._ids.get(name) for name in rules}
        owners = enumerate(judged.ranked.owners.tolist())
        places = [place for place, owner in owners if owner in wanted]
        return [self.ranked(judged.ranked, place, judged.probability) for place in places]


def marked(hits: Sequence[Hit], asked: Said, line: float) -> tuple[Hit, ...]:
    """The hits, and where each of them that can be shown as an answer answers."""
    return tuple(
        replace(hit, answering=answering(asked, hit.passage.text))
        if hit.probability > line
        else hit
        for hit in hits
    )


def no_answer(hits: Sequence[Hit], line: float) -> tuple[Hit, ...]:
    """The hits as something to look at, but for those that are named outright."""
    return tuple(
        hit if hit.exact else replace(hit, probability=min(hit.probability, line)) for hit in hits
    )
