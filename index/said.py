"""
What a question asks about, as bags of weighed terms, and how much of it a text says.

The first bag holds the question's own terms. Each thing that the question names (questions.py)
has a bag of its terms as asked, and one for each other word for it: the best of them counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
        terms = sorted({term for bag in bags for term in bag}, key=_together)
        self._question = question
        words = [_words(term) for term in terms]
        self._alone = [one[0] for one in words if len(one) == 1]
        self._several = words[len(self._alone) :]
        masses = np.asarray([[bag.get(term, 0.0) for bag in bags] for term in terms])
        self._masses = masses.reshape(-1, len(bags))

    def shares(self, texts: Sequence[str]) -> Floats:
        """Share of the question that stands in each folded text, shape (texts,)."""
        stands = np.asarray(
            [
                [word in text for word in self._alone]
                + [all(word in text for word in words) for words in self._several]
                for text in texts
            ]
        )
        found = stands.reshape(len(texts), -1) @ self._masses
        return np.minimum(best_of(found, self._question), 1.0)

    def share(self, text: str) -> float:
        return float(self.shares([text])[0])


def _together(term: str) -> tuple[int, str]:
    """Orders terms: those of one word first."""
    return len(_words(term)), term


def _words(term: str) -> tuple[str, ...]:
    """What must stand in a text that has the term: a stem may lack the word's last letters."""
    if not term.isascii():
        return (term,)
    return tuple(word[: max(3, len(word) - 1)] for word in term.split())
