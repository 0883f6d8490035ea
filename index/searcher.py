"""One release, ready to search. Immutable: a new release is a new searcher."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Final

import numpy as np

from index import exact
from index.about import About, weighed, without_heads
from index.amounts import amount_first
from index.asof import asked_day
from index.calibration import Calibration, features
from index.clauses import clauses, divided, opening, places, same_clause
from index.distinct import distinct
from index.elsewhere import elsewhere
from index.explained import with_rule
from index.lacking import asks_more, beside_the_point
from index.questions import Question, understand
from index.ranking import Evidence, Legs, Mask, Ranked, gather, rank
from index.rerank import Judged, SecondLook
from index.said import Said
from index.sentences import answering, asked_in
from index.types import Found, Hit
from knowledge.fold import fold
from knowledge.types import Kind, Passage

HITS: Final = 5
DAYS: Final = 4  # of which it is remembered what binds: most questions are about today


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a question asks for, before anything is searched."""

    text: str  # without the day
    on: date  # the day that it asks for
    named: exact.Named
    binding: Mask  # what answers: it binds on that day
    gone: Mask  # what did before it

    @property
    def in_force(self) -> bool:
        """Whether something that it names binds on that day."""
        return bool(self.binding[list(self.named.documents)].any())

    @property
    def only_gone(self) -> bool:
        """Whether what it names does not bind any more."""
        return not self.in_force and bool(self.gone[list(self.named.documents)].any())

    @property
    def may_answer(self) -> Mask:
        """What is named, if it binds; nothing where what is named does not bind any more."""
        if self.only_gone:
            return np.zeros_like(self.binding)
        return _among(self.binding, self.named.documents)


