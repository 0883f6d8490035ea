"""
What a question asks about, as bags of weighed terms, and how much of it a text says.

The first bag holds the question's own terms. Each thing that the question names (questions.py)
has a bag of its terms as asked, and one for each other word for it: the best of them counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

from index.questions import Question

Bag = Mapping[str, float]
Floats = npt.NDArray[np.float64]


def weights_of(question: Question) -> list[Bag]:
    """The bags with what each term weighs in a search."""
    return _bags(question, question.weights)


def masses_of(question: Question) -> list[Bag]:
    """The bags with what share of the question each term is, one bag of all terms being 1."""
    # Words in which an answer is told are no part of what is asked.
    own = {term: question.weights[term] for term in question.own if term in question.weights}
    return [{t: w * question.mass[t] for t, w in bag.items()} for bag in _bags(question, own)]


def _bags(question: Question, own: Bag) -> list[Bag]:
    return [own, *(bag for thing in question.things for bag in (thing.own, *thing.others))]


def best_of(values: npt.NDArray[np.floating], question: Question) -> Floats:
    """
    From a column for each bag: the whole, each thing by its best word.

    `values` has shape (rows, bags); returns shape (rows,).
    """
    total = values[:, 0].astype(np.float64)
    column = 1
    for thing in question.things:
        last = column + 1 + len(thing.others)
        total += np.maximum(values[:, column + 1 : last].max(axis=1) - values[:, column], 0)
        column = last
    return total


class Said:
    """Measures texts against one question."""

    def __init__(self, question: Question) -> None:
        bags = masses_of(question)
        terms = sorted({term for bag in bags for term in bag})  # no set: sums must be the same
        self.question = question
        words = [_words(term) for term in terms]
        self._words = list(dict.fromkeys(word for one in words for word in one))
        place = {word: number for number, word in enumerate(self._words)}
        self._first = [place[one[0]] for one in words]
        self._last = [place[one[-1]] for one in words]
        masses = np.asarray([[bag.get(term, 0.0) for bag in bags] for term in terms])
        self._masses = masses.reshape(-1, len(bags))

    def shares(self, texts: Sequence[str]) -> Floats:
        """Share of the question that stands in each folded text, shape (texts,)."""
        shape = len(texts), len(self._words)
        each = chain.from_iterable(map(text.__contains__, self._words) for text in texts)
        stands = np.fromiter(each, dtype=bool, count=shape[0] * shape[1]).reshape(shape)
        found = (stands[:, self._first] & stands[:, self._last]) @ self._masses
        return np.minimum(best_of(found, self.question), 1.0)

    def share(self, text: str) -> float:
        return float(self.shares([text])[0])


def _words(term: str) -> tuple[str, ...]:
    """
    What must stand in a text that has the term, one word or two.

    A stem may lack the word's last letters.
    """
    if not term.isascii():
        return (term,)
    return tuple(word[: max(3, len(word) - 1)] for word in term.split())
