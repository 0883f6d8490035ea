"""How far probabilities hold, on questions that the fit has not seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.calibration import NAMES, held_out
from index.errors import ReleaseBroken
from index.evaluation.refusal import Bin
from index.reliability import FILE, keep, kept, measured

QUESTIONS = 200


def test_each_question_is_judged_by_a_fit_that_has_not_seen_it() -> None:
    # Features that are chance: a fit that had seen the rows would seem to know them.
    chance = np.random.default_rng(7)
    values = chance.normal(size=(2 * QUESTIONS, len(NAMES)))
    made = np.arange(2 * QUESTIONS) // 2
    right = chance.random(2 * QUESTIONS) < 0.5
    said = held_out(values, right, made)
    assert said is not None
    hits = ((said > 0.5) == right).mean()
    assert 0.4 < hits < 0.6


def test_bins_tell_what_was_said_and_what_was() -> None:
    chance = np.random.default_rng(7)
    absent = np.arange(2 * QUESTIONS) % 2 == 1
    values = np.zeros((2 * QUESTIONS, len(NAMES)))
    values[:, 0] = np.where(absent, 0.0, 1.0) + chance.normal(0, 0.1, 2 * QUESTIONS)
    bins = measured(values, ~absent, absent, np.arange(2 * QUESTIONS) // 2)
    assert [one.count for one in bins] == [40] * 10
    assert (bins[0].was, bins[-1].was) == (0.0, 1.0)
    assert bins[0].said < 0.2
    assert bins[-1].said > 0.8


def test_nothing_is_measured_where_a_fold_leaves_one_kind() -> None:
    right = np.array([True, *([False] * 9)])
    made = np.arange(10)
    assert measured(np.zeros((10, len(NAMES))), right, ~right, made) == ()


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    assert kept(tmp_path) == ()
    keep(tmp_path, [Bin(said=0.25, was=0.5, count=3)])
    assert kept(tmp_path) == [Bin(said=0.25, was=0.5, count=3)]
    (tmp_path / FILE).write_text("[{}]")
    with pytest.raises(ReleaseBroken):
        kept(tmp_path)