class Searcher:
    def __init__(
        self,
        name: str,
        legs: Legs,
        calibration: Calibration,
        keys: exact.Keys,
        *,
        second: SecondLook | None = None,
    ) -> None:
        self.name = name
        self.shelf = legs.shelf
        self.legs = legs
        self.calibration = calibration
        self._keys = keys
        self._binding = lru_cache(maxsize=DAYS)(self.shelf.binding)
        self._bound = lru_cache(maxsize=DAYS)(self.shelf.bound)
        self._gone = lru_cache(maxsize=DAYS)(self.shelf.gone)
        self.second = second

    def __call__(self, question: str, on: date) -> Found:
        """
        Search what binds on that day, and beside it what does not bind any more.

        A question may ask for another day, and may name what it asks for: then that is found,
        whatever the figures say, and what the document does not have is not found elsewhere.
        """
        asked = self.read(question, on)
        certain = self._exact(asked.named, asked.binding)
        gone = () if certain else self._exact(asked.named, asked.gone)
        hits, outdated, by = certain, gone, self.calibration
        if not certain and not gone and asked.named.alone and not asked.in_force:
            hits = self._to_come(asked)
        elif not gone and not (certain and asked.named.alone):
            evidence = gather(understand(asked.text, self.legs.documents), self.legs)
            judged = self._without_narrower(evidence, asked.may_answer)
            by = judged.calibration
            hits = amount_first(asked.text, self._hits(judged, certain), line=by.line)
            hits = with_rule(asked.text, hits, self._rule(hits, judged), self.legs.documents)
            hits = _marked(hits, evidence.said, by.line)
            if elsewhere(fold(asked.text), self.legs.documents):
                hits = _no_answer(hits, by.line)
            outdated = self._hits(self.judge(evidence, _among(asked.gone, asked.named.documents)))
            if asked.only_gone:  # it is named: that needs no figures
                outdated = tuple(replace(hit, probability=1.0) for hit in outdated[:1])
        return Found(
            hits=hits,
            outdated=outdated,
            release=self.name,
            line=by.line,
            clarify=by.clarify,
            as_of=asked.on if asked.on != on else None,
            no_such_clause=not certain and not gone and self._lacks(asked),
        )

    def follow(self, question: str, about: About, on: date) -> Found:
        """
        Search for what a question asks of the document that the conversation is about.

        A clause that it names is that document's. Nothing is found where the document is not
        here or does not bind on that day, or where the question names another one.
        """
        number = self._keys.ids.get(about.document)
        asked = self.read(question, on)
        nothing = Found(hits=(), release=self.name, line=self.calibration.line)
        if number is None or not asked.binding[number] or asked.named.documents:
            return nothing
        named = self._of_document(number, asked.text, about)
        if named.clauses:
            certain = self._exact(named, asked.binding)
            lacks = not certain and self._divided(named, asked.binding)
            if certain or lacks:
                return replace(nothing, hits=certain, no_such_clause=lacks)
        own = understand(asked.text, self.legs.documents)
        whole = understand(f"{about.topic} {asked.text}", self.legs.documents)
        judged = self.judge(gather(whole, self.legs), asked.binding)
        around = self.legs.family == self.legs.family[number]
        alone = gather(own, self.legs)
        inner = self.rank(alone, asked.binding & around)
        hits: list[Hit] = []
        for ranked, sure in ((judged.ranked, judged.probability), (inner, 0.0)):
            for place in np.flatnonzero(around[ranked.owners]).tolist():
                hit = self._ranked(ranked, place, sure)
                best = ranked is judged.ranked and place == 0
                hits.append(weighed(hit, alone.said, best=best, line=judged.line))
        hits = without_heads(hits)
        hits.sort(key=lambda hit: -hit.probability)  # ties: as ranked
        return Found(
            hits=_marked(distinct(hits, limit=HITS), alone.said, judged.line),
            release=self.name,
            line=judged.line,
            as_of=asked.on if asked.on != on else None,
        )

    def _of_document(self, number: int, text: str, about: About) -> exact.Named:
        """The document with the clauses that the question names, or a part of the last one."""
        places, _ = clauses(fold(text))
        if not places and about.clause:
            inner, _ = clauses(fold(f"{about.clause}{text}"))
            places = tuple(one for one in inner if one.paragraph or one.item)
        interpreted = (self._keys.ids.get(one) for one in self.shelf.document(number).interprets)
        documents = (number, *(one for one in interpreted if one is not None))
        return exact.Named(documents, places, alone=True)

    def questions(self, document_id: str, on: date) -> tuple[str, ...]:
        """What the documents around one, which bind on that day, ask and answer themselves."""
        number = self._keys.ids.get(document_id)
        if number is None:
            return ()
        around = (self.legs.family == self.legs.family[number]) & self.shelf.binding(on)
        texts = (self.shelf.document(one).text for one in np.flatnonzero(around).tolist())
        return tuple(dict.fromkeys(chain.from_iterable(map(asked_in, texts))))

    def clause(self, passage_id: str) -> tuple[Passage, ...]:
        """
        The passages of the clause that a passage is of, in their order; none if it is not here.

        Together they are the clause, word for word. Whether it binds is not looked at.
        """
        document_id, _, ordinal = passage_id.rpartition("#")
        number = self._keys.ids.get(document_id)
        if number is None or not ordinal.isdecimal():
            return ()
        passages = [self.shelf.passage(one) for one in self.shelf.numbers_of(number).tolist()]
        return same_clause(passages, int(ordinal))

    def read(self, question: str, on: date) -> Reading:
        """What the question asks for; `on` is today."""
        asked = asked_day(question, on)
        day = asked.day if asked else on
        text = asked.rest if asked else question
        return Reading(
            text=text,
            on=day,
            named=self._keys.named(text),
            binding=self._bound(day) if day < on else self._binding(day),
            gone=self._gone(day),
        )

    def passage(self, passage_id: str, on: date) -> Hit | None:
        """
        Return a passage by its id if it is here and binds on that day.

        It was not searched for: its scores are 0.
        """
        document_id, _, ordinal = passage_id.rpartition("#")
        number = self._keys.ids.get(document_id)
        if number is None or not self.shelf.binding(on)[number]:
            return None
        numbers = self.shelf.numbers_of(number).tolist()
        if not ordinal.isdecimal() or int(ordinal) >= len(numbers):
            return None
        return Hit(
            passage=self.shelf.passage(numbers[int(ordinal)]),
            document=self.shelf.document(number),
            score=0.0,
            keyword=0.0,
            vector=0.0,
            probability=0.0,
        )

    def documents(self, question: str, *, limit: int) -> list[str]:
        """Ids of the documents by their best passage, best first, whatever their dates."""
        everything = np.ones(self.shelf.documents, dtype=bool)
        evidence = gather(understand(question, self.legs.documents), self.legs)
        ranked = self.judge(evidence, everything).ranked
        numbers = list(dict.fromkeys(ranked.owners.tolist()))[:limit]
        return [self.shelf.document(number).id for number in numbers]

    def rank(self, evidence: Evidence, allowed: Mask) -> Ranked:
        weight = self.calibration.vector_weight
        return rank(evidence, self.legs, allowed=allowed, vector_weight=weight)

    def judge(self, evidence: Evidence, allowed: Mask) -> Judged:
        """Rank, and tell how likely the first one answers; with the reranker if there is one."""
        ranked = self.rank(evidence, allowed)
        looked = self.second and self.second(evidence.question, ranked, self.legs)
        judged = looked or Judged.by(
            self.calibration, ranked, features(evidence.question, ranked, self.legs.family)
        )
        return (
            replace(judged, probability=judged.line) if self._strays(evidence, judged) else judged
        )

    def _without_narrower(self, evidence: Evidence, allowed: Mask) -> Judged:
        """
        As `judge`, where published answers to another question do not answer.

        One that is first and in whose place nothing else answers may still be offered.
        """
        judged = self.judge(evidence, allowed)
        owners = dict.fromkeys(judged.ranked.owners[:HITS].tolist())
        narrower = [one for one in owners if self._is_narrower(evidence.question, one)]
        if not narrower:
            return judged
        others = allowed.copy()
        others[narrower] = False
        without = self.judge(evidence, others)
        if judged.ranked.owners[0] not in narrower or without.probability > without.line:
            return without
        return replace(judged, probability=min(judged.probability, judged.line))

    def _is_narrower(self, question: Question, number: int) -> bool:
        document = self.shelf.document(number)
        return bool(document.cites) and asks_more(question, (document.title, document.text))

    @property
    def deciding(self) -> Calibration:
        """What the probabilities are of: the reranker's calibration, if there is a reranker."""
        return (self.second and self.second.fitted.calibration) or self.calibration

    def _strays(self, evidence: Evidence, judged: Judged) -> bool:
        """Whether the first one would answer, and does not speak of what the question names."""
        if judged.probability <= judged.line:
            return False
        passage = self.shelf.passage(int(judged.ranked.passages[0]))
        document = self.shelf.document(int(judged.ranked.owners[0]))
        texts = (document.title, *passage.address, passage.text)
        return beside_the_point(evidence.question, texts)

    def _exact(self, named: exact.Named, allowed: Mask) -> tuple[Hit, ...]:
        """The places that are named, in documents that are; the beginning of a document."""
        found = [
            self._hit(number, probability=1.0, exact=True)
            for owner in self._policies(named, allowed)
            for number in self._places(owner, named)
        ]
        return distinct(found, limit=HITS)

    def _to_come(self, asked: Reading) -> tuple[Hit, ...]:
        """What is named and does not bind yet: it is known, and no answer."""
        found = self._exact(asked.named, ~asked.binding & ~asked.gone)
        return tuple(replace(hit, exact=False, probability=0.0) for hit in found)

    def _policies(self, named: exact.Named, allowed: Mask) -> list[int]:
        """The named documents; only policies if there are any, for others retell their clauses."""
        owners = [number for number in named.documents if allowed[number]]
        policies = [one for one in owners if self.shelf.document(one).kind is Kind.POLICY]
        return policies or owners

    def _places(self, owner: int, named: exact.Named) -> list[int]:
        """Numbers of the passages of a document that are named."""
        numbers = self.shelf.numbers_of(owner).tolist()
        passages = [self.shelf.passage(number) for number in numbers]
        if named.alone and not named.clauses:
            return [numbers[opening(passages)]] if numbers else []
        text = self.shelf.document(owner).text
        return [numbers[at] for one in named.clauses for at in places(one, passages, text)]

    def _lacks(self, asked: Reading) -> bool:
        """Whether a clause is named that the document has not, though it has clauses."""
        if not asked.named.clauses:
            return False
        return self._divided(asked.named, asked.binding)

    def _divided(self, named: exact.Named, allowed: Mask) -> bool:
        """Whether clauses are known of what is named."""
        owners = self._policies(named, allowed)
        passages = [
            [self.shelf.passage(number) for number in self.shelf.numbers_of(owner).tolist()]
            for owner in owners
        ]
        return any(divided(one) for one in passages)

    def _hits(self, judged: Judged, first: Sequence[Hit] = ()) -> tuple[Hit, ...]:
        """The best hits, behind those that are exact."""
        ranked = judged.ranked
        found = (
            self._ranked(ranked, place, judged.probability)
            for place in range(len(ranked.passages))
        )
        return distinct(chain(first, found), limit=HITS)

    def _rule(self, hits: Sequence[Hit], judged: Judged) -> list[Hit]:
        """What was found of the rule that the first hit explains, best first."""
        rules = hits[0].document.interprets if hits else ()
        wanted = {self._keys.ids.get(name) for name in rules}
        owners = enumerate(judged.ranked.owners.tolist())
        places = [place for place, owner in owners if owner in wanted]
        return [self._ranked(judged.ranked, place, judged.probability) for place in places]

    def _ranked(self, ranked: Ranked, place: int, first: float) -> Hit:
        """
        Make a hit; `first` is the calibrated probability of the first candidate.

        A later candidate cannot be likelier than the first: its share of the first one's score
        scales the probability down.
        """
        share = ranked.scores[place] / max(ranked.scores[0], 1e-9)
        return self._hit(
            int(ranked.passages[place]),
            probability=first if place == 0 else float(first * share),
            score=float(ranked.scores[place]),
            keyword=float(ranked.covered[place]),
            vector=float(ranked.cosines[place]),
        )

    def _hit(
        self,
        number: int,
        *,
        probability: float,
        score: float = 0.0,
        keyword: float = 0.0,
        vector: float = 0.0,
        exact: bool = False,
    ) -> Hit:
        [owner] = self.shelf.document_of(np.asarray([number])).tolist()
        document = self.shelf.document(owner)
        successor = self._keys.ids.get(document.superseded_by or "")
        return Hit(
            passage=self.shelf.passage(number),
            document=document,
            score=score,
            keyword=keyword,
            vector=vector,
            probability=probability,
            successor=None if successor is None else self.shelf.document(successor),
            exact=exact,
            family=int(self.legs.family[owner]),
        )


def _marked(hits: Sequence[Hit], asked: Said, line: float) -> tuple[Hit, ...]:
    """The hits, and where each of them that can be shown as an answer answers."""
    return tuple(
        replace(hit, answering=answering(asked, hit.passage.text))
        if hit.probability > line
        else hit
        for hit in hits
    )


def _no_answer(hits: Sequence[Hit], line: float) -> tuple[Hit, ...]:
    """The hits as something to look at, but for those that are named outright."""
    return tuple(
        hit if hit.exact else replace(hit, probability=min(hit.probability, line)) for hit in hits
    )


def _among(allowed: Mask, named: Sequence[int]) -> Mask:
    """Only the documents that the question names, if any of them is allowed."""
    only = np.zeros_like(allowed)
    only[list(named)] = True
    only &= allowed
    return only if only.any() else allowed
