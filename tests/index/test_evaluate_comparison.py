"""Two evaluations of one set, compared question by question."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.evaluation.comparison import compare, read_ranks
from index.evaluation.sets import BadSet


def test_gains_and_losses_are_counted_by_question() -> None:
    now = {"a": 1, "b": 2, "c": 1, "d": 0, "new": 1}
    before = {"a": 5, "b": 1, "c": 1, "d": 3, "old": 1}
    change = compare(now, before)
    assert (change.questions, change.gained, change.lost, change.change) == (4, 1, 1, 0.0)
    assert change.low == -change.high == -0.75


def test_what_did_not_change_is_sure() -> None:
    same = {str(n): n % 3 for n in range(90)}
    change = compare(same, same)
    assert (change.change, change.low, change.high) == (0.0, 0.0, 0.0)


def test_the_interval_of_a_change() -> None:
    """40 gained and 10 lost of 1000: 3 %, give or take 1.96 times sqrt(50 - 0.9) of 1000."""
    before = {str(n): int(n < 10) for n in range(1000)}
    now = {str(n): int(n >= 960) for n in range(1000)}
    change = compare(now, before)
    assert change.change == 0.03
    assert (change.low, change.high) == pytest.approx((0.0163, 0.0437), abs=0.0011)


def test_evaluations_of_different_sets_are_refused() -> None:
    with pytest.raises(BadSet, match="asked none of these questions"):
        compare({"a": 1}, {"b": 1})


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"ranks": []}', '{"ranks": {"a": "first"}}'])
def test_what_is_no_evaluation_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "before.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadSet, match="is no evaluation of a set; write one with"):
        read_ranks(path)
