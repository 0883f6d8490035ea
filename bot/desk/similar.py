"""
Questions that were asked before, to be compared with a new one. Pure.

TF-IDF with the cosine (Salton and Buckley, "Term-weighting approaches in automatic text
retrieval", Information Processing & Management 24(5), 1988). Questions are short, so whether a
term is in one counts, and not how often. It needs no release: the weights are those of the
questions themselves.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Final

from index.tokens import tokens

MOST: Final = 5000  # questions that are kept; about 4 KB each
_CLOSER: Final = 50  # so many that share the most weight are compared in full
_LOOKS: Final = 4000  # at questions that have a term; bounds the time of a comparison


@dataclass(frozen=True, slots=True)
class Near:
    """A question that was asked before."""

    number: int
    score: float  # cosine: 0 shares no term, 1 has the same ones


class Asked:
    """The questions asked last. Numbers must grow."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._terms: dict[int, tuple[str, ...]] = {}
        self._order: deque[int] = deque()
        self._holding: dict[str, list[int]] = {}  # by term, the numbers that have it, growing

    def __len__(self) -> int:
        return len(self._order)

    @property
    def last(self) -> int:
        """The highest number; 0 if there is none."""
        return self._order[-1] if self._order else 0

    def add(self, number: int, question: str) -> None:
        terms = _terms(question)
        self._terms[number] = terms
        self._order.append(number)
        for term in terms:
            self._holding.setdefault(term, []).append(number)
        if len(self._order) > self._most:
            self._forget(self._order.popleft())

    def nearest(self, question: str, *, limit: int) -> Sequence[Near]:
        """The most alike first; none that shares no term."""
        own = {term: self._weight(term) for term in _terms(question)}
        length = math.sqrt(sum(own.values()))
        found = [
            Near(number, self._shared(own, number) / (length * self._length(number)))
            for number in self._candidates(own)
        ]
        return nlargest(limit, found, key=lambda near: near.score)

    def _candidates(self, own: Mapping[str, float]) -> Sequence[int]:
        """Those that share the most weight of rare terms: what all have tells nothing apart."""
        weights: dict[int, float] = {}
        left = _LOOKS
        for term in sorted(own, key=lambda term: len(self._holding.get(term, ()))):
            holding = self._holding.get(term, ())
            left -= len(holding)
            if left < 0 and weights:
                break
            for number in holding:
                weights[number] = weights.get(number, 0.0) + own[term]
        return nlargest(_CLOSER, weights, key=weights.__getitem__)

    def _shared(self, own: Mapping[str, float], number: int) -> float:
        return sum(own[term] for term in self._terms[number] if term in own)

    def _weight(self, term: str) -> float:
        """
        The square of its idf: both vectors of a cosine have it.

        A term that no question has counts as if one had: it may be but the seam of two words.
        """
        return math.log(1 + len(self) / max(1, len(self._holding.get(term, ())))) ** 2

    def _length(self, number: int) -> float:
        return math.sqrt(sum(map(self._weight, self._terms[number])))

    def _forget(self, number: int) -> None:
        for term in self._terms.pop(number):
            holding = self._holding[term]
            del holding[0]  # numbers grow: the oldest question is the first everywhere
            if not holding:
                del self._holding[term]


def _terms(question: str) -> tuple[str, ...]:
    """Words, and pairs of characters; characters alone only where there is nothing else."""
    found = dict.fromkeys(tokens(question))
    return tuple(term for term in found if len(term) > 1) or tuple(found)
