"""Which documents are worth a look."""

from __future__ import annotations

import numpy as np
import pytest

from index.ranking import largest


@pytest.mark.parametrize(
    ("scores", "count", "places"),
    [
        ((1.0, 3.0, 2.0), 2, {1, 2}),
        ((1.0, 3.0, 2.0), 9, {0, 1, 2}),
        ((2.0, 3.0, 2.0, 2.0), 2, {0, 1}),  # of equal ones the first
        ((0.0, 3.0, 0.0), 2, {1}),  # what says nothing is not looked at
        ((0.0, 0.0), 1, set()),
        ((), 3, set()),
    ],
)
def test_the_largest_scores_above_nothing(
    scores: tuple[float, ...], count: int, places: set[int]
) -> None:
    found = largest(np.asarray(scores), count)
    assert (set(found.tolist()), len(found)) == (places, len(places))
