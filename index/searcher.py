"""One release, ready to search. Immutable: a new release is a new searcher."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import chain

import numpy as np

from index.about import About, weighed, without_heads
from index.amounts import amount_first
from index.calibration import Calibration
from index.clauses import same_clause
from index.conflict import conflicting
from index.distinct import distinct
from index.elsewhere import elsewhere
from index.exact import Keys
from index.explained import with_rule
from index.hits import HITS, HitMaker, marked, no_answer
from index.judging import Judge
from index.legs import Legs, gather
from index.outright import Outright
from index.query import Query, QueryReader
from index.rerank import Judged, SecondLook
from index.sentences import asked_in
from index.types import Away, Found, Hit
from knowledge.fold import fold
from knowledge.types import Passage


class Searcher:
    def __init__(
        self,
        name: str,
        legs: Legs,
        calibration: Calibration,
        keys: Keys,
        *,
        second: SecondLook | None = None,
    ) -> None:
        self.name = name
        self.shelf = legs.shelf
        self.legs = legs
        self.keys = keys
        self.read = QueryReader(legs.shelf, keys)
        self.judge = Judge(legs, calibration, second)
        self._hit = HitMaker(legs, keys.ids)
        self._outright = Outright(legs.shelf, keys.ids, self._hit)

    @property
    def calibration(self) -> Calibration:
        """Of the search without a reranker."""
        return self.judge.calibration

    @property
    def deciding(self) -> Calibration:
        return self.judge.deciding

    @property
    def away(self) -> Away | None:
        """What the last search had to do without."""
        if self.legs.vectors.away:
            return Away.VECTORS
        second = self.judge.second
        return Away.RERANKER if second is not None and second.failed else None

    def __call__(self, question: str, on: date) -> Found:
        """
        Search what binds on that day, and beside it what does not bind any more.

        A question may ask for another day, and may name what it asks for: then that is found,
        whatever the figures say, and what the document does not have is not found elsewhere.
        """
        asked = self.read(question, on)
        certain = self._outright(asked.named, asked.binding)
        gone = () if certain else self._outright(asked.named, asked.gone)
        hits, outdated, by = certain, gone, self.calibration
        if not certain and not gone and asked.named.alone and not asked.in_force:
            hits = self._outright.to_come(asked)
        elif not gone and not (certain and asked.named.alone):
            evidence = gather(self.legs.understand(asked.text), self.legs)
            judged = self.judge.without_narrower(evidence, asked.may_answer)
            by = judged.calibration
            hits = marked(self._chosen(asked, judged, certain), evidence.said, by.line)
            outdated = self._hit.best(self.judge(evidence, asked.may_be_outdated))
            if asked.only_gone:  # it is named: that needs no figures
                outdated = tuple(replace(hit, probability=1.0) for hit in outdated[:1])
        lacks = not certain and not gone and self._outright.divided(asked.named, asked.binding)
        return Found(
            hits=hits,
            outdated=outdated,
            release=self.name,
            line=by.line,
            clarify=by.clarify,
            as_of=asked.on if asked.on != on else None,
            no_such_clause=lacks,
            conflict=self._conflict(asked.text, hits, by.line),
        )

    def follow(self, question: str, about: About, on: date) -> Found:
        """
        Search for what a question asks of the document that the conversation is about.

        A clause that it names is that document's. Nothing is found where the document is not
        here or does not bind on that day, or where the question names another one.
        """
        number = self.keys.ids.get(about.document)
        asked = self.read(question, on)
        nothing = Found(hits=(), release=self.name, line=self.calibration.line)
        if number is None or not asked.binding[number] or asked.named.documents:
            return nothing
        named = self._outright.in_document(number, asked.text, about)
        if named.clauses:
            certain = self._outright(named, asked.binding)
            lacks = not certain and self._outright.divided(named, asked.binding)
            if certain or lacks:
                return replace(nothing, hits=certain, no_such_clause=lacks)
        own = self.legs.understand(asked.text)
        whole = self.legs.understand(f"{about.topic} {asked.text}")
        judged = self.judge(gather(whole, self.legs), asked.binding)
        around = self.legs.family == self.legs.family[number]
        alone = gather(own, self.legs)
        inner = self.judge.rank(alone, asked.binding & around)
        hits: list[Hit] = []
        for ranked, sure in ((judged.ranked, judged.probability), (inner, 0.0)):
            for place in np.flatnonzero(around[ranked.owners]).tolist():
                hit = self._hit.ranked(ranked, place, sure)
                best = ranked is judged.ranked and place == 0
                hits.append(weighed(hit, alone.said, best=best, line=judged.line))
        hits = without_heads(hits)
        hits.sort(key=lambda hit: -hit.probability)  # ties: as ranked
        shown = marked(distinct(hits, limit=HITS), alone.said, judged.line)
        return Found(
            hits=shown,
            release=self.name,
            line=judged.line,
            as_of=asked.on if asked.on != on else None,
            conflict=self._conflict(whole.text, (*shown, *self._hit.best(judged)), judged.line),
        )

    def listed(self, words: str, on: date, *, ended: bool, limit: int) -> tuple[Hit, ...]:
        """
        The best passages for a list of results, of documents that bind on that day.

        With `ended`, of every document, whatever its dates. A list is for reading, not for
        answering: no line is drawn, and what the words name outright comes first.
        """
        asked = self.read(words, on)
        everything = np.ones(self.shelf.documents, dtype=bool)
        allowed = everything if ended else self.shelf.binding(on)
        certain = self._outright(asked.named, allowed)
        judged = self.judge(gather(self.legs.understand(words), self.legs), allowed)
        return self._hit.best(judged, certain, limit=limit)

    def questions(self, document_id: str, on: date) -> tuple[str, ...]:
        """What the documents around one, which bind on that day, ask and answer themselves."""
        number = self.keys.ids.get(document_id)
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
        found = self._place(passage_id)
        if found is None:
            return ()
        number, ordinal = found
        passages = [self.shelf.passage(one) for one in self.shelf.numbers_of(number).tolist()]
        return same_clause(passages, ordinal)

    def passage(self, passage_id: str, on: date) -> Hit | None:
        """
        Return a passage by its id if it is here and binds on that day.

        It was not searched for: its scores are 0.
        """
        found = self._place(passage_id)
        if found is None or not self.shelf.binding(on)[found[0]]:
            return None
        number, ordinal = found
        numbers = self.shelf.numbers_of(number).tolist()
        if ordinal >= len(numbers):
            return None
        return Hit(
            passage=self.shelf.passage(numbers[ordinal]),
            document=self.shelf.document(number),
            score=0.0,
            keyword=0.0,
            vector=0.0,
            probability=0.0,
        )

    def documents(self, question: str, *, limit: int) -> list[str]:
        """Ids of the documents by their best passage, best first, whatever their dates."""
        everything = np.ones(self.shelf.documents, dtype=bool)
        evidence = gather(self.legs.understand(question), self.legs)
        ranked = self.judge(evidence, everything).ranked
        numbers = list(dict.fromkeys(ranked.owners.tolist()))[:limit]
        return [self.shelf.document(number).id for number in numbers]

    def _place(self, passage_id: str) -> tuple[int, int] | None:
        """The number of the document of a passage, and its place in it; None if it is no id."""
        document_id, _, ordinal = passage_id.rpartition("#")
        number = self.keys.ids.get(document_id)
        return None if number is None or not ordinal.isdecimal() else (number, int(ordinal))

    def _conflict(self, question: str, hits: Sequence[Hit], line: float) -> tuple[Hit, Hit] | None:
        return conflicting(question, hits, line=line, changes=self._hit.changes)

    def _chosen(self, asked: Query, judged: Judged, certain: tuple[Hit, ...]) -> tuple[Hit, ...]:
        """The best hits in the order in which they may answer."""
        line = judged.line
        hits = self._hit.best(judged, certain)
        hits = amount_first(asked.text, hits, line=line, opinions=self.judge.opinions(judged))
        rules = self._hit.of_rules(hits, judged)
        hits = with_rule(asked.text, hits, rules, self.legs.documents)
        away = elsewhere(fold(asked.text), self.legs.documents)
        return no_answer(hits, line) if away else hits
