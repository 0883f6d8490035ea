"""
Is more asked about a matter than chance explains? Pure.

The exact conditional test of two Poisson rates (Przyborowski and Wilenski, Biometrika 31, 1940):
if nothing has changed, each of the n citizens fell into the last days with the probability that
these days have, so their number there is binomial. Many matters are tested at once, so what is
called a burst is held to a share of false ones (Benjamini and Hochberg, Journal of the Royal
Statistical Society B 57, 1995).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

RECENT: Final = timedelta(days=7)
WEEKS: Final = timedelta(days=28)  # before them, to compare with
FEWEST: Final = 5  # citizens of the last days; fewer are no concern, and might be known by it
EVEN: Final = 20  # questions that count as if they had come evenly: of a few nothing follows
FALSE_SHARE: Final = 0.05  # of the bursts that are told


def expected_share(recent: int, before: int) -> float:
    """
    The probability that a question falls into the last days if nothing has changed.

    `recent` and `before` count all other questions. Where the service as a whole is used more,
    that explains so much; but where less, that explains nothing.
    """
    by_time = RECENT / (RECENT + WEEKS)
    by_use = (recent + EVEN * by_time) / (recent + before + EVEN)
    return max(by_time, by_use)


def probability(recent: int, before: int, share: float) -> float:
    """That so many or more of them are recent. 1 where there are too few to say."""
    if recent < FEWEST:
        return 1.0
    total = recent + before
    chances = (
        math.exp(
            math.lgamma(total + 1)
            - math.lgamma(count + 1)
            - math.lgamma(total - count + 1)
            + count * math.log(share)
            + (total - count) * math.log1p(-share)
        )
        for count in range(recent, total + 1)
    )
    return min(1.0, math.fsum(chances))


def bursts(probabilities: Sequence[float]) -> frozenset[int]:
    """The places of those that are bursts, in a family of tests."""
    order = sorted(range(len(probabilities)), key=probabilities.__getitem__)
    last = 0
    for rank, place in enumerate(order, start=1):
        if probabilities[place] <= FALSE_SHARE * rank / len(order):
            last = rank
    return frozenset(order[:last])
