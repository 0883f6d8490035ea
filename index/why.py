"""
Why a release answers a question as it does: every step of the search, with its figures.

It calls what the search calls, so it cannot tell another story.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from index.explanation import (
    Asked,
    Candidate,
    Explanation,
    Feature,
    Meant,
    Outdated,
    Scored,
    Second,
    Term,
)
from index.glossary import Glossary
from index.legs import Evidence, Mask, gather
from index.query import Query
from index.questions import Question
from index.ranking import BODY, COVERAGE
from index.rerank import Judged
from index.searcher import Searcher
from index.shelf import Shelf
from index.tokens import folded_tokens, tokens
from index.types import Found, Hit
from knowledge.fold import fold
from knowledge.language import detect
from knowledge.types import Passage

TOP: Final = 5  # of each leg


def explain(searcher: Searcher, question: str, on: date) -> Explanation:
    """Search once more and keep what the search throws away. Takes longer than the search."""
    legs = searcher.legs
    found = searcher(question, on)
    query = searcher.read(question, on)
    understood = legs.understand(query.text)
    evidence = gather(understood, legs)
    judged = searcher.judge.without_narrower(evidence, query.may_answer)
    return Explanation(
        release=searcher.name,
        question=question,
        on=on,
        asked=_asked(query, understood, searcher.shelf, legs.glossary),
        documents=_keyword_leg(evidence, searcher.shelf, query.binding),
        nearest=_vector_leg(evidence, searcher.shelf, query.binding),
        candidates=_candidates(found, judged, understood, searcher),
        features=_features(judged),
        bias=judged.calibration.bias,
        by_features=judged.calibration.probability(judged.values),
        probability=found.hits[0].probability if found.hits else 0.0,
        line=found.line,
        clarify=found.clarify,
        answers=found.answer is not None,
        reranker=_second(judged, searcher),
        outdated=tuple(_outdated(hit, query.on) for hit in found.outdated),
        conflict=_conflict(found),
    )


def _asked(query: Query, question: Question, shelf: Shelf, glossary: Glossary) -> Asked:
    folded = fold(question.text)
    own = set(question.own)
    return Asked(
        language=detect(question.text) or "",
        folded=folded,
        left_out=tuple(t for t in dict.fromkeys(folded_tokens(folded)) if t not in own),
        terms=tuple(_term(question, term) for term in question.own),
        things=_things(question, glossary),
        told_in=glossary.meant(folded).tells,
        on=query.on,
        named=tuple(shelf.document(number).id for number in query.named.documents),
        places=len(query.named.clauses),
        alone=query.named.alone,
    )


def _things(question: Question, glossary: Glossary) -> tuple[Meant, ...]:
    named = glossary.meant(fold(question.text)).named
    return tuple(Meant(word=one.word, others=one.others) for one in named)


def _term(question: Question, term: str) -> Term:
    known = term in question.weights
    return Term(
        term=term,
        weight=question.weights.get(term, 0.0),
        mass=question.weights[term] * question.mass[term] if known else 0.0,
    )


def _keyword_leg(evidence: Evidence, shelf: Shelf, binding: Mask) -> tuple[Scored, ...]:
    best = np.argsort(-evidence.documents, kind="stable")[:TOP].tolist()
    found = ((number, shelf.document(number)) for number in best if evidence.documents[number] > 0)
    return tuple(
        Scored(
            id=document.id,
            title=document.title,
            score=float(evidence.documents[number]),
            binds=bool(binding[number]),
        )
        for number, document in found
    )


def _vector_leg(evidence: Evidence, shelf: Shelf, binding: Mask) -> tuple[Scored, ...]:
    numbers = evidence.near[:TOP]
    owners = shelf.document_of(numbers).tolist()
    rows = zip(numbers.tolist(), owners, evidence.cosines[:TOP].tolist(), strict=True)
    return tuple(
        Scored(
            id=shelf.passage(number).id,
            title=shelf.document(owner).title,
            score=cosine,
            binds=bool(binding[owner]),
        )
        for number, owner, cosine in rows
    )


def _candidates(
    found: Found, judged: Judged, question: Question, searcher: Searcher
) -> tuple[Candidate, ...]:
    numbers = enumerate(judged.ranked.passages.tolist())
    places = {searcher.shelf.passage(number).id: place for place, number in numbers}
    second = _second(judged, searcher)
    things = _things(question, searcher.legs.glossary)
    weights = _Weights(
        vector=searcher.calibration.vector_weight, second=second.weight if second else 0.0
    )
    return tuple(
        _candidate(hit, _scores(judged, places.get(hit.passage.id)), question, things, weights)
        for hit in found.hits
    )


def _second(judged: Judged, searcher: Searcher) -> Second | None:
    """The reranker, unless there is none or it failed."""
    second = searcher.judge.second
    if second is None or not len(judged.read):
        return None
    fitted = second.fitted
    return Second(name=fitted.name, weight=fitted.weight, top=fitted.top)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weights:
    vector: float
    second: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scores:
    """What a hit does not carry."""

    document: float = 0.0
    window: float = 0.0
    said: float = 0.0
    reranker: float | None = None


def _scores(judged: Judged, place: int | None) -> _Scores:
    if place is None:
        return _Scores()
    ranked = judged.ranked
    return _Scores(
        document=float(ranked.documents[place]),
        window=float(ranked.windows[place]),
        said=float(ranked.said[place]),
        reranker=float(judged.read[place]) if place < len(judged.read) else None,
    )


def _candidate(
    hit: Hit, scores: _Scores, question: Question, things: Sequence[Meant], weights: _Weights
) -> Candidate:
    vector = weights.vector * hit.vector
    covered = COVERAGE * hit.keyword
    said = BODY * scores.said if hit.score else 0.0
    reranked = weights.second * (scores.reranker or 0.0) if hit.score else 0.0
    return Candidate(
        passage=hit.passage.id,
        title=hit.document.title,
        address=" ".join(hit.passage.address),
        text=hit.passage.text.strip(),
        probability=hit.probability,
        named=not hit.score,
        score=hit.score,
        reranker=scores.reranker,
        document=scores.document,
        window=scores.window,
        keywords=hit.score - vector - covered - said - reranked,
        vector=vector,
        covered=covered,
        said=said,
        reranked=reranked,
        lacks=_lacks(question, things, hit.document.title, hit.passage),
    )


def _lacks(
    question: Question, things: Sequence[Meant], title: str, passage: Passage
) -> tuple[Term, ...]:
    """Terms that neither the passage has nor its title and address, nor another word for them."""
    has = {*tokens(title), *tokens("\n".join(passage.address)), *tokens(passage.text)}
    replaced = {
        term
        for thing in things
        if any(has.issuperset(folded_tokens(other)) for other in thing.others)
        for term in folded_tokens(thing.word)
    }
    missing = (t for t in question.own if t not in has and t not in replaced)
    terms = (_term(question, term) for term in missing)
    return tuple(sorted(terms, key=lambda one: (-one.mass, one.term)))


def _features(judged: Judged) -> tuple[Feature, ...]:
    calibration = judged.calibration
    rows = zip(calibration.names, judged.values.tolist(), calibration.weights, strict=True)
    return tuple(Feature(name=name, value=value, weight=weight) for name, value, weight in rows)


def _conflict(found: Found) -> tuple[str, str] | None:
    if found.conflict is None:
        return None
    first, other = found.conflict
    return first.passage.id, other.passage.id


def _outdated(hit: Hit, on: date) -> Outdated:
    return Outdated(
        passage=hit.passage.id,
        title=hit.document.title,
        standing=hit.document.standing(on),
        successor=hit.successor.title if hit.successor else "",
        probability=hit.probability,
    )
