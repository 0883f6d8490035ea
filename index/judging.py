"""Which passages bear on a question, and how likely the first of them answers it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from index.calibration import Calibration, features
from index.lacking import asks_more, beside_the_point
from index.legs import Evidence, Legs, Mask
from index.questions import Question
from index.ranking import Ranked, rank
from index.rerank import Judged, SecondLook

FIRST: Final = 5  # candidates whose document is looked at: whether it answers another question


class Judge:
    """The ranking of a release with its calibration, and with its reranker if it has one."""

    def __init__(self, legs: Legs, calibration: Calibration, second: SecondLook | None) -> None:
        self.calibration = calibration
        self.second = second
        self._legs = legs

    def __call__(self, evidence: Evidence, allowed: Mask) -> Judged:
        """Rank, and tell how likely the first one answers; with the reranker if there is one."""
        ranked = self.rank(evidence, allowed)
        looked = self.second and self.second(evidence.question, ranked, self._legs)
        judged = looked or Judged.by(
            self.calibration, ranked, features(evidence.question, ranked, self._legs.family)
        )
        return (
            replace(judged, probability=judged.line) if self._strays(evidence, judged) else judged
        )

    @property
    def deciding(self) -> Calibration:
        """What the probabilities are of: the reranker's calibration, if there is a reranker."""
        return (self.second and self.second.fitted.calibration) or self.calibration

    def rank(self, evidence: Evidence, allowed: Mask) -> Ranked:
        weight = self.calibration.vector_weight
        return rank(evidence, self._legs, allowed=allowed, vector_weight=weight)

    def without_narrower(self, evidence: Evidence, allowed: Mask) -> Judged:
        """
        As a call, where published answers to another question do not answer.

        One that is first and in whose place nothing else answers may still be offered.
        """
        judged = self(evidence, allowed)
        owners = dict.fromkeys(judged.ranked.owners[:FIRST].tolist())
        narrower = [one for one in owners if self._is_narrower(evidence.question, one)]
        if not narrower:
            return judged
        others = allowed.copy()
        others[narrower] = False
        without = self(evidence, others)
        if judged.ranked.owners[0] not in narrower or without.probability > without.line:
            return without
        return replace(judged, probability=min(judged.probability, judged.line))

    def opinions(self, judged: Judged) -> Mapping[str, float]:
        """
        What the reranker says of each passage that it read, by id, 0 to 1.

        None without a reranker, nor where the build found it no good and gave it no weight.
        """
        if self.second is None or not self.second.fitted.weight:
            return {}
        numbers = judged.ranked.passages[: len(judged.read)].tolist()
        ids = (self._legs.shelf.passage(number).id for number in numbers)
        return dict(zip(ids, judged.read.tolist(), strict=True))

    def _strays(self, evidence: Evidence, judged: Judged) -> bool:
        """Whether the first one would answer, and does not speak of what the question names."""
        if judged.probability <= judged.line:
            return False
        passage = self._legs.shelf.passage(int(judged.ranked.passages[0]))
        document = self._legs.shelf.document(int(judged.ranked.owners[0]))
        texts = (document.title, *passage.address, passage.text)
        return beside_the_point(evidence.question, texts)

    def _is_narrower(self, question: Question, number: int) -> bool:
        document = self._legs.shelf.document(number)
        return bool(document.cites) and asks_more(question, (document.title, document.text))
