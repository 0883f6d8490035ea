"""Refusal figures, computed by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from index.evaluation.refusal import (
    At,
    Bin,
    Trials,
    area_under_risk,
    at,
    brier,
    calibration_error,
    figures,
    line_for,
    reliability,
    risk_coverage,
    roc,
)


def trials(answerable: Sequence[float], right: Sequence[int], strange: Sequence[float]) -> Trials:
    return Trials(
        answerable=np.asarray(answerable, dtype=float),
        right=np.asarray(right, dtype=bool),
        unanswerable=np.asarray(strange, dtype=float),
    )


# Four answerable questions, of which the second has another document first; four that are not.
SMALL = trials([0.9, 0.8, 0.6, 0.3], [1, 0, 1, 1], [0.7, 0.4, 0.2, 0.1])


def test_only_what_is_above_the_line_is_answered() -> None:
    assert at(SMALL, 0.7) == At(line=0.7, answered=0.5, wrong=0.5, wrongly=0.0)
    assert at(SMALL, 0.65) == At(line=0.65, answered=0.5, wrong=0.5, wrongly=0.25)


def test_where_nothing_is_answered_nothing_is_wrong() -> None:
    assert at(SMALL, 1.0) == At(line=1.0, answered=0.0, wrong=0.0, wrongly=0.0)


@pytest.mark.parametrize(
    ("allowed", "line"), [(0.0, 0.7), (0.24, 0.7), (0.25, 0.4), (0.5, 0.2), (1.0, 0.0)]
)
def test_the_line_lets_no_more_than_that_share_pass(allowed: float, line: float) -> None:
    assert line_for(SMALL, allowed) == line
    assert at(SMALL, line).wrongly <= allowed


def test_equal_probabilities_do_not_pass_the_line_together() -> None:
    same = trials([0.9], [1], [0.5, 0.5, 0.5, 0.1])
    assert line_for(same, 0.5) == 0.5
    assert at(same, 0.5).wrongly == 0.0


def test_the_area_is_the_share_of_pairs_in_the_right_order() -> None:
    """Of 16 pairs the unanswerable one is surer in three: 0.7 over 0.6 and 0.3, 0.4 over 0.3."""
    assert roc(SMALL).area == pytest.approx(13 / 16)
    tied = trials([0.5, 0.9], [1, 1], [0.5])
    assert roc(tied).area == pytest.approx(0.75)  # a tie is half


def test_the_curve_runs_from_corner_to_corner() -> None:
    curve = roc(SMALL)
    assert (curve.x[0], curve.y[0], curve.x[-1], curve.y[-1]) == (0, 0, 1, 1)


def test_risk_is_the_share_of_wrong_answers_so_far() -> None:
    """The surest first: right, wrong, unanswerable, right, unanswerable, right, and two more."""
    curve = risk_coverage(SMALL)
    assert curve.x.tolist() == [n / 8 for n in range(1, 9)]
    expected = [0, 1 / 2, 2 / 3, 2 / 4, 3 / 5, 3 / 6, 4 / 7, 5 / 8]
    assert curve.y.tolist() == pytest.approx(expected)
    assert area_under_risk(SMALL) == pytest.approx(sum(expected) / 8)


def test_risk_does_not_depend_on_the_order_of_equal_probabilities() -> None:
    one = trials([0.5, 0.5], [1, 0], [0.5])
    other = trials([0.5, 0.5], [0, 1], [0.5])
    assert risk_coverage(one).y.tolist() == pytest.approx([2 / 3] * 3)
    assert risk_coverage(other).y.tolist() == risk_coverage(one).y.tolist()


def test_groups_of_equal_mass() -> None:
    low, high = reliability(trials([0.875, 0.625, 0.25], [1, 0, 1], [0.5]), bins=2)
    assert low == Bin(said=0.375, was=0.5, count=2)
    assert high == Bin(said=0.75, was=0.5, count=2)


def test_error_is_nothing_where_probabilities_mean_what_they_say() -> None:
    honest = trials([0.75] * 40, [1] * 30 + [0] * 10, [0.0] * 40)
    assert calibration_error(trials([1.0, 1.0], [1, 1], [0.0])) == 0.0
    assert calibration_error(trials([1.0, 1.0], [0, 0], [1.0])) == 1.0
    assert brier(honest) == pytest.approx((30 * 0.25**2 + 10 * 0.75**2) / 80)


def test_figures_of_what_is_offered_where_the_release_measured_it() -> None:
    told = figures(SMALL, line=0.65, clarify=0.0)
    assert told["clarify"] == 0.0
    assert (told["answered"], told["offered"]) == (0.5, 0.5)
    assert (told["unanswerable_answered"], told["unanswerable_offered"]) == (0.25, 0.75)


def test_flat_figures() -> None:
    assert figures(SMALL, line=0.65) == {
        "answerable": 4,
        "unanswerable": 4,
        "auroc": 0.8125,
        "line_at_5%": 0.7,
        "answered_at_5%": 0.5,
        "wrong_at_5%": 0.5,
        "line": 0.65,
        "answered": 0.5,
        "wrong": 0.5,
        "unanswerable_answered": 0.25,
        "calibration_error": 0.425,
        "brier": 0.25,
        "area_under_risk": 0.4954,
    }
