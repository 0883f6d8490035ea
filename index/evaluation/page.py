"""
The evaluation as one HTML file that needs nothing else and prints well.

It has the looks of the knowledge report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from index.evaluation import finding, refusal
from index.evaluation.finding import Finding
from index.evaluation.plots import (
    LEFT,
    RIGHT,
    ROW,
    WIDTH,
    Histograms,
    Plot,
    Series,
    curves,
    histograms,
)
from index.evaluation.refusal import Trials
from index.evaluation.report import Evaluation, as_json
from index.evaluation.statuses import table
from index.evaluation.trials import LISTED, REMOVED, Tried, Tries
from knowledge.report.bars import Picture, bars
from knowledge.report.figures import Count
from knowledge.report.template import template

MOST: Final = 40  # rows of a list of questions
_RANKS: Final = (("1", 1, 1), ("2", 2, 2), ("3", 3, 3), ("4 or 5", 4, 5), ("6 to 10", 6, 10))


@dataclass(frozen=True, slots=True)
class Listed:
    """Questions to read, the surest first."""

    title: str
    about: str
    count: int  # of all, of which the first MOST are shown
    tries: Sequence[Tried]

    @property
    def named(self) -> bool:
        """Whether the set names documents that answer these questions."""
        return any(one.relevant for one in self.tries)


def render(evaluation: Evaluation) -> str:
    """Return the page."""
    found, tries = evaluation.found, evaluation.tries
    return template("evaluation.html", package="index.evaluation", decimals=1).render(
        evaluation=evaluation,
        told=as_json(evaluation),
        most=MOST,
        width=WIDTH,
        left=LEFT,
        right=WIDTH - RIGHT,
        row_height=ROW,
        ranks=_places(found.ranks) if found else None,
        best=_places(np.asarray([*found.documents.values()])) if found else None,
        lost=_lost(found) if found else [],
        plots=_plots(tries, evaluation.line) if tries else [],
        histograms=_histograms(tries, evaluation.line) if tries else None,
        lists=_lists(tries, evaluation.line) if tries else [],
        statuses=table(evaluation.cases) if evaluation.cases else None,
        # Alike ones together, the surest first.
        not_right=sorted(
            (case for case in evaluation.cases if not case.right),
            key=lambda case: (case.got, -case.probability),
        ),
    )


def _places(ranks: npt.NDArray[np.int64]) -> Picture:
    counts = [
        Count(name, int(((ranks >= low) & (ranks <= high)).sum())) for name, low, high in _RANKS
    ]
    return bars([*counts, Count("not found", int((ranks == 0).sum()))])


def _lost(found: Finding) -> list[tuple[str, Sequence[str]]]:
    """Documents that no question finds, those of most questions first."""
    pairs = [(one, found.asked[one]) for one in finding.never_found(found)]
    return sorted(pairs, key=lambda pair: -len(pair[1]))


def _plots(tries: Tries, line: float) -> list[Plot]:
    # Two lines at most: a third would need a colour to be told apart.
    trials = {name: one for name, one in tries.trials.items() if name in {REMOVED, LISTED}}
    return [
        curves(
            "Risk and coverage",
            [_risk(name, one, line) for name, one in trials.items()],
            about="Share of wrong answers when the surest questions are answered first; an "
            "unanswerable question that is answered is one. Further down is better. The ring "
            "is the release's line.",
            across="questions answered",
            up="wrong answers",
        ),
        curves(
            "ROC",
            [_roc(name, one, line) for name, one in trials.items()],
            about="Further up and left is better; the thin line is chance. The ring is the "
            "release's line.",
            across="unanswerable, answered",
            up="answerable, answered",
            diagonal=True,
        ),
        curves(
            "Reliability",
            [_reliability(name, one) for name, one in trials.items()],
            about="Ten groups of equally many questions. On the thin line a probability means "
            "what it says.",
            across="probability, mean of the group",
            up="answered by the first passage",
            diagonal=True,
        ),
    ]


def _risk(name: str, trials: Trials, line: float) -> Series:
    curve = refusal.risk_coverage(trials)
    answered = int((trials.probabilities > line).sum())
    if not answered:
        return Series(label=f"{name}: no answer at the line", x=curve.x, y=curve.y)
    x, y = float(curve.x[answered - 1]), float(curve.y[answered - 1])
    label = f"{name}: {x:.0%} answered, {y:.0%} wrong"
    return Series(label=label, x=curve.x, y=curve.y, marks=((x, y),))


def _roc(name: str, trials: Trials, line: float) -> Series:
    curve, own = refusal.roc(trials), refusal.at(trials, line)
    area = f"{name}: area {curve.area:.3f}"
    return Series(label=area, x=curve.x, y=curve.y, marks=((own.wrongly, own.answered),))


def _reliability(name: str, trials: Trials) -> Series:
    groups = refusal.reliability(trials)
    return Series(
        label=f"{name}: error {refusal.calibration_error(trials):.3f}",
        x=np.asarray([one.said for one in groups]),
        y=np.asarray([one.was for one in groups]),
        dots=True,
    )


def _histograms(tries: Tries, line: float) -> Histograms:
    groups = {
        "right document first": [one for one in tries.present if one.right],
        "another document first": [one for one in tries.present if not one.right],
        REMOVED: tries.removed,
        LISTED: tries.strange,
    }
    return histograms(
        "Probabilities",
        [
            (name, np.asarray([one.probability for one in group]))
            for name, group in groups.items()
            if group
        ],
        about="How many questions have which probability, each row by its own scale. What is "
        "right of the upright line is answered.",
        across="probability",
        line=line,
    )


def _lists(tries: Tries, line: float) -> list[Listed]:
    wrong = [one for one in tries.present if not one.right]
    made = [
        _listed("Answered from another document", "The set names other documents.", wrong, line),
        _listed(
            "Answered, though no document should",
            "Read these: the labels of such questions err often, another document may answer.",
            tries.strange,
            line,
        ),
    ]
    return [one for one in made if one.count]


def _listed(title: str, about: str, tries: Sequence[Tried], line: float) -> Listed:
    above = sorted(
        (one for one in tries if one.probability > line), key=lambda one: -one.probability
    )
    return Listed(title, about, len(above), above[:MOST])
