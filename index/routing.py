"""
Which source a question is for, by the words that its documents use.

Naive Bayes over the documents of each source, as in the choice of a collection (Callan, Lu and
Croft, "Searching Distributed Collections with Inference Networks", 1995). A question names "the
pool" and no bureau, but one bureau writes of pools and the others do not. So an answer is found
that leaves the subject out, because its bureau has none other.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from index.keywords import Columns
from index.questions import Question
from index.sources import Sources

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]

DOCUMENTS: Final = 4  # of a source on the average; with fewer its words are those of one document
COMMON: Final = 0.05  # terms in a larger share of the documents tell little and take long to count
ALWAYS: Final = 20  # documents that are not too many in the smallest corpus
SMOOTHING: Final = 3.0  # documents of the whole corpus that each source is mixed with
TRUST: Final = 0.5  # exponent: terms come together, so naive Bayes is surer than it may be


def routed(question: Question, documents: Columns, sources: Sources, owners: Ints) -> Floats:
    """
    Probability that the question is for the source of each owner, among the sources of them all.

    `owners` are numbers of documents, shape (owners,), and so is what is returned: zeros where
    there are no sources to choose from.
    """
    whole = len(sources.source)
    if not sources.grouped or whole < DOCUMENTS * len(sources.sizes):
        return np.zeros(len(owners))
    found, place = np.unique(sources.source[owners], return_inverse=True)
    holders = {term: documents.holders(term) for term in question.weights}
    most = max(ALWAYS, COMMON * whole)
    telling = {term: held for term, held in holders.items() if 0 < len(held) <= most}
    weights = np.asarray([question.weights[term] for term in telling])
    shares = np.asarray([len(held) / whole for held in telling.values()])
    counts = _counted(list(telling.values()), sources, found)
    sizes = sources.sizes[found]
    # (count + SMOOTHING · share) / (size + SMOOTHING) of each term, over its share of the whole.
    odds = weights @ np.log1p(counts / (SMOOTHING * shares[:, None]))
    total = np.log(sizes) + odds - weights.sum() * np.log(sizes + SMOOTHING)
    likely = np.exp(TRUST * (total - total.max(initial=-np.inf)))
    return np.asarray((likely / likely.sum())[place])


def _counted(
    holders: list[npt.NDArray[np.int32]], sources: Sources, found: npt.NDArray[np.int32]
) -> Ints:
    """How many documents of each found source are among the holders, (holders, found)."""
    if not holders:
        return np.zeros((0, len(found)), dtype=np.int64)
    column = np.full(len(sources.sizes), len(found))  # the last one: of no source that was found
    column[found] = np.arange(len(found))
    width = len(found) + 1
    row = np.repeat(np.arange(len(holders)), [len(held) for held in holders])
    cells = row * width + column[sources.source[np.concatenate(holders)]]
    return np.bincount(cells, minlength=len(holders) * width).reshape(-1, width)[:, :-1]
