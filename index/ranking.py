"""
How well each passage bears on a question: what the legs say (legs.py), put together.

1. Documents by BM25, times the prior of their source (sources.py).
2. In the best of them every window of two sentences by BM25: is this the place?
3. Several good documents of one source lift each other, and so does a source that the question
   is likely for (routing.py).
4. The best candidates again, by evidence that bags of terms cannot give: the share of the
   question that one window covers, and whether the window holds what is asked for.
5. The vector leg: its nearest passages are candidates too, and its cosine counts with a weight
   that is fitted for each release.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Final

import numpy as np
import numpy.typing as npt

from index.arrays import runs
from index.legs import Evidence, Floats, Ints, Legs, Mask
from index.questions import Question
from index.routing import routed
from index.said import best_of
from index.sources import Sources

DOCUMENTS: Final = 60  # looked into, by keywords; 200 finds no more, on four sets
CLOSELY: Final = 40  # passages looked at closely; 60 give the same first five, on three sets
PER_DOCUMENT: Final = 3  # of them from one document
SAME_SOURCE: Final = 0.3  # times the mean of the best five of the same source
ROUTED: Final = 0.1  # as a share of the best score, times the probability of the source
COVERAGE: Final = 0.2  # as a share of the best score
BODY: Final = 0.1  # likewise, counting what the passage itself says and not its title
TELLS: Final = 0.1  # likewise, for each thing asked for
AFTER: Final = 100  # characters behind a window where the asked thing may stand


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """Candidates, best first; the arrays have shape (candidates,)."""

    passages: Ints
    owners: Ints
    scores: Floats  # 1.0 is the best keyword score, before step 4
    documents: Floats  # keyword score of the document
    windows: Floats  # keyword score of the best window
    covered: Floats  # share of the question's mass that the best window has, with its title
    said: Floats  # share of it that the passage itself has
    cosines: Floats
    routed: Floats  # part of the score: the question is likely for this source
    pairs: float = 0.0  # of the first: share of the question's pairs that its best window has
    held: float = 0.0  # of the first: share of the question's mass that its document has
    missing: float = 0.0  # of the first: the most telling term that its document lacks
    unknown: float = 1.0  # share of the question's mass that none of the allowed documents has


_NUMBERS: Final = np.zeros(0, dtype=np.int64)
_VALUES: Final = np.zeros(0)
NOTHING: Final = Ranked(
    passages=_NUMBERS,
    owners=_NUMBERS,
    scores=_VALUES,
    documents=_VALUES,
    windows=_VALUES,
    covered=_VALUES,
    said=_VALUES,
    cosines=_VALUES,
    routed=_VALUES,
)


def rank(evidence: Evidence, legs: Legs, *, allowed: Mask, vector_weight: float) -> Ranked:
    """Order the passages of the allowed documents (shape (documents,)), best first."""
    if not allowed.any():
        return NOTHING
    documents = _worth_a_look(evidence, legs, allowed)
    passages = legs.shelf.numbers_of_all(documents)
    if not len(passages):
        return NOTHING  # no document, or titles without text
    found = _windows(evidence, legs, passages)
    total = found.documents + found.windows
    total = total + SAME_SOURCE * _lift(total, legs.sources, found.owners)
    raw = max(float(total.max()), 1e-9)
    fused = total / raw + vector_weight * found.cosines + found.routed
    chosen = _few_of_each(fused, found.owners)
    return replace(
        _look_closely(evidence, legs, found.take(chosen), fused[chosen]),
        unknown=_unknown(evidence.question, legs, allowed),
    )


def _unknown(question: Question, legs: Legs, allowed: Mask) -> float:
    """Share of the mass whose terms no allowed document has, in whatever word."""
    replaced: set[str] = set()
    for thing in question.things:
        others = {term for other in thing.others for term in other}
        if any(legs.documents.among(term, allowed) for term in others):
            replaced |= thing.own.keys()
    missing = sum(
        question.weights[term] * question.mass[term]
        for term in question.own
        if term in question.weights
        and term not in replaced
        and not legs.documents.among(term, allowed)
    )
    return question.unknown + missing


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidates:
    passages: Ints
    owners: Ints
    best_window: Ints
    documents: Floats
    windows: Floats
    cosines: Floats
    routed: Floats

    def take(self, places: Ints) -> _Candidates:
        return _Candidates(
            passages=self.passages[places],
            owners=self.owners[places],
            best_window=self.best_window[places],
            documents=self.documents[places],
            windows=self.windows[places],
            cosines=self.cosines[places],
            routed=self.routed[places],
        )


def _worth_a_look(evidence: Evidence, legs: Legs, allowed: Mask) -> Ints:
    """Numbers of the documents, ascending."""
    best = largest(np.where(allowed, evidence.documents, 0.0), DOCUMENTS)
    near = legs.shelf.document_of(evidence.near)
    return np.unique(np.concatenate([best, near[allowed[near]]]))


def largest(scores: Floats, count: int) -> Ints:
    """Places of so many of the largest scores that are above 0; of equal ones the first."""
    places = np.flatnonzero(scores > 0)  # numpy is slow where most values are one
    if len(places) <= count:
        return places
    values = scores[places]
    # The least of them first, and then where they are: numpy finds values sooner than places.
    least = np.partition(values, -count)[-count]
    above, equal = places[values > least], places[values == least]
    return np.concatenate([above, equal[: count - len(above)]])


def _windows(evidence: Evidence, legs: Legs, passages: Ints) -> _Candidates:
    """Every one of these passages with its best window."""
    first = legs.first_window[passages]
    sizes = legs.first_window[passages + 1] - first
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    rows = runs(first, sizes)
    scores = best_of(legs.windows.scores(rows, evidence.weights), evidence.question)
    best = np.maximum.reduceat(scores, starts)
    place = np.repeat(np.arange(len(passages)), sizes)
    is_best = np.flatnonzero(scores == best[place])
    _, first_best = np.unique(place[is_best], return_index=True)
    owners = legs.shelf.document_of(passages)
    cosines = np.zeros(len(passages))
    at = np.searchsorted(passages, evidence.near)
    inside = (at < len(passages)) & (passages[np.minimum(at, len(passages) - 1)] == evidence.near)
    np.maximum.at(cosines, at[inside], evidence.cosines[inside])
    return _Candidates(
        passages=passages,
        owners=owners,
        best_window=rows[is_best[first_best]],
        documents=evidence.documents[owners],
        windows=best * legs.sources.prior[owners],
        cosines=cosines,
        routed=ROUTED * routed(evidence.question, legs.documents, legs.sources, owners),
    )


def _lift(total: Floats, sources: Sources, owners: Ints) -> Floats:
    """For each candidate the mean score of the best five documents of its source."""
    if not sources.grouped:
        return np.zeros_like(total)
    documents, inverse = np.unique(owners, return_inverse=True)
    best = np.zeros(len(documents))
    np.maximum.at(best, inverse, total)
    source = sources.source[documents]
    order = np.lexsort((-best, source))
    heads = np.flatnonzero(np.diff(source[order], prepend=-1))
    sizes = np.diff(np.append(heads, len(order)))
    place = np.arange(len(order)) - np.repeat(heads, sizes)
    means = np.add.reduceat(np.where(place < 5, best[order], 0.0), heads) / 5  # noqa: PLR2004
    lift = np.empty(len(documents))
    lift[order] = np.repeat(means, sizes)
    return np.asarray(lift[inverse])


def _few_of_each(fused: Floats, owners: Ints) -> Ints:
    """Places of the best CLOSELY candidates, at most PER_DOCUMENT of one document."""
    order = np.argsort(-fused, kind="stable")  # ties: as in the library
    ranked_owners = owners[order]
    by_owner = np.argsort(ranked_owners, kind="stable")
    heads = np.flatnonzero(np.diff(ranked_owners[by_owner], prepend=-1))
    sizes = np.diff(np.append(heads, len(order)))
    nth = np.empty(len(order), dtype=np.int64)
    nth[by_owner] = np.arange(len(order)) - np.repeat(heads, sizes)
    return order[nth < PER_DOCUMENT][:CLOSELY]


def _look_closely(evidence: Evidence, legs: Legs, found: _Candidates, fused: Floats) -> Ranked:
    question = evidence.question
    shares = legs.windows.shares(found.best_window, evidence.masses)
    covered = np.minimum(best_of(shares, question), 1.0)
    texts = [legs.folded.of(number) for number in found.passages.tolist()]
    said = evidence.said.shares(texts)
    scores = fused + COVERAGE * covered + BODY * said
    if question.tells:
        scores = scores + TELLS * _told(question, texts, legs.window_span[found.best_window])
    order = np.argsort(-scores, kind="stable")
    held, missing = _held(question, legs, int(found.owners[order[0]]))
    return Ranked(
        passages=found.passages[order],
        owners=found.owners[order],
        scores=scores[order],
        documents=found.documents[order],
        windows=found.windows[order],
        covered=covered[order],
        said=said[order],
        cosines=found.cosines[order],
        routed=found.routed[order],
        pairs=_pairs(question, legs, found.best_window[order[:1]]),
        held=held,
        missing=missing,
    )


def _pairs(question: Question, legs: Legs, window: Ints) -> float:
    """Share of the question's own pairs of characters, and words, that the window has."""
    pairs = legs.documents.numbers([term for term in question.own if len(term) > 1])
    return float(legs.windows.having(window, pairs).sum()) / max(1, len(pairs))


