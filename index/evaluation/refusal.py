"""
How well probabilities tell what can be answered from what cannot.

A question is answered when its probability is above a line, as the bot does. Three things are
asked of the probabilities: that they part the two kinds (ROC: Fawcett, "An introduction to ROC
analysis", 2006), that few of the answers are wrong (risk-coverage: El-Yaniv & Wiener, "On the
foundations of noise-free selective classification", 2010), and that they mean what they say
(Brier 1950; calibration error over bins of equal mass: Nixon et al., "Measuring calibration in
deep learning", 2019).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

BINS: Final = 10  # of the reliability diagram and of the calibration error
ALLOWED: Final = 0.05  # share of the unanswerable questions that may be answered

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trials:
    """Probabilities of questions of both kinds; neither may be empty."""

    answerable: Floats  # shape (answerable,)
    right: Bools  # likewise: whether the first document is a relevant one
    unanswerable: Floats  # shape (unanswerable,)

    @property
    def probabilities(self) -> Floats:
        """Of all, the answerable ones first."""
        return np.concatenate([self.answerable, self.unanswerable])

    @property
    def correct(self) -> Bools:
        """In the same order: whether the first passage would be an answer."""
        return np.concatenate([self.right, np.zeros(len(self.unanswerable), dtype=bool)])


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """What is answered above a line."""

    line: float
    answered: float  # share of the answerable questions
    wrong: float  # share of those answered whose first document is not a relevant one
    wrongly: float  # share of the unanswerable questions that are answered all the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Points from left to right."""

    x: Floats
    y: Floats

    @property
    def area(self) -> float:
        return float(np.trapezoid(self.y, self.x))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Questions of similar probability."""

    said: float  # mean probability
    was: float  # share whose first passage is an answer
    count: int


def at(trials: Trials, line: float) -> At:
    answered = trials.answerable > line
    return At(
        line=line,
        answered=float(answered.mean()),
        wrong=float((~trials.right[answered]).mean()) if answered.any() else 0.0,
        wrongly=float((trials.unanswerable > line).mean()),
    )


def line_for(trials: Trials, allowed: float) -> float:
    """The lowest line with at most this share of the unanswerable questions above it."""
    falling = np.sort(trials.unanswerable)[::-1]
    above = int(allowed * len(falling))
    return float(falling[above]) if above < len(falling) else 0.0


def roc(trials: Trials) -> Curve:
    """Share of the answerable over share of the unanswerable that are answered, for each line."""
    lines = np.unique(trials.probabilities)[::-1]

    def shares(probabilities: Floats) -> Floats:
        rising = np.sort(probabilities)
        reached = 1 - np.searchsorted(rising, lines, side="left") / len(rising)
        return np.concatenate([[0.0], reached])

    return Curve(x=shares(trials.unanswerable), y=shares(trials.answerable))


def risk_coverage(trials: Trials) -> Curve:
    """
    Share of wrong answers over share of all questions answered, the surest first.

    An unanswerable question that is answered is a wrong answer. Among equal probabilities each
    question counts as wrong as all of them on average, for no line can part them.
    """
    lines, group = np.unique(-trials.probabilities, return_inverse=True)
    wrong = np.bincount(group, weights=~trials.correct, minlength=len(lines))
    share = (wrong / np.bincount(group))[np.sort(group)]
    answered = np.arange(1, len(group) + 1)
    return Curve(x=answered / len(group), y=np.cumsum(share) / answered)


def area_under_risk(trials: Trials) -> float:
    """Mean risk over all coverages (AURC): 0 is best."""
    return float(risk_coverage(trials).y.mean())


def reliability(trials: Trials, *, bins: int = BINS) -> list[Bin]:
    """Bins of equal mass, the lowest probabilities first; fewer where there are few questions."""
    order = np.argsort(trials.probabilities, kind="stable")
    said, was = trials.probabilities[order], trials.correct[order]
    return [
        Bin(said=float(said[part].mean()), was=float(was[part].mean()), count=len(part))
        for part in np.array_split(np.arange(len(order)), bins)
        if len(part)
    ]


def calibration_error(trials: Trials) -> float:
    """Mean distance between what is said and what was, over the bins, by their counts (ECE)."""
    bins = reliability(trials)
    total = sum(one.count for one in bins)
    return sum(one.count * abs(one.said - one.was) for one in bins) / total


def brier(trials: Trials) -> float:
    """Mean squared distance of the probabilities from 0 or 1."""
    return float(((trials.probabilities - trials.correct) ** 2).mean())


def figures(trials: Trials, *, line: float, clarify: float | None = None) -> dict[str, float]:
    """Flat figures; `line` is the release's own, and `clarify` above what it offers passages."""
    allowed, own = at(trials, line_for(trials, ALLOWED)), at(trials, line)
    told = {
        "auroc": roc(trials).area,
        "line_at_5%": allowed.line,
        "answered_at_5%": allowed.answered,
        "wrong_at_5%": allowed.wrong,
        "line": own.line,
        "answered": own.answered,
        "wrong": own.wrong,
        "unanswerable_answered": own.wrongly,
        "calibration_error": calibration_error(trials),
        "brier": brier(trials),
        "area_under_risk": area_under_risk(trials),
    }
    if clarify is not None:
        offered = at(trials, clarify)
        told |= {
            "clarify": clarify,
            "offered": offered.answered - own.answered,
            "unanswerable_offered": offered.wrongly - own.wrongly,
        }
    counts = {"answerable": len(trials.answerable), "unanswerable": len(trials.unanswerable)}
    return {**counts, **{name: round(value, 4) for name, value in told.items()}}
