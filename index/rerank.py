"""
A second look at the best candidates: a cross-encoder reads the question beside each of them.

Nogueira and Cho, "Passage Re-ranking with BERT" (2019). Its score is added to that of the first
ranking with a weight, and is one more feature of the probability. Weight and calibration are
fitted at build time with the reranker in place, on the questions that calibrate everything else,
so a model that is no good gets no weight, and the refusal line knows what it does. A release
holds both calibrations: where the model fails, the question is answered as without one.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final, Protocol, Self, TypeAlias

import numpy as np

from index.calibration import NAMES, Calibration, Features, features
from index.errors import EncoderError, ReleaseMismatch
from index.legs import Evidence, Floats, Ints, Legs, Mask
from index.questions import Question
from index.ranking import Ranked, rank

FILE: Final = "reranker.json"
WEIGHTS: Final = (0.1, 0.25, 0.5, 1.0, 2.0)  # tried; the first ranking scores about 0 to 1.5
SURE: Final = 2.0  # standard errors that a gain must have
NOT_READ: Final[Floats] = np.zeros(0)

# Candidates among the allowed documents, and the features of the first.
Look: TypeAlias = Callable[[Evidence, Mask], tuple[Ranked, Features]]

logger = logging.getLogger(__name__)


class Reranker(Protocol):
    """Scores passages by reading each of them together with the question."""

    @property
    def name(self) -> str: ...

    @property
    def revision(self) -> str: ...

    def scores(self, question: str, texts: Sequence[str], /) -> Floats:
        """Return shape (len(texts),), from 0 to 1. Raise EncoderError if the model fails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reranking:
    """The reranker of the settings; without a name there is none."""

    name: str = ""
    top: int = 20  # candidates that it looks at
    batch_size: int = 32
    device: str = "cpu"

    def model(self) -> Reranker:
        from index.encoders.cross import CrossModel  # noqa: PLC0415 - takes seconds

        return CrossModel.load(self.name, batch_size=self.batch_size, device=self.device)

    def load(self, folder: Path) -> SecondLook | None:
        """
        Return what a release was built with, or None where the settings name no reranker.

        Raise ReleaseMismatch if the release was built without one or with another one.
        """
        if not self.name:
            return None
        fitted = Fitted.load(folder)
        self._require("", fitted.name or "none", self.name)
        model = self.model()
        self._require(" revision", fitted.revision, model.revision)
        return SecondLook(model, fitted)

    def _require(self, field: str, found: str, expected: str) -> None:
        if found != expected:
            raise ReleaseMismatch(
                f"reranker{field}",
                expected=expected,
                found=found,
                mend="build it again, or leave RERANKER empty",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """What a release keeps of its reranker. Without a name it was built without one."""

    name: str = ""
    revision: str = ""
    top: int = 0
    weight: float = 0.0
    calibration: Calibration | None = None

    def save(self, folder: Path) -> None:
        text = json.dumps(asdict(self), indent=2)
        (folder / FILE).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        if not (folder / FILE).is_file():
            return cls()
        values = json.loads((folder / FILE).read_text(encoding="utf-8"))
        fitted = values["calibration"]
        fitted["weights"], fitted["names"] = tuple(fitted["weights"]), tuple(fitted["names"])
        return cls(**{**values, "calibration": Calibration(**fitted)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Candidates, and the probability that the first answers with what it is made of."""

    ranked: Ranked
    values: Features  # of the first, shape (len(calibration.names),)
    calibration: Calibration
    probability: float
    read: Floats  # what the reranker says of the first candidates, 0 to 1

    @property
    def line(self) -> float:
        return self.calibration.line

    @classmethod
    def by(
        cls, calibration: Calibration, ranked: Ranked, values: Features, read: Floats = NOT_READ
    ) -> Self:
        return cls(
            ranked=ranked,
            values=values,
            calibration=calibration,
            probability=calibration.probability(values),
            read=read,
        )


NO_RERANKER: Final = Reranking()


class SecondLook:
    def __init__(self, model: Reranker, fitted: Fitted) -> None:
        assert fitted.calibration is not None
        self.fitted = fitted
        self._model = model
        self._calibration = fitted.calibration
        self.failed = False  # at the last question

    def __call__(self, question: Question, ranked: Ranked, legs: Legs) -> Judged | None:
        """Return None if the model fails: the question goes on without it."""
        try:
            scores = candidate_scores(self._model, question, ranked, legs, top=self.fitted.top)
        except EncoderError as error:
            if not self.failed:
                logger.error("%s; questions are answered without it", error)  # noqa: TRY400 - its words are enough
            self.failed = True
            return None
        self.failed = False
        weight = self.fitted.weight
        again, values = reordered(question, ranked, legs, scores, weight=weight)
        read = scores[_order(ranked, scores, weight)[: len(scores)]]
        return Judged.by(self._calibration, again, values, read)


def fit(
    model: Reranker,
    asked: Sequence[tuple[int, Evidence]],
    legs: Legs,
    *,
    top: int,
    vector_weight: float,
    calibrate: Callable[[Look], Calibration],
) -> Fitted:
    """
    Choose the weight by mean 1/rank, then calibrate with it.

    `asked` are questions with the number of the passage that each was made from. `calibrate` is
    given how a question is looked at with the reranker in place. Raise EncoderError if it fails.
    """
    remembering = _Remembering(model)
    everything = np.ones(legs.shelf.documents, dtype=bool)

    def scored(evidence: Evidence, allowed: Mask) -> tuple[Ranked, Floats]:
        ranked = rank(evidence, legs, allowed=allowed, vector_weight=vector_weight)
        return ranked, candidate_scores(remembering, evidence.question, ranked, legs, top=top)

    def look(evidence: Evidence, allowed: Mask) -> tuple[Ranked, Features]:
        ranked, scores = scored(evidence, allowed)
        return reordered(evidence.question, ranked, legs, scores, weight=weight)

    found = [(passage, *scored(evidence, everything)) for passage, evidence in asked]
    weight = _best_weight(found)
    return Fitted(
        name=model.name,
        revision=model.revision,
        top=top,
        weight=weight,
        calibration=replace(calibrate(look), names=(*NAMES, "reranked")),
    )


def _best_weight(found: Sequence[tuple[int, Ranked, Floats]]) -> float:
    """The weight of the best mean 1/rank; 0 if it is no better than chance would have it."""
    without = _reciprocal_ranks(found, 0.0)
    best, most = 0.0, 0.0
    for weight in WEIGHTS:
        gain = _reciprocal_ranks(found, weight) - without
        mean = float(gain.mean()) if len(gain) else 0.0
        if mean > most and mean > SURE * float(gain.std()) / len(gain) ** 0.5:
            best, most = weight, mean
    return best


def _reciprocal_ranks(found: Sequence[tuple[int, Ranked, Floats]], weight: float) -> Floats:
    values = np.zeros(len(found))
    for number, (passage, ranked, scores) in enumerate(found):
        order = _order(ranked, scores, weight)
        places = np.flatnonzero(ranked.passages[order] == passage)
        values[number] = 1 / (1 + int(places[0])) if len(places) else 0.0
    return values


class _Remembering:
    """With its document and without it a question has much the same candidates."""

    def __init__(self, model: Reranker) -> None:
        self._model = model
        self._known: dict[tuple[str, str], float] = {}
        self.name = model.name
        self.revision = model.revision

    def scores(self, question: str, texts: Sequence[str], /) -> Floats:
        new = [text for text in dict.fromkeys(texts) if (question, text) not in self._known]
        if new:
            scores = self._model.scores(question, new).tolist()
            self._known.update(
                ((question, text), score) for text, score in zip(new, scores, strict=True)
            )
        return np.asarray([self._known[question, text] for text in texts])


def candidate_scores(
    model: Reranker, question: Question, ranked: Ranked, legs: Legs, *, top: int
) -> Floats:
    """The model's scores of the first `top` candidates, each read with title and address."""
    numbers = ranked.passages[:top].tolist()
    if not numbers:
        return np.zeros(0)
    owners = ranked.owners[:top].tolist()
    texts = [_read_out(legs, *pair) for pair in zip(numbers, owners, strict=True)]
    return model.scores(question.text, texts)


def reordered(
    question: Question, ranked: Ranked, legs: Legs, scores: Floats, *, weight: float
) -> tuple[Ranked, Features]:
    """
    Put the candidates that have a score in their new order; return the features with it.

    Those without stay behind them. Pairs, and what the document has and lacks, stay those of the
    candidate that was first by keywords: they tell whether the question is one for this library
    at all.
    """
    order = _order(ranked, scores, weight)
    again = replace(
        ranked,
        scores=_fused(ranked, scores, weight)[order],
        passages=ranked.passages[order],
        owners=ranked.owners[order],
        documents=ranked.documents[order],
        windows=ranked.windows[order],
        covered=ranked.covered[order],
        said=ranked.said[order],
        cosines=ranked.cosines[order],
        routed=ranked.routed[order],
    )
    first = float(scores[order[0]]) if len(scores) else 0.0
    return again, np.append(features(question, again, legs.family), first)


def _fused(ranked: Ranked, scores: Floats, weight: float) -> Floats:
    fused = ranked.scores.copy()
    fused[: len(scores)] += weight * scores
    return fused


def _order(ranked: Ranked, scores: Floats, weight: float) -> Ints:
    return np.argsort(-_fused(ranked, scores, weight), kind="stable")


def _read_out(legs: Legs, number: int, owner: int) -> str:
    passage = legs.shelf.passage(number)
    head = (legs.shelf.document(owner).title, *passage.address)
    return "\n".join([*(line for line in head if line), passage.text])