def _held(question: Question, legs: Legs, document: int) -> tuple[float, float]:
    """
    What share of what is sought a document has in any word, and the most telling term it lacks.

    Pairs of words are left out: a text that answers may well have them in another order.
    """
    sought = {term: value for term, value in question.sought.items() if " " not in term}
    others = [term for thing in question.things for other in thing.others for term in other]
    terms = list(dict.fromkeys([*sought, *others]))
    passages = legs.shelf.numbers_of(document)
    rows = np.arange(legs.first_window[passages[0]], legs.first_window[passages[-1] + 1])
    found = legs.windows.having(rows, legs.documents.numbers(terms)).tolist()
    has = question.spoken(compress(terms, found))
    lacks = [value for term, value in sought.items() if term not in has]
    return 1 - sum(lacks) / max(sum(sought.values()), 1e-9), max(lacks, default=0.0)


def _told(question: Question, texts: Sequence[str], spans: npt.NDArray[np.int32]) -> Floats:
    """How many of the things asked for stand in or just behind each span of its text."""
    near = [
        text[start : end + AFTER] for text, (start, end) in zip(texts, spans.tolist(), strict=True)
    ]
    found = [[bool(pattern.search(text)) for pattern in question.tells] for text in near]
    return np.asarray(np.sum(found, axis=1), dtype=np.float64)
