"""
How much two questions are alike, so that nothing is published twice. Pure.

The cosine of the sets of characters, of words where they are written in letters. One word may be
the difference between two matters, so near is not the same: what reaches SAME is refused, and
what reaches ALIKE is shown to whoever approves. On the pairs of
tests/unit/desk/publishing_pairs.py SAME refuses none of the 20 that ask something else and finds
4 of the 18 that ask the same; ALIKE shows all 18.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from knowledge.fold import fold

SAME: Final = 0.94
ALIKE: Final = 0.6
_UNIT: Final = re.compile(r"[a-z0-9]+|\w")


@dataclass(frozen=True, slots=True)
class Alike:
    """What is there already."""

    text: str
    score: float  # 0 shares nothing, 1 has the same characters
    where: str = ""  # what it is: a published answer, or a passage


def likeness(one: str, other: str) -> float:
    first, second = _units(one), _units(other)
    if not first or not second:
        return 0.0
    return len(first & second) / math.sqrt(len(first) * len(second))


def most_alike(question: str, others: Iterable[tuple[str, str]]) -> Alike | None:
    """The one of (text, where) that is most alike, if it reaches ALIKE."""
    scored = (Alike(text, likeness(question, text), where) for text, where in others)
    best = max(scored, key=lambda one: one.score, default=None)
    return best if best is not None and best.score >= ALIKE else None


def _units(text: str) -> frozenset[str]:
    return frozenset(_UNIT.findall(fold(text)))
