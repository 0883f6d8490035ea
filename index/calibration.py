"""
From features of a result to the probability that its first passage answers the question.

A logistic regression, fitted on questions made from the corpus itself: once with their document
in the index and once with it removed, so that it learns what "not here" looks like. The refusal
line is the probability that all but a stated share of the unanswerable ones stay below; above
another such bound, passages may be offered to choose from.

That the first result stands out from the next ones ("margin", "lead") tells whether a question
can be answered at all: Shtok et al., "Predicting Query Performance by Query-Drift Estimation"
(2012). What the document lacks of the question tells as much.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from index.questions import Question
from index.ranking import Ranked

NAMES: Final = (
    "strength",  # keyword score of document and window, as a share of the most that can be
    "margin",  # to the best document that says something else
    "lead",  # to the mean of the next nine such documents
    "pairs",  # share of the question's pairs of characters, or words, in the best window
    "held",  # share of the question's mass in the document
    "missing",  # how telling the most telling term is that the document lacks
    "unknown",  # share of the question's mass that no document has that might answer
    "cosine",
)
ANSWERED_WRONGLY: Final = 0.02  # of the made questions whose document is not there
# Likewise, of those that passages may be offered for. An offer claims nothing, and a person is
# one press away. With a fifth, 7 of the sample's 34 right offers would be tickets.
OFFERED_WRONGLY: Final = 0.25
NEXT: Final = 9  # documents that the first is compared with
MOST: Final = 4.0  # times the mass: what BM25 gives a term in a document and in a window at most
FEWEST: Final = 40  # made questions; with fewer the line cannot be measured
FOLDS: Final = 5  # of the cross-validation that tells how far the probabilities hold
_FILE: Final = "calibration.json"

Features = npt.NDArray[np.float64]  # shape (questions, len(NAMES))


def features(question: Question, ranked: Ranked, family: npt.NDArray[np.int32]) -> Features:
    """
    Features of the first candidate, shape (len(NAMES),).

    `family` tells of each document which others say the same: they are no rivals.
    """
    if not len(ranked.passages):
        return np.array([1.0 if name == "unknown" else 0.0 for name in NAMES])
    first, *rivals = _best_of_each(ranked, family)[: 1 + NEXT]
    second = max(rivals, default=0.0)
    mean = sum(rivals) / max(1, len(rivals))
    return np.array(
        [
            float(ranked.documents[0] + ranked.windows[0]) / (question.heft * MOST),
            (first - second) / max(first, 1e-6),
            (first - mean) / max(first, 1e-6),
            ranked.pairs,
            ranked.held,
            ranked.missing,
            ranked.unknown,
            float(ranked.cosines[0]),
        ]
    )


def _best_of_each(ranked: Ranked, family: npt.NDArray[np.int32]) -> list[float]:
    """
    The score of the best candidate of each family, in the order of the candidates.

    Without the part of its source: that a bureau is likely tells not that it says the answer.
    """
    _, places = np.unique(family[ranked.owners], return_index=True)
    return [float(score) for score in (ranked.scores - ranked.routed)[np.sort(places)]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Probability = 1 / (1 + exp(-(bias + weights · features))), and the two bounds for it."""

    weights: tuple[float, ...]
    bias: float
    line: float
    clarify: float | None = None  # above it passages may be offered; None: not measured
    vector_weight: float = 0.0
    questions: int = 0  # that it was fitted on; 0: too few, the cautious default
    names: tuple[str, ...] = NAMES

    def probability(self, values: Features) -> float:
        return float(1 / (1 + np.exp(-(self.bias + values @ np.asarray(self.weights)))))

    @classmethod
    def fit(
        cls,
        values: Features,
        right: npt.NDArray[np.bool_],
        absent: npt.NDArray[np.bool_],
        *,
        vector_weight: float,
    ) -> Self:
        """
        Fit on one row a question.

        `right` tells whether its first passage was the answer, `absent` whether its document
        was removed, so that nothing could be.
        """
        model = _model(values, right)
        probabilities = model.predict_proba(values)[:, 1]
        return cls(
            weights=tuple(float(w) for w in model.coef_[0]),
            bias=float(model.intercept_[0]),
            line=float(np.quantile(probabilities[absent], 1 - ANSWERED_WRONGLY)),
            clarify=float(np.quantile(probabilities[absent], 1 - OFFERED_WRONGLY)),
            vector_weight=vector_weight,
            questions=len(right),
        )

    def save(self, folder: Path) -> None:
        text = json.dumps(asdict(self), indent=2)
        (folder / _FILE).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        values = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        values["weights"], values["names"] = tuple(values["weights"]), tuple(values["names"])
        return cls(**values)


def held_out(
    values: Features, right: npt.NDArray[np.bool_], made: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64] | None:
    """
    The probability of each question, said by a fit that has seen no row of its fold.

    `made` tells which question a row belongs to: with its document and without it, it is in one
    fold. None where a fold leaves only questions that end in the same way.
    """
    said = np.zeros(len(right))
    for fold in range(FOLDS):
        inside = made % FOLDS == fold
        rest = right[~inside]
        if not inside.any() or rest.all() or not rest.any():
            return None
        said[inside] = _model(values[~inside], rest).predict_proba(values[inside])[:, 1]
    return said


def _model(values: Features, right: npt.NDArray[np.bool_]) -> LogisticRegression:
    return LogisticRegression(C=1.0, max_iter=1000).fit(values, right)


# Where a corpus is too small to measure: hand-set so that most of a question must be covered.
DEFAULT: Final = Calibration(
    weights=(4.0, 3.0, 1.0, 3.0, 4.0, -1.0, -2.0, 0.0), bias=-5.0, line=0.5
)
