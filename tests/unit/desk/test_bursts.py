"""The test behind hot concerns, against values worked out by hand."""

from __future__ import annotations

import pytest

from bot.desk.concerns.bursts import bursts, expected_share, probability


@pytest.mark.parametrize(
    ("recent", "before", "share", "expected"),
    [
        (5, 0, 0.5, 1 / 32),
        (5, 1, 0.5, 7 / 64),  # five or six of six
        (5, 0, 0.2, 0.00032),
        (4, 0, 0.2, 1.0),  # too few citizens
    ],
)
def test_the_probability_is_the_tail_of_the_binomial(
    recent: int, before: int, share: float, expected: float
) -> None:
    assert probability(recent, before, share) == pytest.approx(expected)


def test_many_recent_ones_stay_a_probability() -> None:
    assert 0 <= probability(4000, 0, 0.2) < 1e-300
    assert probability(800, 3200, 0.2) == pytest.approx(0.51, abs=0.01)


def test_more_use_of_the_service_explains_more_and_less_use_nothing() -> None:
    assert expected_share(0, 0) == 0.2  # one week of five
    assert expected_share(290, 290) == pytest.approx(0.49)
    assert expected_share(1, 99) == 0.2


def test_of_a_service_that_began_this_week_little_can_be_said() -> None:
    assert expected_share(1, 0) == pytest.approx(5 / 21)
    assert expected_share(3000, 0) > 0.99


def test_of_many_tests_few_are_bursts_by_chance() -> None:
    assert bursts([0.04]) == {0}
    assert bursts([0.04, 0.9, 0.9, 0.9]) == frozenset()
    # Benjamini and Hochberg: the largest rank under its line takes those before it along.
    assert bursts([0.024, 0.9, 0.001, 0.037]) == {0, 2, 3}
    assert bursts([]) == frozenset()
