"""Two evaluations of one set: is the difference more than chance?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.evaluation.finding import INTERVAL, RESAMPLES, SEED
from index.evaluation.sets import BadSet

MEND = "write one with `index eval SET --json`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Of recall@1, over the questions that both evaluations asked."""

    questions: int
    gained: int  # found first now, and not before
    lost: int
    change: float  # as a share of the questions
    low: float  # bounds of its 95 % confidence interval
    high: float


def compare(now: Mapping[str, int], before: Mapping[str, int]) -> Change:
    """
    Compare ranks by question, 0 for not found; raise BadSet if no question is in both.

    Paired bootstrap (Efron & Tibshirani, 1993): to resample questions that were each gained, lost
    or kept, and to count them, is to draw from a multinomial distribution.
    """
    both = sorted(now.keys() & before.keys())
    if not both:
        raise BadSet("the earlier evaluation asked none of these questions; name one of this set")
    is_first = np.asarray([now[name] == 1 for name in both])
    was_first = np.asarray([before[name] == 1 for name in both])
    gained, lost = int((is_first & ~was_first).sum()), int((was_first & ~is_first).sum())
    count = len(both)
    shares = np.asarray([gained, lost, count - gained - lost]) / count
    drawn = np.random.default_rng(SEED).multinomial(count, shares, RESAMPLES)
    low, high = np.percentile((drawn[:, 0] - drawn[:, 1]) / count, INTERVAL)
    return Change(
        questions=count,
        gained=gained,
        lost=lost,
        change=(gained - lost) / count,
        low=float(low),
        high=float(high),
    )


def read_ranks(path: Path) -> dict[str, int]:
    """The ranks of an earlier evaluation, by question."""
    try:
        ranks = json.loads(path.read_text(encoding="utf-8"))["ranks"]
        return {str(name): int(rank) for name, rank in ranks.items()}
    except OSError as error:
        raise BadSet(f"{path} cannot be read ({error.strerror}); {MEND}") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadSet(f"{path} is no evaluation of a set; {MEND}") from error
